"""Turns the METADATA of rules into what Python knows of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from checker import resources
from checker.errors import CheckerError
from checker.model import Parameter, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def by_package(inspection: Any) -> dict[tuple[str, ...], Any]:
    """Return the annotations of packages from what `opa inspect --annotations --format json` prints."""
    return {
        tuple(str(term["value"]) for term in entry["path"][1:]): entry["annotations"]
        for entry in inspection.get("annotations", [])
        if entry["annotations"]["scope"] == "package"
    }


def read(kind: str, name: str, annotations: Mapping[str, Any] | None, path: Path, row: int) -> Rule:
    """Return the rule in the package `policies.<kind>.<name>` of a file, whose package stands in line `row`.

    Raises `CheckerError` with file and line for METADATA that is missing or that schemas/rule.json does not allow.
    """
    if annotations is None:
        message = f"{path}:{row}: has no METADATA in front of its package"
        raise CheckerError(message)
    _validate(annotations, path, row)
    custom = annotations["custom"]
    parameters = {key: Parameter(**value) for key, value in sorted(custom.get("parameters", {}).items())}
    return Rule(
        id=f"{kind}/{name}",
        kind=kind,
        name=name,
        title=annotations["title"],
        description=annotations["description"].strip(),
        severity=custom["severity"],
        enabled=custom["enabled"],
        category=custom["category"],
        remediation=custom["remediation"].strip(),
        objects=tuple(sorted(custom.get("objects", []))),
        references=tuple(entry["ref"] for entry in annotations.get("related_resources", [])),
        implied_by=tuple(sorted(custom.get("implied_by", []))),
        frameworks=_tuples(custom.get("frameworks", {})),
        equivalents=_tuples(custom.get("equivalents", {})),
        parameters=parameters,
    )


def _tuples(lists: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(values) for key, values in sorted(lists.items())}


def _validate(annotations: Mapping[str, Any], path: Path, row: int) -> None:
    from jsonschema import Draft7Validator
    from jsonschema.exceptions import best_match

    validator = Draft7Validator(json.loads((resources.SCHEMAS / "rule.json").read_bytes()))
    error = best_match(validator.iter_errors(annotations))
    if error is not None:
        where = ".".join(str(part) for part in error.absolute_path) or "METADATA"
        message = f"{path}:{_row(path, error.absolute_path, row)}: {where}: {error.message}"
        raise CheckerError(message)
    for name, parameter in annotations["custom"].get("parameters", {}).items():
        if not Draft7Validator({"type": parameter["type"]}).is_valid(parameter["default"]):
            message = f"{path}:{row}: custom.parameters.{name}: the default is not of type {parameter['type']}"
            raise CheckerError(message)


def _row(path: Path, keys: Any, row: int) -> int:
    """Return the line of the comment that holds the innermost key, else the line of the package."""
    lines = path.read_text("utf-8").split("\n")[:row]
    found = row
    start = 0
    for key in keys:
        line = next((n for n in range(start, len(lines)) if lines[n].lstrip("# -").startswith(f"{key}:")), None)
        if line is not None:
            start, found = line, line + 1
    return found
