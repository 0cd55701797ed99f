"""Tests that CycloneDX's own examples get CycloneDX's own verdicts, and that XML reads as its JSON twin."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from checker.model import Document, Problem, SourceFile
from checker.normalizers import sbom
from checker.resources import SCHEMAS
from checker.syntax import cyclonedx_schemas
from tests.trees import NoTree

EXAMPLES = Path("tools/src/test/resources")

DEVIATIONS = {
    "1.2/skip_invalid-empty-component-1.2.json": "refused, as its name says; CycloneDX leaves it out",
    "1.2/skip_invalid-missing-component-type-1.2.json": "refused, as its name says; CycloneDX leaves it out",
    "1.7/informal-invalid-component-versionRange-non-external-explicit.xml": "no schema of XML can say this; passed",
    "1.7/informal-invalid-component-versionRange-non-external-implicit.xml": "no schema of XML can say this; passed",
}
"""Examples that are named neither valid nor invalid, with what becomes of them and why."""

UNLIKE = {
    "valid-bom": "the XML has one component more and no dependencies",
    "valid-component-external-with-version": "the twins describe different systems",
    "valid-component-ref": "the XML nests a component",
    "valid-compositions": "a version differs",
    "valid-cryptography-implementation": "the twins describe different applications",
    "valid-dependency": "an empty `dependsOn` cannot be written in XML; names differ",
    "valid-external-reference": "a hash differs",
    "valid-license-choice": "the XML has a package URL",
    "valid-license-declared-concluded-mix": "the XML has no version",
    "valid-license-expression": "the XML says more of the component",
    "valid-license-expression-with-text": "the description is folded in the XML",
    "valid-license-id": "the XML says more of the component",
    "valid-license-name": "the XML says more of the component",
    "valid-machine-learning": "the XML has a publisher",
    "valid-metadata-timestamp": "the timestamp differs",
    "valid-properties": "the XML has one property more",
    "valid-saasbom": "an empty `dependsOn` cannot be written in XML; a service differs",
    "valid-service": "the JSON has a publisher",
    "valid-vulnerability": "a vector differs",
}
"""Examples, of any version, whose twins do not say the same, with the difference."""


@pytest.fixture(name="examples", scope="module")
def _examples(corpus: Callable[[str], Path]) -> dict[str, Path]:
    root = corpus("cyclonedx-boms") / EXAMPLES
    return {path.relative_to(root).as_posix(): path for path in sorted(root.glob("1.*/*.*"))}


def normalize(path: Path) -> Document | Problem:
    source = SourceFile(path.name, path.read_bytes())
    assert sbom.recognizes(source), path
    (made,) = sbom.normalize(source, NoTree())
    return made


def is_read(name: str) -> bool:
    return name.partition("/")[0] in cyclonedx_schemas.VERSIONS


def test_valid_examples_are_checked(examples: dict[str, Path]) -> None:
    schema = jsonschema_rs.Draft7Validator(json.loads((SCHEMAS / "documents" / "sbom.json").read_text("utf-8")))
    wrong = []
    for name, path in examples.items():
        if is_read(name) and path.name.startswith("valid-"):
            made = normalize(path)
            if isinstance(made, Problem) or not schema.is_valid(made.data):
                wrong.append((name, made))
    assert wrong == []


def test_invalid_examples_are_refused_with_a_place(examples: dict[str, Path]) -> None:
    passed = []
    for name, path in examples.items():
        if is_read(name) and path.name.startswith("invalid-"):
            made = normalize(path)
            if isinstance(made, Document) or made.region is None:
                passed.append((name, made))
    assert passed == []


def test_other_examples_are_listed_with_their_reason(examples: dict[str, Path]) -> None:
    others = {name for name, path in examples.items() if not path.name.startswith(("valid-", "invalid-"))}
    assert {name for name in others if is_read(name)} == set(DEVIATIONS)
    for name, reason in DEVIATIONS.items():
        assert reason.startswith("refused") == isinstance(normalize(examples[name]), Problem), name


def test_old_versions_are_refused_by_name(examples: dict[str, Path]) -> None:
    reasons = set()
    for name, path in examples.items():
        if not is_read(name) and "namespace" not in name:
            made = normalize(path)
            assert isinstance(made, Problem)
            reasons.add(made.reason)
    assert reasons == {f"is a CycloneDX {version} BOM, and only 1.2 to 1.7 are read" for version in ("1.0", "1.1")}


def test_the_schemas_give_the_verdicts_of_the_library_that_carries_them(examples: dict[str, Path]) -> None:
    validators = {
        version: JsonStrictValidator(SchemaVersion.from_version(version)) for version in ("1.2", "1.4", "1.6")
    }
    different = []
    for name, path in examples.items():
        version = name.partition("/")[0]
        if version in validators and path.suffix == ".json":
            text = path.read_text("utf-8")
            theirs = validators[version].validate_str(text) is None
            if theirs != (cyclonedx_schemas.json_fault(version, json.loads(text)) is None):
                different.append(name)
    assert different == []


def test_xml_reads_as_its_twin_in_json(examples: dict[str, Path]) -> None:
    unlike = set()
    twins = 0
    for name, path in examples.items():
        twin = path.with_suffix(".json")
        if is_read(name) and path.suffix == ".xml" and path.name.startswith("valid-") and twin.is_file():
            twins += 1
            xml, in_json = normalize(path), normalize(twin)
            assert isinstance(xml, Document)
            assert isinstance(in_json, Document)
            if xml.data != described(in_json.data):
                unlike.add(path.stem.removesuffix(f"-{path.parent.name}"))
    assert (unlike, twins) == (set(UNLIKE), 214)


def described(data: Any) -> Any:
    """Return the part of a BOM that the schema describes at every depth, which is all that is read from XML."""
    schema = json.loads((SCHEMAS / "documents" / "sbom.json").read_text("utf-8"))

    def prune(value: Any, shape: Any) -> Any:
        if "$ref" in shape:
            shape = schema["definitions"][shape["$ref"].rpartition("/")[2]]
        if isinstance(value, dict):
            known = shape["properties"]
            return {key: prune(item, known[key]) for key, item in value.items() if key in known}
        return [prune(item, shape["items"]) for item in value] if isinstance(value, list) else value

    return prune(data, schema)
