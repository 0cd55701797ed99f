"""Tests that BOMs in JSON and XML become documents of one shape whose paths point at the file's tokens."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.model import Document, Path, Problem, SecretMark, SourceFile
from checker.normalizers import claimed_by_name, sbom
from checker.resources import SCHEMAS
from checker.text import Region
from tests.trees import NoTree

SCHEMA = jsonschema_rs.Draft7Validator(json.loads((SCHEMAS / "documents" / "sbom.json").read_text("utf-8")))
TOKEN = "ghp_" + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0xR3kLm"

XML = """<?xml version="1.0"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.6" xmlns:o="urn:other" version="3">
  <metadata>
    <timestamp>2026-01-01T00:00:00Z</timestamp>
    <component type="application" bom-ref="app"><group>acme</group><name>shop</name></component>
  </metadata>
  <components>
    <component type="library" bom-ref="é">
      <supplier><name>Acme</name><url>https://a.example</url><url>https://b.example</url></supplier>
      <name>left-pad</name>
      <version>1.3.0</version>
      <description/>
      <licenses><license><id>MIT</id></license></licenses>
      <purl>pkg:npm/left-pad@1.3.0?x=y</purl>
      <properties><property name="k">v</property></properties>
      <components>
        <component type="library"><name>inner</name>
          <licenses><expression acknowledgement="declared">MIT OR ISC</expression></licenses>
        </component>
      </components>
      <evidence><copyright><text>dropped</text></copyright></evidence>
      <o:name>other</o:name>
    </component>
  </components>
  <dependencies>
    <dependency ref="app"><dependency ref="é"/></dependency>
    <dependency ref="é"/>
  </dependencies>
  <vulnerabilities>
    <vulnerability>
      <id>CVE-1</id>
      <ratings><rating><score>9.8</score><severity>critical</severity></rating></ratings>
      <cwes><cwe>79</cwe></cwes>
      <analysis><state>in_triage</state><responses><response>update</response></responses></analysis>
    </vulnerability>
  </vulnerabilities>
