"""Divides the BOM that Trivy made of a tree among the lock files of the tree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from checker import secrets
from checker.errors import InputError
from checker.model import Document, Problem, SecretMark
from checker.normalizers import sbom
from checker.text import FIRST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checker.model import JSON, Path, SourceFile
    from checker.text import Region, Text
    from checker.tree import Tree

_FILE: Final = "aquasecurity:trivy:FilePath"
_CLASS: Final = "aquasecurity:trivy:Class"
_TEXT: Final = "text"
"""The first step of the paths that mark a secret in a lock file's text, of which the BOM has no part."""


def documents(bom: JSON, tree: Tree) -> Iterator[Document | Problem]:
    """Split the BOM of a tree by the files that its components were found in, of those that the scan saw."""
    for path, components in sorted(_by_file(bom).items()):
        source = tree.read(path) if path in tree.entries and not tree.ignores(path) else None
        if source is None:
            continue
        try:
            yield document(source, {**bom, "components": components})
        except InputError as error:
            yield Problem(path, error.reason, error.region)


def _by_file(bom: JSON) -> dict[str, list[JSON]]:
    """Give each file its components in the BOM's order.

    A lock file is a component of type application, of which the packages in it are dependencies; a package that was
    found by itself names its file in a property.
    """
    components = bom.get("components", [])
    needs = {entry["ref"]: entry.get("dependsOn", []) for entry in bom.get("dependencies", [])}
    found: dict[str, list[JSON]] = {}
    for file in components:
        if _property(file, _CLASS):
            reached = _reached(file["bom-ref"], needs)
            found[file["name"]] = [component for component in components if component["bom-ref"] in reached]
    for component in components:
        if path := _property(component, _FILE):
            listed = found.setdefault(path, [])
            if component not in listed:
                listed.append(component)
    return found


def _reached(start: str, needs: dict[str, list[str]]) -> set[str]:
    reached, waiting = {start}, [start]
    while waiting:
        new = set(needs.get(waiting.pop(), [])) - reached
        reached |= new
        waiting += new
    return reached


def _property(component: JSON, name: str) -> str:
    return next((entry.get("value", "") for entry in component.get("properties", []) if entry["name"] == name), "")


def document(source: SourceFile, bom: JSON) -> Document:
    """Make the document of a BOM whose components stand in a file; raises `InputError` where that is no text."""
    data = {key: value for key, value in bom.items() if key not in {"metadata", "serialNumber"}}
    return Document(
        kind=sbom.KIND,
        source=source,
        id=f"{source.path}#bom",
        identity="",
        data=data,
        locator=sbom.BOMLocator(LockFile(source.text, data), data),
        secrets=tuple(_marks(source.text)),
    )


def _marks(text: Text) -> Iterator[SecretMark]:
    """Mark secrets in a lock file, whose lines are shown with findings: some hold registries with a password."""
    end = 0
    for found in secrets.scan_text((), text.value):
        start = text.value.index(found.value, end)
        end = start + len(found.value)
        yield SecretMark((_TEXT, start, end), found.type, found.value)


@dataclass(frozen=True, slots=True)
class LockFile:
    """Locates the components of a BOM in the lock file that they were read from."""

    text: Text
    data: JSON

    def locate(self, path: Path) -> Region:
        """Return the region of a component's name, if there is one beside its version, else the start."""
        match path:
            case (str(step), int(start), int(end)) if step == _TEXT:
                return self.text.region(start, end)
            case ("components", int(index), *_):
                return self._named(self.data["components"][index])
            case _:
                return FIRST

    def _named(self, component: JSON) -> Region:
        name = "/".join(part for part in (component.get("group", ""), component["name"]) if part)
        version = component.get("version", "").removeprefix("v")
        first = None
        for match in re.finditer(rf"(?<![\w.@-]){re.escape(name)}(?![\w./-])", self.text.value):
            region = self.text.region(*match.span())
            first = first or region
            if version and version in self._lines(region.start_line):
                return region
        return first or FIRST

    def _lines(self, number: int) -> str:
        """Return a line and the next one: JSON and TOML have the version below the name."""
        return "\n".join(self.text.line(line) for line in range(number, min(number + 1, self.text.line_count) + 1))
