"""Tests that the BOM that Trivy made of a tree is divided among its lock files, with the line of each package."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from checker import lockfiles
from checker.model import Document, Path, Problem, SecretMark, SourceFile
from checker.text import FIRST, Region
from checker.tree import TreeEntry

TOKEN = "ghp_" + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0xR3kLm"
GO_MOD = (
    "module example.org/shop\n\nrequire (\n\tgithub.com/google/uuid/v2 v2.0.0\n\tgithub.com/google/uuid v1.6.0\n)\n"
)
PACKAGE_LOCK = (
    '{"packages": {\n  "": {"dependencies": {"pad": "1", "left-pad": "^1"}},\n  "node_modules/left-pad": {\n'
    f'    "version": "1.3.0",\n    "resolved": "https://x:{TOKEN}@registry.example/left-pad"\n  }}\n}}}}\n'
)


class Files:
    """Answers as a tree of the given texts; files named `ignored…` are ignored."""

    def __init__(self, texts: Mapping[str, bytes]) -> None:
        self.texts = texts
        self.entries = {path: TreeEntry(path, len(text), executable=False) for path, text in texts.items()}

    def read(self, path: str) -> SourceFile | None:
        return SourceFile(path, self.texts[path]) if self.texts[path] != b"unreadable" else None

    def tracks(self, path: str) -> bool:
        raise AssertionError(path)

    def ignores(self, path: str) -> bool:
        return path.startswith("ignored")


def lock_file(ref: str, path: str) -> dict[str, Any]:
    properties = [{"name": "aquasecurity:trivy:Class", "value": "lang-pkgs"}]
    return {"type": "application", "bom-ref": ref, "name": path, "properties": properties}


def package(ref: str, **fields: Any) -> dict[str, Any]:
    return {"type": "library", "bom-ref": ref, "name": ref, "version": "1", **fields}


def bom(components: list[Any], needs: Mapping[str, list[str]]) -> dict[str, Any]:
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": "urn:uuid:0",
        "metadata": {"timestamp": "2026-01-01T00:00:00Z"},
        "generated": True,
        "components": components,
        "dependencies": [{"ref": ref, "dependsOn": refs} for ref, refs in needs.items()],
    }


def only(made: list[Document | Problem]) -> Document:
    (document,) = made
    assert isinstance(document, Document)
    return document


def test_each_lock_file_has_the_packages_that_it_reaches() -> None:
    first, second = lock_file("f1", "b/go.mod"), lock_file("f2", "a/go.sum")
    a, b, c, d = package("a"), package("b"), package("c"), package("d")
    needs = {"f1": ["a"], "a": ["b"], "b": ["a"], "f2": ["c", "b"]}
    whole = bom([first, second, a, b, c, d], needs)
    made = list(lockfiles.documents(whole, Files({"b/go.mod": b"", "a/go.sum": b""})))
    kept = {"bomFormat": "CycloneDX", "specVersion": "1.6", "generated": True, "dependencies": whole["dependencies"]}
    assert [(one.id, one.identity, one.kind, one.data) for one in made if isinstance(one, Document)] == [
        ("a/go.sum#bom", "", "sbom", {**kept, "components": [second, a, b, c]}),
        ("b/go.mod#bom", "", "sbom", {**kept, "components": [first, a, b]}),
    ]


def test_a_package_that_was_found_by_itself_stands_in_its_file() -> None:
    found = [{"name": "aquasecurity:trivy:FilePath", "value": "lib/a.jar"}]
    jar = package("a", properties=found)
    both = package("b", properties=[*found, {"name": "other"}])
    made = only(list(lockfiles.documents(bom([jar, both, package("c")], {}), Files({"lib/a.jar": b""}))))
    assert (made.id, made.data["components"]) == ("lib/a.jar#bom", [jar, both])


def test_a_package_is_listed_once_in_a_file() -> None:
    file = lock_file("f", "a.lock")
    listed = package("a", properties=[{"name": "aquasecurity:trivy:FilePath", "value": "a.lock"}])
    made = only(list(lockfiles.documents(bom([file, listed], {"f": ["a"]}), Files({"a.lock": b""}))))
    assert made.data["components"] == [file, listed]


def test_files_that_the_scan_does_not_check_are_left_out() -> None:
    names = ["ignored.lock", "elsewhere.lock", "unreadable.lock"]
    files = Files({"ignored.lock": b"", "unreadable.lock": b"unreadable"})
    assert list(lockfiles.documents(bom([lock_file(name, name) for name in names], {}), files)) == []


def test_a_lock_file_that_is_no_text_is_a_problem() -> None:
    made = list(lockfiles.documents(bom([lock_file("f", "a.lock")], {}), Files({"a.lock": b"a\xff"})))
    assert made == [Problem("a.lock", "byte 0xff is not UTF-8", Region(1, 2, 1, 2))]


@pytest.mark.parametrize(
    ("text", "component", "region"),
    [
        (GO_MOD, {"name": "github.com/google/uuid", "version": "v1.6.0"}, Region(5, 2, 5, 24)),
        (GO_MOD, {"name": "github.com/google/uuid", "version": "v9.9.9"}, Region(5, 2, 5, 24)),
        (GO_MOD, {"name": "example.org/shop"}, Region(1, 8, 1, 24)),
        (GO_MOD, {"name": "stdlib", "version": "v1.25.0"}, FIRST),
        (PACKAGE_LOCK, {"name": "left-pad", "version": "1.3.0"}, Region(3, 17, 3, 25)),
        (PACKAGE_LOCK, {"name": "pad", "version": "1"}, Region(2, 26, 2, 29)),
        (
            '"@acme/ui@^1":\n  version "1.0.2"',
            {"group": "@acme", "name": "ui", "version": "1.0.2"},
            Region(1, 2, 1, 10),
        ),
        ("a", {"name": "a", "version": "2"}, Region(1, 1, 1, 2)),
    ],
)
def test_a_package_is_where_its_name_stands_beside_its_version(text: str, component: Any, region: Region) -> None:
    made = lockfiles.document(SourceFile("lock", text.encode()), bom([package("x", **component)], {}))
    assert made.locator.locate(("components", 0, "version")) == region


@pytest.mark.parametrize("path", [(), ("metadata",), ("dependencies", 0)])
def test_what_is_no_package_is_at_the_start(path: Path) -> None:
    made = lockfiles.document(SourceFile("lock", b"\n\nx"), bom([], {}))
    assert made.locator.locate(path) == FIRST


def test_secrets_of_a_lock_file_are_marked_in_its_text() -> None:
    made = lockfiles.document(SourceFile("lock", PACKAGE_LOCK.encode()), bom([], {}))
    start = PACKAGE_LOCK.index(TOKEN)
    assert made.secrets == (SecretMark(("text", start, start + len(TOKEN)), "token", TOKEN),)
    assert made.locator.locate(made.secrets[0].path) == Region(5, 28, 5, 68)
