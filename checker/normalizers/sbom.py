"""Turns CycloneDX BOMs, JSON and XML, into documents of one shape."""

from __future__ import annotations

import json as plain_json
import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from checker import secrets
from checker.errors import InputError
from checker.model import Document, Problem
from checker.resources import SCHEMAS
from checker.syntax import json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checker.model import JSON, Path, SecretMark, SourceFile
    from checker.syntax.places import Places
    from checker.text import Region, Text
    from checker.tree import Tree

KIND: str = "sbom"
NAMES: tuple[str, ...] = ("*.cdx.json", "*.cdx.xml")
SUFFIXES: tuple[str, ...] = (".json", ".xml")

_HEAD: Final = 65536
_JSON_BOM: Final = re.compile(r'"bomFormat"\s*:\s*"')
_XML_BOM: Final = re.compile(r"<(?:[\w.-]+:)?bom\s[^>]*http://cyclonedx\.org/schema/bom/")


def recognizes(source: SourceFile) -> bool:
    """Tell whether a text has the format key of a BOM in JSON, or the root element of one in XML."""
    text = source.text.value
    if text.lstrip()[:1] == "<":
        return _XML_BOM.search(text, 0, _HEAD) is not None
    return _JSON_BOM.search(text) is not None


def normalize(source: SourceFile, _tree: Tree) -> Iterator[Document | Problem]:
    """Yield the document of a BOM, or the problem that makes it none."""
    try:
        text = source.text
        data, places = _read_xml(text) if _is_xml(source) else _read_json(text)
        yield _document(source, data, places)
    except InputError as error:
        yield Problem(source.path, error.reason, error.region)


def _is_xml(source: SourceFile) -> bool:
    start = source.text.value.lstrip()[:1]
    return start == "<" or (start != "{" and source.path.lower().endswith(".xml"))


def _document(source: SourceFile, data: JSON, places: Places[Any]) -> Document:
    return Document(
        kind=KIND,
        source=source,
        id=source.path,
        identity=label(data.get("metadata", {}).get("component", {})),
        data=data,
        locator=BOMLocator(places, data),
        secrets=tuple(_marks(source.text, data)),
    )


def label(component: JSON) -> str:
    """Return what a component is known by whatever its version: the package URL without version, or group and name."""
    if purl := component.get("purl", ""):
        return str(re.sub(r"@[^?#/]*(?=[?#]|$)", "", purl))
    return "/".join(part for part in (component.get("group", ""), component.get("name", "")) if part)


def pruned(bom: JSON) -> dict[str, JSON]:
    """Return the parts of a valid BOM in JSON that schemas/documents/sbom.json describes."""
    data = {key: value for key, value in bom.items() if key in _shape()["properties"]}
    if "components" in data:
        data["components"] = [_component(component) for component in data["components"]]
    metadata = data.get("metadata", {})
    if "component" in metadata:
        data["metadata"] = {**metadata, "component": _component(metadata["component"])}
    return data


def _component(component: JSON) -> dict[str, JSON]:
    known = _shape()["definitions"]["component"]["properties"]
    data = {key: value for key, value in component.items() if key in known}
    if "components" in data:
        data["components"] = [_component(nested) for nested in data["components"]]
    return data


@cache
def _shape() -> Any:
    return plain_json.loads((SCHEMAS / "documents" / "sbom.json").read_bytes())


def _read_json(text: Text) -> tuple[JSON, Places[Any]]:
    from checker.syntax import cyclonedx_schemas

    bom = json.parse(text)
    places = json.JSONLocator(text)
    version = bom.get("specVersion") if isinstance(bom, Mapping) else None
    if version not in cyclonedx_schemas.VERSIONS:
        raise InputError(_unread(version), places.locate(("specVersion",)))
    if flaw := cyclonedx_schemas.json_fault(version, bom):
        path, reason = flaw
        raise _invalid(version, reason, places.locate(path))
    return pruned(bom), places


def _read_xml(text: Text) -> tuple[JSON, Places[Any]]:
    from checker.syntax import cyclonedx, cyclonedx_schemas, xml

    root = xml.parse(text)
    bom = cyclonedx.BOM(text, root, _shape())
    version = root.namespace.removeprefix(cyclonedx.NAMESPACE)
    if version not in cyclonedx_schemas.VERSIONS:
        raise InputError(_unread(version), bom.locate(()))
    if flaw := cyclonedx_schemas.xml_fault(version, text.value):
        steps, attribute, reason = flaw
        raise _invalid(version, reason, bom.place(steps, attribute))
    return {"bomFormat": "CycloneDX", "specVersion": version, **bom.value()}, bom


def _invalid(version: str, reason: str, region: Region) -> InputError:
    return InputError(f"is no valid CycloneDX {version} BOM: {reason}", region)


def _unread(version: object) -> str:
    from checker.syntax.cyclonedx_schemas import VERSIONS

    read = f"{VERSIONS[0]} to {VERSIONS[-1]}"
    known = re.fullmatch(r"\d+\.\d+", str(version))
    return (
        f"is a CycloneDX {version} BOM, and only {read} are read" if known else f"is no CycloneDX BOM of version {read}"
    )


def _marks(text: Text, data: JSON) -> Iterator[SecretMark]:
    """Mark secrets in what a BOM says in free words: properties, descriptions and the addresses of references."""
    if not secrets.may_hold_secret(text.value):
        return
    waiting: list[tuple[Path, str, JSON]] = [((), "", data)]
    while waiting:
        path, name, value = waiting.pop()
        if isinstance(value, str):
            yield from secrets.marks(path, name, value)
        elif isinstance(value, Mapping):
            waiting += [
                ((*path, key), str(value.get("name", "")) if key == "value" else "", item)
                for key, item in value.items()
            ]
        elif isinstance(value, list):
            waiting += [((*path, index), "", item) for index, item in enumerate(value)]


class Located(Protocol):
    """Turns the paths of a BOM into places."""

    def locate(self, path: Path) -> Region:
        """Return the region of a path, or of its nearest existing ancestor."""


class BOMLocator(NamedTuple):
    """Locates paths of a BOM by its `places`, and names its components by what they are known by."""

    places: Located
    data: JSON

    def locate(self, path: Path) -> Region:
        """Return the region of a path, or of its nearest existing ancestor."""
        return self.places.locate(path)

    def name(self, path: Path) -> str:
        """Return the path with components, licenses and vulnerabilities named instead of numbered."""
        node, named = self.data, ""
        for step in path:
            if isinstance(node, (list, dict)):
                node = _member(node, step)
            named += f"[{_title(node)}]" if isinstance(step, int) else f".{step}"
        return named.removeprefix(".")


def _member(node: JSON, step: str | int) -> JSON:
    if isinstance(node, dict):
        return node.get(str(step))
    return node[step] if isinstance(step, int) and step < len(node) else None


def _title(item: JSON) -> str:
    """Name an item of a list by what moved neighbours leave alone; where there is nothing, equal names are numbered."""
    if not isinstance(item, Mapping):
        return ""
    license_ = item.get("license", {})
    return str(
        label(item) or item.get("id") or item.get("expression") or license_.get("id") or license_.get("name", "")
    )
