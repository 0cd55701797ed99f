"""Tests that Trivy's BOMs are checked like any other, and that whatever keeps it from answering is told with advice."""

from __future__ import annotations

import hashlib
import io
import json
import os
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checker import trivy
from checker.model import Document, Problem, SourceFile
from checker.tree import TreeEntry

BOM = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "components": [
        {
            "type": "application",
            "bom-ref": "f",
            "name": "go.mod",
            "properties": [{"name": "aquasecurity:trivy:Class", "value": "lang-pkgs"}],
        }
    ],
}
INSTALL = "Install Trivy with `pip install 'container-policy-checker[trivy]'`, or put `trivy` on the PATH."


class Folder:
    """Answers as the tree of a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        files = [path for path in root.rglob("*") if path.is_file()]
        self.entries = {
            (name := path.relative_to(root).as_posix()): TreeEntry(name, path.stat().st_size, executable=False)
            for path in files
        }

    def read(self, path: str) -> SourceFile | None:
        return SourceFile(path, (self.root / path).read_bytes())

    def tracks(self, path: str) -> bool:
        raise AssertionError(path)

    def ignores(self, path: str) -> bool:
        return path.startswith("ignored")


@pytest.fixture(name="root")
def _root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    root.mkdir()
    (root / "go.mod").write_text("module example.org/shop\n")
    return root


@pytest.fixture(name="install")
def _install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Install a program that answers as a Trivy would; the PATH has nothing else."""

    def install(version: str = "Version: 0.76.0", code: str = "", answer: Any = BOM) -> None:
        program = tmp_path / "bin" / "trivy"
        program.parent.mkdir(exist_ok=True)
        program.write_text(
            f"#!{sys.executable}\n"
            "import os, sys, time\n"
            f"if sys.argv[1] == '--version':\n    print({version!r})\n    sys.exit()\n"
            f"{code}\n"
            "output = next(word for word in sys.argv if word.startswith('--output=')).partition('=')[2]\n"
            f"open(output, 'w').write({answer if isinstance(answer, str) else json.dumps(answer)!r})\n"
        )
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(program.parent))

    return install


def boms(root: Path, *images: str, timeout: float = 60.0) -> list[Document | Problem]:
    return list(trivy.boms(root, Folder(root), images, timeout))


def test_a_bom_is_checked_as_documents_of_its_lock_files(root: Path, install: Callable[..., None]) -> None:
    install()
    (made,) = boms(root)
    assert isinstance(made, Document)
    assert (made.kind, made.id, made.source.path, made.data) == (
        "sbom",
        "go.mod#bom",
        "go.mod",
        {**BOM, "generated": True},
    )


def test_a_saved_image_is_a_document_of_its_file(root: Path, install: Callable[..., None]) -> None:
    install(code="assert sys.argv[1] == 'fs' or sys.argv[2].endswith('root/b.tar') or sys.exit(3)")
    lock_file, failed, image = boms(root, "b.tar", "a.tar")
    assert isinstance(lock_file, Document)
    advice = "Run `trivy image --format cyclonedx` to see why."
    assert failed == Problem("a.tar", "Trivy failed with exit code 3", advice=advice)
    assert isinstance(image, Document)
    assert (image.id, image.source.content, image.data) == ("b.tar#bom", b"", {**BOM, "generated": True})


