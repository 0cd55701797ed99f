"""Judges JSON values by JSON schemas."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path as File

    from jsonschema_rs import Draft7Validator, ValidationError

    from checker.model import JSON, Path


def compiled(schema: File, referenced: Mapping[str, File] | None = None) -> Draft7Validator:
    """Compile a draft 7 schema from a file; `referenced` has the files of the schemas it refers to by their address."""
    import jsonschema_rs

    others = [(address, json.loads(file.read_bytes())) for address, file in (referenced or {}).items()]
    registry = jsonschema_rs.Registry(others, draft=jsonschema_rs.Draft7)
    return jsonschema_rs.Draft7Validator(json.loads(schema.read_bytes()), registry=registry, validate_formats=True)


def fault(validator: Draft7Validator, value: JSON) -> tuple[Path, str] | None:
    """Return the path of a value's first defect and a reason that quotes nothing but keys, or None for a valid one."""
    error = next(iter(validator.iter_errors(value)), None)
    if error is None:
        return None
    error = _narrowest(error)
    path = tuple(error.instance_path)
    kind: Any = error.kind
    if kind.name == "additionalProperties":
        path = (*path, kind.unexpected[0])
    return path, f"{_subject(path)} {_complaint(kind)}"


def _narrowest(error: ValidationError) -> ValidationError:
    """Follow a failed choice into the alternative that comes closest: the one whose first error lies deepest."""
    while branches := [branch[0] for branch in getattr(error.kind, "context", ()) if branch]:
        deepest = max(branches, key=lambda branch: len(branch.instance_path))
        if len(deepest.instance_path) <= len(error.instance_path):
            return error
        error = deepest
    return error


def _subject(path: Path) -> str:
    key = next((key for key in reversed(path) if isinstance(key, str)), None)
    if key is None:
        return "the document"
    return f"`{key}`" if path[-1] == key else f"an item of `{key}`"


_COMPLAINTS: Mapping[str, Callable[[Any], str]] = {
    "additionalProperties": lambda _kind: "is not known here",
    "enum": lambda _kind: "is none of the values allowed here",
    "const": lambda _kind: "is not the value required here",
    "format": lambda kind: f"is no valid {kind.format}",
    "minimum": lambda kind: f"is less than {kind.limit:g}",
    "maximum": lambda kind: f"is more than {kind.limit:g}",
    "minLength": lambda _kind: "is too short",
    "pattern": lambda _kind: "does not have the form required here",
    "required": lambda kind: f"lacks `{kind.property}`",
    "type": lambda kind: f"is not of type {_listed(kind.types)}",
    "uniqueItems": lambda _kind: "has two equal items",
    "oneOf": lambda _kind: "has none of the shapes allowed here, or mixes two of them",
    "anyOf": lambda _kind: "has none of the shapes allowed here",
}


def _complaint(kind: Any) -> str:
    complaint = _COMPLAINTS.get(kind.name)
    return complaint(kind) if complaint else f"breaks the rule `{kind.name}` of the schema"


def _listed(types: Iterable[str]) -> str:
    return " or ".join(sorted(types))
