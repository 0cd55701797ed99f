"""Judges BOMs by the schemas that CycloneDX publishes."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from pathlib import Path as File
from typing import TYPE_CHECKING, Final

from checker.syntax import schema

if TYPE_CHECKING:
    from jsonschema_rs import Draft7Validator

    from checker.model import JSON, Path

VERSIONS: Final = ("1.2", "1.3", "1.4", "1.5", "1.6", "1.7")

_ADDRESS: Final = "http://cyclonedx.org/schema/"
_REFERENCED: Final = ("spdx.SNAPSHOT", "jsf-0.82.SNAPSHOT", "cryptography-defs.SNAPSHOT")
_STRICT: Final = frozenset({"1.2", "1.3"})
"""Versions whose ordinary JSON schema lets unknown keys pass, so that a second one exists."""

_STEP: Final = re.compile(r"/\*(?:\[(\d+)\])?")
_SUBJECT: Final = re.compile(r"Element '(?:\{[^}]*\})?([^']+)'(?:, attribute '([^']+)')?")
_COMPLAINTS: Final = {
    "SCHEMAV_CVC_ENUMERATION_VALID": "is none of the values allowed here",
    "SCHEMAV_CVC_PATTERN_VALID": "does not have the form required here",
    "SCHEMAV_CVC_MINLENGTH_VALID": "is too short",
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_1": "is not of the type required here",
    "SCHEMAV_CVC_COMPLEX_TYPE_4": "lacks an attribute",
    "SCHEMAV_CVC_IDC": "has a reference that another element has too",
    "SCHEMAV_CVC_ELT_1": "is no root element of CycloneDX",
    "SCHEMAV_ELEMENT_CONTENT": "is not expected here, or lacks an element",
}


def json_fault(version: str, value: JSON) -> tuple[Path, str] | None:
    """Return the path of the first defect of a BOM in JSON and a reason without values, or None for a valid one."""
    return schema.fault(_json_validator(version), value)


def xml_fault(version: str, text: str) -> tuple[tuple[int, ...], str, str] | None:
    """Return the first defect of a BOM in XML, or None for a valid one.

    The defect is the positions of elements (from the root, counted from 1) that lead to the defective one, the name of
    the defective attribute or nothing, and a reason without values. The text must be well-formed XML without a
    document type declaration.
    """
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.xml import XmlValidator

    validator = XmlValidator(SchemaVersion.from_version(version))
    try:
        error = next(iter(validator.validate_str(text, all_errors=True) or ()), None)
    except SyntaxError:  # libxml2 is stricter than expat in a few corners, such as `version="01.0"`
        return (), "", "libxml2 does not accept it as XML"
    if error is None:
        return None
    element, attribute = _SUBJECT.match(error.data.message).groups("")  # type: ignore[union-attr] # libxml2's form
    complaint = _COMPLAINTS.get(error.data.type_name, "does not fit the schema of CycloneDX")
    steps = tuple(int(step or 1) for step in _STEP.findall(error.data.path)[1:])
    return steps, attribute, f"`{attribute or element}` {complaint}"


@cache
def _json_validator(version: str) -> Draft7Validator:
    name = f"bom-{version}-strict" if version in _STRICT else f"bom-{version}"
    referenced = {f"{_ADDRESS}{name}.schema.json": _file(f"{name}.schema.json") for name in _REFERENCED}
    return schema.compiled(_file(f"{name}.SNAPSHOT.schema.json"), referenced)


def _file(name: str) -> File:
    """Return a schema out of cyclonedx-python-lib, whose own validator needs minutes for a large BOM."""
    return File(str(resources.files("cyclonedx") / "schema" / "_res" / name))
