"""Tests whole scans of hostile input: each costs its own file at most, with a place and a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.scans import POD, beside_good

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: p}\n"
BOM = '{"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1}'
XML = '<?xml version="1.0"?>\n<bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="1">\n</bom>\n'
DEEP = "is nested deeper than 250 levels"
BRACKETS = 200_000
DOCTYPE = "has a document type declaration, which is not read because it can define entities"
ALIASES = "a0: &a0 [x, x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
DOCKER_BOMB = "FROM scratch\nARG A0=xxxxxxxxxx\n" + "".join(f"ARG A{n}={f'$A{n - 1}' * 10}\n" for n in range(1, 7))
ENV_BOMB = "A0=xxxxxxxxxx\n" + "".join(f"A{n}={f'${{A{n - 1}}}' * 10}\n" for n in range(1, 7))

POD_JSON = '{"apiVersion":"v1","kind":"Pod",\n"spec":%s}'
NO_NUMBER = "has a number that JSON cannot hold"
CHAIN = "FROM scratch AS s0\n" + "".join(f"FROM s{n - 1} AS s{n}\n" for n in range(1, 5000))
MANY_VALUES = "FROM scratch\n" + "".join(f"ENV A{n}={'x' * 1000}\nRUN true\n" for n in range(1000))
DOCKER_SUM = f"FROM scratch\nARG A={'x' * 10_000}\n" + "".join(f"ENV B{n}=$A$A$A$A$A$A\n" for n in range(40))
ENV_SUM = f"A={'x' * 10_000}\n" + "".join(f"B{n}={'${A}' * 6}\n" for n in range(40))


def problems(folder: Path, name: str, content: str | bytes) -> list[tuple[int, str]]:
    """Scan a file beside a good manifest and return the lines and reasons of its problems."""
    report = beside_good(folder, name, content.encode() if isinstance(content, str) else content)
    assert report.exit_code == (2 if report.problems else 1)
    assert {problem.path for problem in report.problems} <= {name}
    return [(problem.region.start_line if problem.region else 0, problem.reason) for problem in report.problems]


@pytest.mark.parametrize(
    ("name", "content", "line", "reason"),
    [
        ("a.yaml", CONFIG + ALIASES, 10, "repeats more than 4,000,000 characters by aliases"),
        ("a.yaml", CONFIG + "data: " + "[" * BRACKETS, 4, DEEP),
        ("a.yaml", CONFIG + "data:\n  " + "- " * BRACKETS + "a\n", 5, DEEP),
        ("a.json", '{"apiVersion":"v1","kind":"ConfigMap","data":' + "[" * BRACKETS, 1, DEEP),
        ("a.cdx.xml", XML.replace("</bom>", "<a>" * BRACKETS), 3, DEEP),
        ("a.yaml", POD + "\0", 5, "is not YAML: character U+0000 is not allowed"),
        ("a.Dockerfile", "FROM scratch\nRUN a\0b\n", 2, "holds a NUL character, where BuildKit stops reading"),
        ("a.env", b"A=1\nB=\xff\n", 2, "byte 0xff is not UTF-8"),
        ("a.cdx.json", BOM.encode() + b"\n\xff", 2, "byte 0xff is not UTF-8"),
        ("a.cdx.xml", '<?xml version="1.0"?>\n<!DOCTYPE bom [<!ENTITY a "b">]>\n<bom/>', 2, DOCTYPE),
        ("a.cdx.json", BOM[:-1] + ',\n"version": 1}', 2, "has a key twice in one object"),
        ("a.cdx.json", BOM[:-1] + ',"x": 1e999}', 1, "has a number that JSON cannot hold"),
        ("a.Dockerfile", "# only a comment\n", 1, "there is no FROM instruction"),
        ("a.Dockerfile", DOCKER_BOMB, 7, "the expansion does not parse: the value grows too long"),
        ("a.env", ENV_BOMB, 6, "the value grows too long when it is expanded"),
        ("a.Dockerfile", DOCKER_SUM, 19, "the expansion does not parse: the value grows too long"),
        ("a.env", ENV_SUM, 18, "the value grows too long when it is expanded"),
        ("a.Dockerfile", CHAIN, 560, "takes over too much from other stages"),
        ("a.Dockerfile", MANY_VALUES, 275, "takes over too many variables from the instructions above"),
        ("a.env", "A=1\nB=\0\n", 2, "holds a NUL character, which no environment variable can hold"),
        ("a.json", POD_JSON % "NaN", 2, NO_NUMBER),
        ("a.json", POD_JSON % '{"hostUsers":-1e999}', 2, NO_NUMBER),
        ("a.cdx.xml", "\n", 2, "is not XML: no element found"),
    ],
)
def test_hostile_input_is_a_problem_with_its_line(
    tmp_path: Path, name: str, content: str | bytes, line: int, reason: str
) -> None:
    assert (line, reason) in problems(tmp_path, name, content)