def test_trivy_runs_offline_and_without_settings_of_others(
    root: Path, install: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIVY_FORMAT", "table")
    offline = ["--offline-scan", "--skip-db-update", "--skip-java-db-update", "--skip-version-check"]
    install(
        code=f"assert set({[*offline, '--disable-telemetry', '--config=']}) < set(sys.argv)\n"
        "assert not [name for name in os.environ if name.startswith('TRIVY_')]"
    )
    assert [type(made) for made in boms(root)] == [Document]


@pytest.mark.parametrize(
    ("answer", "reason", "advice"),
    [
        ({"version": "Version: 0.75.9"}, "Trivy 0.75.9 is too old, 0.76 is needed", INSTALL),
        ({"version": "no number"}, "Trivy does not tell its version", INSTALL),
        (
            {"code": "print('SECRET', file=sys.stderr); sys.exit(7)"},
            "Trivy failed with exit code 7",
            "Run `trivy fs --format cyclonedx` to see why.",
        ),
        (
            {"code": "time.sleep(60)"},
            "Trivy did not answer within 0.5 seconds",
            "Scan a smaller tree, or give Trivy more time.",
        ),
        *(
            (
                {"answer": answer},
                "Trivy made no valid CycloneDX BOM",
                "Run `trivy fs --format cyclonedx` to see what it makes.",
            )
            for answer in ("", "[]", {"specVersion": "9.9"}, {"specVersion": "1.6", "components": 1})
        ),
        (
            {"code": "sys.exit()"},
            "Trivy made no valid CycloneDX BOM",
            "Run `trivy fs --format cyclonedx` to see what it makes.",
        ),
    ],
)
def test_what_keeps_trivy_from_answering_is_a_problem_with_advice(
    root: Path, install: Callable[..., None], answer: dict[str, Any], reason: str, advice: str
) -> None:
    install(**answer)
    assert boms(root, timeout=0.5 if "sleep" in answer.get("code", "") else 60.0) == [
        Problem("", reason, advice=advice)
    ]


def test_an_absent_trivy_is_a_problem_with_advice(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(root))
    monkeypatch.setattr(sys, "executable", str(root / "python"))
    assert boms(root) == [Problem("", "Trivy is not installed", advice=INSTALL)]


def test_a_trivy_that_cannot_be_started_is_a_problem(root: Path, install: Callable[..., None]) -> None:
    install()
    (root.parent / "bin" / "trivy").write_bytes(b"\x7fELF")
    (told,) = boms(root)
    assert isinstance(told, Problem)
    assert (told.reason, told.advice) == ("Trivy cannot be started: Exec format error", INSTALL)


def test_trivy_is_found_beside_the_interpreter(
    root: Path, install: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    install()
    monkeypatch.setattr(sys, "executable", str(root.parent / "bin" / "python"))
    monkeypatch.setenv("PATH", str(root))
    assert [type(made) for made in boms(root)] == [Document]


def archive(path: Path, *members: str) -> None:
    with tarfile.open(path, "w:gz" if path.suffix == ".gz" else "w") as tar:
        for member in members:
            tar.addfile(tarfile.TarInfo(member), io.BytesIO())


def test_saved_images_are_found_by_what_is_in_them(root: Path) -> None:
    archive(root / "docker.tar", "0/layer.tar", "manifest.json")
    archive(root / "oci.tar.gz", "./oci-layout")
    archive(root / "ignored.tar", "manifest.json")
    archive(root / "other.tar", "chart/manifest.json")
    (root / "broken.tar").write_bytes(b"no archive")
    (root / "broken.tgz").write_bytes(b"\x1f\x8b\x08")
    tree = Folder(root)
    tree.entries["gone.tar"] = TreeEntry("gone.tar", 1, executable=False)
    assert list(trivy.saved_images(root, tree)) == ["docker.tar", "oci.tar.gz"]


@pytest.fixture(name="real")
def _real(program: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    folder = program("trivy").parent
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.usefixtures("real")
def test_the_real_trivy_reads_lock_files_and_a_saved_image(root: Path) -> None:
    (root / "go.mod").write_text("module example.org/shop\n\ngo 1.25\n\nrequire github.com/google/uuid v1.6.0\n")
    save_image(root / "image.tar")
    made = boms(root, "image.tar")
    listed = {
        document.id: [
            (component["name"], component.get("version"), document.locator.locate(("components", index)).start_line)
            for index, component in enumerate(document.data["components"])
        ]
        for document in made
        if isinstance(document, Document)
    }
    assert listed == {
        "go.mod#bom": [("go.mod", None, 1), ("example.org/shop", None, 1), ("github.com/google/uuid", "v1.6.0", 5)],
        "image.tar#bom": [("alpine", "3.20.0", 1), ("musl", "1.2.5-r0", 1)],
    }


def save_image(path: Path) -> None:
    """Write what `docker save` writes for an image with one layer and one package."""
    layer = tar_of(
        {
            "etc/os-release": b'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.20.0\n',
            "etc/alpine-release": b"3.20.0\n",
            "lib/apk/db/installed": b"P:musl\nV:1.2.5-r0\nA:x86_64\no:musl\n\n",
        }
    )
    configuration = {"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": [sha256(layer)]}}
    manifest = [{"Config": "config.json", "RepoTags": ["shop:1"], "Layers": ["layer.tar"]}]
    files = {"config.json": configuration, "manifest.json": manifest}
    path.write_bytes(tar_of({name: json.dumps(value).encode() for name, value in files.items()} | {"layer.tar": layer}))


def sha256(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def tar_of(files: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return written.getvalue()
