"""Tests that the Dockerfile makes the image that the manifests expect, and breaks no rule of ours."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.config import Settings
from checker.webhook import installation, workload
from tests.installations import PLAIN
from tests.scans import scanned

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
DEFAULT = re.search(r"^ARG PYTHON=(\S+)$", DOCKERFILE, re.MULTILINE)
CAN_BUILD = shutil.which("buildah") is not None and os.geteuid() == 0
HOST = ("/bin", "/etc/ssl", "/lib", "/lib64", "/usr", sys.base_prefix)
"""Where this machine has Python and what it needs, for a base image that nobody has to download."""


def instructions(keyword: str) -> list[str]:
    """Return what stands behind a keyword, each instruction as one line."""
    lines = DOCKERFILE.replace("\\\n", "").splitlines()
    return [line.removeprefix(keyword).strip() for line in lines if line.startswith(f"{keyword} ")]


def copied() -> Iterator[str]:
    """Yield the files and folders that enter the image from the context."""
    for instruction in instructions("COPY"):
        *sources, _ = instruction.split()
        yield from (source for source in sources if not instruction.startswith("--from"))


def context(folder: Path) -> Path:
    """Lay out what the image is built from, as `.dockerignore` lets it through."""
    folder.mkdir()
    for name in copied():
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder


def options_of(words: list[str]) -> set[str]:
    """Return the names of the options among words."""
    return {word.strip("[]").partition("=")[0] for word in words if word.strip("[]").startswith("--")}


def test_the_context_is_what_is_copied_and_nothing_else() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert ignored[0] == "*"
    assert {line.removeprefix("!/") for line in ignored if line.startswith("!")} == set(copied())
    assert ignored[-1] == "**/__pycache__/"


def test_the_image_runs_as_the_user_that_the_manifests_name() -> None:
    assert instructions("USER") == [f"{installation.USER}:{installation.USER}"]
    assert instructions("ENTRYPOINT") == ['["checker"]']


@pytest.mark.parametrize(("profile", "digest"), [("default", ""), ("strict", f"@sha256:{'5e' * 32}")])
def test_the_dockerfile_breaks_no_rule_of_ours_once_its_base_is_pinned(
    profile: str, digest: str, tmp_path: Path
) -> None:
    assert DEFAULT
    pinned = DOCKERFILE.replace(DEFAULT[0], f"{DEFAULT[0]}{digest}")
    (tmp_path / "Dockerfile").write_text(pinned, encoding="utf-8")
    (tmp_path / ".dockerignore").write_bytes((ROOT / ".dockerignore").read_bytes())
    report = scanned(tmp_path, Settings(profiles=(profile,)))
    assert (report.findings, report.problems, len(report.scanned)) == ((), (), 1)


@pytest.mark.skipif(CAN_BUILD, reason="the image itself is built")
def test_the_steps_of_the_build_install_a_server(tmp_path: Path) -> None:
    folder = context(tmp_path / "source")
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    for step in instructions("RUN"):
        command = re.sub(r"/(opt|wheel)\b", rf"{tmp_path}/\1", step)
        subprocess.run(["sh", "-c", command], cwd=folder, env=environment, check=True, capture_output=True)
    program = tmp_path / "opt" / "checker" / "bin" / "checker"
    told = subprocess.run([program, "serve", "--help"], check=True, capture_output=True, text=True).stdout
    assert options_of(workload.arguments(PLAIN)) <= options_of(told.split())
    assert not (tmp_path / "opt" / "checker" / "bin" / "pip").exists()


@pytest.mark.skipif(not CAN_BUILD, reason="needs the program buildah, and to be root")
def test_the_image_is_built_and_its_program_starts_without_rights(tmp_path: Path) -> None:
    context(tmp_path / "context")
    store = ["buildah", "--storage-driver=vfs", f"--root={tmp_path}/store", f"--runroot={tmp_path}/run"]
    mounts = [f"--volume={path}:{path}:ro" for path in HOST if Path(path).exists()]

    def buildah(*arguments: str) -> str:
        done = subprocess.run([*store, *arguments], check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    base = buildah("from", "scratch")
    buildah("config", f"--env=PATH={sys.base_prefix}/bin:/usr/bin:/bin", base)
    buildah("commit", "--quiet", base, "localhost/python")
    shutil.copy(ROOT / "Dockerfile", tmp_path / "context")
    shutil.copy(ROOT / ".dockerignore", tmp_path / "context")
    options = ["--isolation=chroot", "--network=host", "--pull-never", "--build-arg=PYTHON=localhost/python"]
    buildah("bud", *options, *mounts, "--tag=localhost/checker", str(tmp_path / "context"))
    container = buildah("from", "--pull-never", "localhost/checker")
    try:
        run = ["run", "--isolation=chroot", *mounts, container, "--"]
        assert buildah(*run, "checker", "--version").startswith("checker ")
        assert (
            buildah(*run, "python3", "-c", "import os; print(os.getuid(), os.getgid())")
            == f"{installation.USER} {installation.USER}"
        )
        told = buildah(*run, "checker", "serve", "--help")
        assert options_of(workload.arguments(PLAIN)) <= options_of(told.split())
    finally:
        buildah("rm", "--all")
