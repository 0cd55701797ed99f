"""Tests that JSON is judged by schemas in words that quote no value."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checker.syntax import schema

LOCAL = {
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "minLength": 2, "pattern": "^[a-z]*$"},
        "kind": {"enum": ["x", "y"]},
        "one": {"const": 1},
        "time": {"type": "string", "format": "date-time"},
        "size": {"type": ["integer", "null"], "maximum": 5},
        "list": {"type": "array", "uniqueItems": True, "items": {"$ref": "http://example.org/item.json"}},
        "choice": {"oneOf": [{"type": "object", "properties": {"deep": {"enum": ["z"]}}}, {"type": "string"}]},
        "flat": {"anyOf": [{"type": "integer"}, {"type": "boolean"}]},
    },
}
ITEM = {"type": ["integer", "object"], "required": ["id"]}


@pytest.fixture(name="validator")
def _validator(tmp_path: Path) -> Any:
    for name, content in (("local", LOCAL), ("item", ITEM)):
        (tmp_path / f"{name}.json").write_text(json.dumps(content))
    return schema.compiled(tmp_path / "local.json", {"http://example.org/item.json": tmp_path / "item.json"})


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ({"name": "ab", "time": "2026-01-01T00:00:00Z", "size": None, "list": [1, {"id": 2}], "choice": "c"}, None),
        ([], ((), "the document is not of type object")),
        ({}, ((), "the document lacks `name`")),
        ({"name": "ab", "other": 1}, (("other",), "`other` is not known here")),
        ({"name": 1}, (("name",), "`name` is not of type string")),
        ({"name": "a"}, (("name",), "`name` is too short")),
        ({"name": "SECRET"}, (("name",), "`name` does not have the form required here")),
        ({"name": "ab", "kind": "SECRET"}, (("kind",), "`kind` is none of the values allowed here")),
        ({"name": "ab", "one": 2}, (("one",), "`one` is not the value required here")),
        ({"name": "ab", "time": "SECRET"}, (("time",), "`time` is no valid date-time")),
        ({"name": "ab", "size": "SECRET"}, (("size",), "`size` is not of type integer or null")),
        ({"name": "ab", "size": 6}, (("size",), "`size` is more than 5")),
        ({"name": "ab", "list": [1, 1]}, (("list",), "`list` has two equal items")),
        ({"name": "ab", "list": ["SECRET"]}, (("list", 0), "an item of `list` is not of type integer or object")),
        ({"name": "ab", "list": [{}]}, (("list", 0), "an item of `list` lacks `id`")),
        (
            {"name": "ab", "choice": 1},
            (("choice",), "`choice` has none of the shapes allowed here, or mixes two of them"),
        ),
        (
            {"name": "ab", "choice": {"deep": "SECRET"}},
            (("choice", "deep"), "`deep` is none of the values allowed here"),
        ),
        ({"name": "ab", "flat": "SECRET"}, (("flat",), "`flat` has none of the shapes allowed here")),
    ],
)
def test_the_first_defect_is_told_with_its_path(validator: Any, value: Any, fault: Any) -> None:
    assert schema.fault(validator, value) == fault
