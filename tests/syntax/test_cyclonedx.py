"""Tests that the whole value of each node of a BOM in XML is known, not only the token that names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from checker.syntax import cyclonedx, xml
from checker.text import Text

if TYPE_CHECKING:
    from checker.model import Path

CONTENT = (
    '<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="2">\n'
    "  <authors><author><name>A</name></author></authors><tag/>\n"
    "</bom>"
)
SCHEMA = {
    "type": "object",
    "properties": {
        "version": {"type": "integer"},
        "trusted": {"type": "boolean"},
        "authors": {"type": "array", "items": {"$ref": "#/definitions/author"}},
        "tag": {"type": "string"},
    },
    "definitions": {"author": {"type": "object", "properties": {"name": {"type": "string"}}}},
}


@pytest.mark.parametrize(
    ("path", "whole"),
    [
        ((), CONTENT),
        (("version",), '"2"'),
        (("authors",), "<authors><author><name>A</name></author></authors>"),
        (("authors", 0), "<author><name>A</name></author>"),
        (("tag",), "<tag/>"),
        (("missing",), None),
        (("tag", "deeper"), None),
    ],
)
def test_a_node_extends_over_its_element_or_attribute(path: Path, whole: str | None) -> None:
    text = Text(CONTENT)
    span = cyclonedx.BOM(text, xml.parse(text), SCHEMA).span(path)
    assert (CONTENT[slice(*span)] if span else None) == whole


@pytest.mark.parametrize(("written", "value"), [("true", True), ("1", True), ("false", False), ("0", False)])
def test_booleans_are_read_as_xml_writes_them(written: str, value: bool) -> None:  # noqa: FBT001 - a case
    text = Text(CONTENT.replace("<tag/>", f"<trusted> {written} </trusted>"))
    assert cyclonedx.BOM(text, xml.parse(text), SCHEMA).value() == {
        "version": 2,
        "authors": [{"name": "A"}],
        "trusted": value,
    }
