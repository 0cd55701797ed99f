"""Lets Trivy make BOMs of a tree and of saved images."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path as File
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from checker import lockfiles
from checker.errors import InputError
from checker.model import Problem, SourceFile
from checker.normalizers import sbom
from checker.syntax import cyclonedx_schemas, json
from checker.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from checker.model import JSON, Document
    from checker.tree import Tree

OLDEST: Final = (0, 76)
"""The oldest version of Trivy whose answers are tested."""

_INSTALL: Final = "Install Trivy with `pip install 'container-policy-checker[trivy]'`, or put `trivy` on the PATH."
_OFFLINE: Final = (
    "--config=",
    "--format=cyclonedx",
    "--offline-scan",
    "--skip-db-update",
    "--skip-java-db-update",
    "--skip-version-check",
    "--disable-telemetry",
    "--quiet",
)
_VERSION: Final = re.compile(r"(\d+)\.(\d+)\.\d+")
_VERSION_TIMEOUT: Final = 30.0


class _UnansweredError(Exception):
    """Says why Trivy gave no BOM, and what to do about it."""

    def __init__(self, reason: str, advice: str) -> None:
        super().__init__(reason)
        self.advice = advice


def boms(root: File, tree: Tree, images: Sequence[str], timeout: float) -> Iterator[Document | Problem]:
    """Yield a document for each lock file of the tree that Trivy knows and for each saved image, in the order of paths.

    `images` are paths of archives (`docker save`, OCI layout) relative to the root; `timeout` is in seconds for each
    run of Trivy, which sends nothing anywhere. Whatever keeps Trivy from answering is a problem.
    """
    try:
        program = _program()
        bom = _run(program, ["fs", str(root)], timeout)
    except _UnansweredError as error:
        yield Problem("", str(error), advice=error.advice)
        return
    yield from lockfiles.documents(bom, tree)
    for path in sorted(images):
        try:
            bom = _run(program, ["image", f"--input={root / path}"], timeout)
        except _UnansweredError as error:
            yield Problem(path, str(error), advice=error.advice)
            continue
        yield lockfiles.document(SourceFile(path, b""), bom)


def saved_images(root: File, tree: Tree) -> Iterator[str]:
    """Yield the paths of the archives in the tree that hold an image (`docker save`, OCI layout), by their members."""
    for path in sorted(tree.entries):
        if path.endswith((".tar", ".tar.gz", ".tgz")) and not tree.ignores(path) and _holds_image(root / path):
            yield path


def _holds_image(archive: File) -> bool:
    try:
        with tarfile.open(archive) as members:
            return any(member.name.removeprefix("./") in {"manifest.json", "oci-layout"} for member in members)
    except (OSError, EOFError, tarfile.TarError):
        return False


def _program() -> str:
    """Find a Trivy that is new enough, on the PATH or beside the running interpreter."""
    program = shutil.which("trivy") or shutil.which("trivy", path=str(File(sys.executable).parent))
    if program is None:
        message = "Trivy is not installed"
        raise _UnansweredError(message, _INSTALL)
    told = _VERSION.search(_call([program, "--version"], _VERSION_TIMEOUT).decode(errors="replace"))
    if told is None:
        message = "Trivy does not tell its version"
        raise _UnansweredError(message, _INSTALL)
    if (int(told[1]), int(told[2])) < OLDEST:
        message = f"Trivy {told[0]} is too old, {OLDEST[0]}.{OLDEST[1]} is needed"
        raise _UnansweredError(message, _INSTALL)
    return program


def _run(program: str, arguments: Sequence[str], timeout: float) -> JSON:
    """Return the BOM that Trivy makes, judged by CycloneDX's schema."""
    with TemporaryDirectory(prefix="checker-") as folder:
        answer = File(folder) / "bom.json"
        places = [f"--cache-dir={folder}", f"--output={answer}", f"--timeout={int(timeout) + 1}s"]
        _call([program, *arguments, *_OFFLINE, *places], timeout)
        try:
            bom = json.parse(Text.decode(answer.read_bytes()))
        except (OSError, InputError):
            bom = None
    version = bom.get("specVersion") if isinstance(bom, dict) else None
    if version not in cyclonedx_schemas.VERSIONS or cyclonedx_schemas.json_fault(version, bom) is not None:
        message = "Trivy made no valid CycloneDX BOM"
        raise _UnansweredError(message, f"Run `trivy {arguments[0]} --format cyclonedx` to see what it makes.")
    return {**sbom.pruned(bom), "generated": True}


def _call(command: Sequence[str], timeout: float) -> bytes:
    """Run Trivy without its own settings; what it prints may quote files, so that nobody is shown it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRIVY_")}
    try:
        done = subprocess.run(command, env=environment, capture_output=True, timeout=timeout, check=True)
    except subprocess.TimeoutExpired:
        message = f"Trivy did not answer within {timeout:g} seconds"
        raise _UnansweredError(message, "Scan a smaller tree, or give Trivy more time.") from None
    except subprocess.CalledProcessError as error:
        message = f"Trivy failed with exit code {error.returncode}"
        raise _UnansweredError(message, f"Run `trivy {command[1]} --format cyclonedx` to see why.") from None
    except OSError as error:
        message = f"Trivy cannot be started: {error.strerror}"
        raise _UnansweredError(message, _INSTALL) from None
    return done.stdout
