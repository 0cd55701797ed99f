"""Tests that dotenv files of any name become documents whose paths point at their tokens."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.model import Document, Problem, SecretMark, SourceFile
from checker.normalizers import claimed_by_name, env
from checker.resources import SCHEMAS
from checker.text import Region
from tests.trees import NoTree

SCHEMA = jsonschema_rs.Draft7Validator(json.loads((SCHEMAS / "documents" / "env.json").read_text("utf-8")))


def normalize(content: bytes, path: str = ".env") -> list[Document | Problem]:
    return list(env.normalize(SourceFile(path, content), NoTree()))


def document(content: str, path: str = ".env") -> Document:
    made = normalize(content.encode(), path)
    assert isinstance(made[0], Document)
    SCHEMA.validate(made[0].data)
    return made[0]


@pytest.mark.parametrize(
    "name",
    [
        ".env", ".ENV", "prod.env", "my-service.env", ".env.production", ".env.production.local", ".env.customer",
        ".env-ci", ".env_sample", "env.production", "env-example", "api.env.staging", "docker.env.sample", ".env.bak",
        ".env.keys",
    ],
)  # fmt: skip
def test_a_dotenv_file_is_known_by_its_name(name: str) -> None:
    assert claimed_by_name(name) is env


@pytest.mark.parametrize(
    "name", [".env.js", ".env.d.ts", "env.yaml", "env.prod.js", "env.py", ".envrc", "environment", "env", "x.env.json"]
)
def test_what_is_named_after_a_dotenv_file_is_none(name: str) -> None:
    assert claimed_by_name(name) is None


def test_no_file_is_a_dotenv_file_by_its_content() -> None:
    assert not env.recognizes(SourceFile("settings", b"A=b"))


def test_a_document_has_every_key_in_order() -> None:
    made = document("export A=1\nB='${A}x'\nA=2\nC\nD=${X}\nVITE_E=\n", "deploy/api.env.production")
    assert (made.kind, made.id, made.identity) == ("env", "deploy/api.env.production", "")
    assert made.data == {
        "name": "api.env.production",
        "stem": "api",
        "environment": "production",
        "example": False,
        "local": False,
        "entries": [
            {"key": "A", "value": "1", "resolved": "1", "exported": True, "public": False},
            {"key": "B", "value": "${A}x", "resolved": "1x", "exported": False, "public": False},
            {"key": "A", "value": "2", "resolved": "2", "exported": False, "public": False},
            {"key": "C", "exported": False, "public": False},
            {"key": "D", "value": "${X}", "exported": False, "public": False},
            {"key": "VITE_E", "value": "", "resolved": "", "exported": False, "public": True},
        ],
    }


@pytest.mark.parametrize(
    ("name", "stem", "environment", "example", "local"),
    [
        (".env", "", None, False, False),
        ("prod.env", "", "production", False, False),
        (".env.prd", "", "production", False, False),
        (".env.production.local", "", "production", False, True),
        (".env.local", "", None, False, True),
        (".env.example", "", None, True, False),
        ("api.dev.env.dist", "api", "development", True, False),
        ("my-service.env", "my.service", None, False, False),
        (".env.STAGING", "", "staging", False, False),
        (".env.test", "", "test", False, False),
        (".env_preview", "", "preview", False, False),
    ],
)
def test_the_name_tells_environment_and_stem(
    name: str,
    stem: str,
    environment: str | None,
    example: bool,  # noqa: FBT001 - a column of the table
    local: bool,  # noqa: FBT001 - a column of the table
) -> None:
    told: dict[str, Any] = {"name": name, "stem": stem, "example": example, "local": local, "entries": []}
    assert document("", name).data == told | ({"environment": environment} if environment else {})


def test_paths_point_at_keys_and_values() -> None:
    made = document("# é\r\nexport KEY = 'é x' # c\r\nEMPTY=\r\n")
    key, value, empty = Region(2, 8, 2, 11), Region(2, 14, 2, 19), Region(3, 1, 3, 6)
    assert {path: made.locator.locate(path) for path in [
        (), ("name",), ("entries",), ("entries", 0), ("entries", 0, "key"), ("entries", 0, "exported"),
        ("entries", 0, "value"), ("entries", 0, "resolved"), ("entries", 1, "value"), ("entries", 9), ("entries", "x"),
    ]} == {
        (): key, ("name",): key, ("entries",): key, ("entries", 0): key, ("entries", 0, "key"): key,
        ("entries", 0, "exported"): key, ("entries", 0, "value"): value, ("entries", 0, "resolved"): value,
        ("entries", 1, "value"): empty, ("entries", 9): key, ("entries", "x"): key,
    }  # fmt: skip


def test_a_file_without_keys_is_its_first_character() -> None:
    assert document("# nothing\n").locator.locate(()) == Region(1, 1, 1, 1)


def test_paths_are_named_by_keys() -> None:
    made = document("A=1\nB=2\n")
    assert [made.locator.name(path) for path in [(), ("entries", 1, "value"), ("entries", 1), ("entries", 7)]] == [
        "",
        "entries[B].value",
        "entries[B]",
        "entries.7",
    ]


def test_secrets_are_marked_and_public_values_are_none() -> None:
    made = document("DB_PASSWORD=hunter22x\nNEXT_PUBLIC_TOKEN=hunter22x\nPASSWORD=changeme\nPORT=80\n")
    assert made.secrets == (
        SecretMark(("entries", 0, "value"), "literal", "hunter22x"),
        SecretMark(("entries", 2, "value"), "placeholder", "changeme"),
    )


def test_a_file_without_secrets_has_no_marks() -> None:
    assert document("PORT=80\n").secrets == ()


def test_a_statement_that_does_not_parse_is_a_problem_and_the_rest_is_read() -> None:
    first, second = normalize(b'\xef\xbb\xbfA=1\n  B="x\nC=2\n', "x.env")
    assert isinstance(first, Document)
    assert [entry["key"] for entry in first.data["entries"]] == ["A", "C"]
    assert second == Problem("x.env", "the statement opens a quote that is never closed", Region(2, 3, 2, 7))


def test_bytes_that_are_no_text_are_a_problem() -> None:
    assert normalize(b"A=\xff\n") == [Problem(".env", "byte 0xff is not UTF-8", Region(1, 3, 1, 3))]


@given(st.binary(max_size=60) | st.text("AB= \"'#\n\r\\${}-é😀", max_size=60).map(str.encode))
def test_no_content_raises_and_every_path_has_a_place(content: bytes) -> None:
    for made in normalize(content):
        if isinstance(made, Document):
            SCHEMA.validate(made.data)
            lines = made.source.text.line_count
            for index in range(len(made.data["entries"])):
                region = made.locator.locate(("entries", index, "value"))
                assert 1 <= region.start_line <= region.end_line <= lines