</bom>
"""
DATA: dict[str, Any] = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "version": 3,
    "metadata": {
        "timestamp": "2026-01-01T00:00:00Z",
        "component": {"type": "application", "bom-ref": "app", "group": "acme", "name": "shop"},
    },
    "components": [
        {
            "type": "library",
            "bom-ref": "é",
            "supplier": {"name": "Acme", "url": ["https://a.example", "https://b.example"]},
            "name": "left-pad",
            "version": "1.3.0",
            "description": "",
            "licenses": [{"license": {"id": "MIT"}}],
            "purl": "pkg:npm/left-pad@1.3.0?x=y",
            "properties": [{"name": "k", "value": "v"}],
            "components": [
                {
                    "type": "library",
                    "name": "inner",
                    "licenses": [{"expression": "MIT OR ISC", "acknowledgement": "declared"}],
                }
            ],
        }
    ],
    "dependencies": [{"ref": "app", "dependsOn": ["é"]}, {"ref": "é"}],
    "vulnerabilities": [
        {
            "id": "CVE-1",
            "ratings": [{"score": 9.8, "severity": "critical"}],
            "cwes": [79],
            "analysis": {"state": "in_triage", "response": ["update"]},
        }
    ],
}


def normalize(content: str) -> Document | Problem:
    (made,) = sbom.normalize(SourceFile("bom", content.encode()), NoTree())
    return made


def document(content: str) -> Document:
    made = normalize(content)
    assert isinstance(made, Document)
    SCHEMA.validate(made.data)
    return made


def bom(**parts: Any) -> str:
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", **parts})


@pytest.mark.parametrize("name", ["shop.cdx.json", "shop.CDX.xml"])
def test_the_kind_is_certain_by_name(name: str) -> None:
    assert claimed_by_name(name) is sbom


@pytest.mark.parametrize(
    ("content", "is_bom"),
    [
        (XML, True),
        ('<a:bom version="1"\n xmlns:a="http://cyclonedx.org/schema/bom/1.4"/>', True),
        ("<bom xmlns='http://cyclonedx.org/schema/bom/1.1'><comp", True),
        (bom(), True),
        ('{"components": [], "bomFormat" : "CycloneDX"', True),
        ("<bom><part/></bom>", False),
        ("<project xmlns='http://maven.apache.org/POM/4.0.0'/>", False),
        ('{"properties": {"bomFormat": {"type": "string"}}}', False),
        ("", False),
    ],
)
def test_a_bom_is_recognized_even_where_it_does_not_parse(content: str, is_bom: bool) -> None:  # noqa: FBT001 - a case
    assert sbom.recognizes(SourceFile("x", content.encode())) is is_bom


def test_xml_has_the_shape_of_json() -> None:
    made = document(XML)
    assert (made.kind, made.id, made.identity, made.data) == ("sbom", "bom", "acme/shop", DATA)


def test_json_keeps_what_the_schema_describes() -> None:
    inner = {"type": "file", "name": "b", "copyright": "c", "evidence": {}}
    component = {"type": "library", "name": "a", "evidence": {}, "components": [inner]}
    made = document(
        bom(
            metadata={"component": {**component, "purl": "pkg:golang/a/b@v1?x=y#c"}},
            components=[component],
            annotations=[],
        )
    )
    kept = {"type": "library", "name": "a", "components": [{"type": "file", "name": "b", "copyright": "c"}]}
    assert made.identity == "pkg:golang/a/b?x=y#c"
    assert made.data == {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "metadata": {"component": {**kept, "purl": "pkg:golang/a/b@v1?x=y#c"}},
        "components": [kept],
    }


def test_a_bom_of_nothing_has_no_identity() -> None:
    assert (document(bom()).identity, document(bom(metadata={"timestamp": "2026-01-01T00:00:00Z"})).identity) == (
        "",
        "",
    )


COMPONENT = ("components", 0)


@pytest.mark.parametrize(
    ("path", "region"),
    [
        ((), Region(2, 2, 2, 5)),
        (("bomFormat",), Region(2, 2, 2, 5)),
        (("version",), Region(2, 78, 2, 81)),
        (("metadata",), Region(3, 4, 3, 12)),
        (("metadata", "supplier"), Region(3, 4, 3, 12)),
        (("metadata", "component", "type"), Region(5, 21, 5, 34)),
        (("components",), Region(7, 4, 7, 14)),
        (COMPONENT, Region(10, 13, 10, 21)),
        ((*COMPONENT, "bom-ref"), Region(8, 39, 8, 42)),
        ((*COMPONENT, "cpe"), Region(10, 13, 10, 21)),
        ((*COMPONENT, "description"), Region(12, 8, 12, 19)),
        ((*COMPONENT, "supplier", "url", 1), Region(9, 67, 9, 84)),
        ((*COMPONENT, "supplier", "url"), Region(9, 35, 9, 38)),
        ((*COMPONENT, "licenses", 0), Region(13, 18, 13, 25)),
        ((*COMPONENT, "licenses", 0, "license", "id"), Region(13, 30, 13, 33)),
        ((*COMPONENT, "properties", 0, "value"), Region(15, 38, 15, 39)),
        ((*COMPONENT, "name", "deeper"), Region(10, 13, 10, 21)),
        ((*COMPONENT, "components", 0, "licenses", 0, "expression"), Region(18, 60, 18, 70)),
        ((*COMPONENT, "components", 0, "licenses", 0, "acknowledgement"), Region(18, 49, 18, 59)),
        (("dependencies", 0, "dependsOn", 0), Region(26, 43, 26, 46)),
        (("dependencies", 1, "dependsOn"), Region(27, 6, 27, 16)),
        (("vulnerabilities", 0, "id"), Region(31, 11, 31, 16)),
        (("vulnerabilities", 0, "analysis", "response", 0), Region(34, 62, 34, 68)),
    ],
)
def test_paths_of_xml_point_at_its_tokens(path: Path, region: Region) -> None:
    assert document(XML).locator.locate(path) == region


@pytest.mark.parametrize(
    ("path", "region"),
    [
        ((*COMPONENT, "name"), Region(2, 43, 2, 46)),
        ((*COMPONENT, "version"), Region(2, 43, 2, 46)),
        (("metadata",), Region(1, 2, 1, 13)),
    ],
)
def test_paths_of_json_point_at_its_tokens(path: Path, region: Region) -> None:
    content = '{"bomFormat": "CycloneDX", "specVersion": "1.6",\r\n"components": [{"type":"file", "name":    "é"}]}'
    assert document(content).locator.locate(path) == region


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ((*COMPONENT, "version"), "components[pkg:npm/left-pad?x=y].version"),
        ((*COMPONENT, "licenses", 0, "license", "id"), "components[pkg:npm/left-pad?x=y].licenses[MIT].license.id"),
        (
            (*COMPONENT, "components", 0, "licenses", 0),
            "components[pkg:npm/left-pad?x=y].components[inner].licenses[MIT OR ISC]",
        ),
        ((*COMPONENT, "licenses", 5, "license"), "components[pkg:npm/left-pad?x=y].licenses[].license"),
        (("vulnerabilities", 0, "ratings", 0, "severity"), "vulnerabilities[CVE-1].ratings[].severity"),
        (("dependencies", 0, "dependsOn", 0), "dependencies[].dependsOn[]"),
        (("metadata", "nothing", "deeper"), "metadata.nothing.deeper"),
        ((), ""),
    ],
)
def test_names_of_paths_hold_no_index(path: Path, name: str) -> None:
    assert document(XML).locator.name(path) == name


@pytest.mark.parametrize(
    ("content", "reason", "region"),
    [
        ("{", "is not JSON: expecting property name enclosed in double quotes", Region(1, 2, 1, 2)),
        ("[]", "is no CycloneDX BOM of version 1.2 to 1.7", Region(1, 1, 1, 2)),
        ('{"bomFormat": "CycloneDX"}', "is no CycloneDX BOM of version 1.2 to 1.7", Region(1, 2, 1, 13)),
        (
            '{"bomFormat": "CycloneDX", "specVersion": "2.0"}',
            "is a CycloneDX 2.0 BOM, and only 1.2 to 1.7 are read",
            Region(1, 43, 1, 48),
        ),
        (
            '{"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": "SECRET"}',
            "is no valid CycloneDX 1.6 BOM: `serialNumber` does not have the form required here",
            Region(1, 66, 1, 74),
        ),
        ("<bom", "is not XML: unclosed token", Region(1, 1, 1, 1)),
        (
            XML.replace('version="1.0"', 'version="01.0"'),
            "is no valid CycloneDX 1.6 BOM: libxml2 does not accept it as XML",
            Region(2, 2, 2, 5),
        ),
        (
            '\n<bom xmlns="http://cyclonedx.org/schema/bom/1.1"/>',
            "is a CycloneDX 1.1 BOM, and only 1.2 to 1.7 are read",
            Region(2, 2, 2, 5),
        ),
        ("<bom/>", "is no CycloneDX BOM of version 1.2 to 1.7", Region(1, 2, 1, 5)),
        (
            XML.replace('type="library"', 'type="SECRET"'),
            "is no valid CycloneDX 1.6 BOM: `type` is none of the values allowed here",
            Region(8, 21, 8, 29),
        ),
        (
            XML.replace("<id>MIT</id>", "<id>SECRET</id>"),
            "is no valid CycloneDX 1.6 BOM: `id` is none of the values allowed here",
            Region(13, 27, 13, 29),
        ),
        (
            XML.replace("<score>9.8</score>", "<score>SECRET</score>"),
            "is no valid CycloneDX 1.6 BOM: `score` is not of the type required here",
            Region(32, 25, 32, 30),
        ),
        (
            XML.replace('ref="app"><', 'ref=""><'),
            "is no valid CycloneDX 1.6 BOM: `bom-ref` is too short",
            Region(5, 43, 5, 45),
        ),
    ],
)
def test_what_is_no_valid_bom_is_told_with_its_place(content: str, reason: str, region: Region) -> None:
    assert normalize(content) == Problem("bom", reason, region)


@pytest.mark.parametrize(
    ("content", "marks"),
    [
        (
            bom(components=[{"type": "file", "name": "a", "description": f"x {TOKEN}"}]),
            [SecretMark(("components", 0, "description"), "token", TOKEN)],
        ),
        (
            bom(
                components=[{"type": "file", "name": "a", "properties": [{"name": "API_TOKEN", "value": "q7Rz9vK2mX"}]}]
            ),
            [SecretMark(("components", 0, "properties", 0, "value"), "literal", "q7Rz9vK2mX")],
        ),
        (bom(components=[{"type": "file", "name": "token"}]), []),
        (bom(), []),
    ],
)
def test_secrets_are_marked_where_they_stand(content: str, marks: list[SecretMark]) -> None:
    assert list(document(content).secrets) == marks


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "type", "licenses"]), inner),
    max_leaves=6,
)


@settings(deadline=None)  # the first example compiles the schema
@given(st.dictionaries(st.sampled_from(["components", "metadata", "dependencies", "specVersion", "$schema"]), JSON))
def test_no_json_raises(parts: dict[str, Any]) -> None:
    made = normalize(bom(**parts))
    assert isinstance(made, Document) or made.region is not None


@settings(deadline=None)  # the first example compiles the schema
@given(st.integers(0, len(XML)), st.integers(0, 40), st.text(max_size=5))
def test_no_xml_raises(start: int, length: int, inserted: str) -> None:
    made = normalize(f"<{XML[1:start]}{inserted}{XML[start + length :]}")
    assert isinstance(made, Document) or made.region is not None
