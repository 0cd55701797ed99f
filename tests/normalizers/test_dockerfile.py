"""Tests the documents of Dockerfiles: their shape, their values, and where each node stands."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.model import Document, Path, Problem, Skipped, SourceFile, Unrendered
from checker.normalizers import claimed_by_name, dockerfile
from checker.resources import SCHEMAS
from checker.text import Region
from checker.tree import TreeEntry

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable, Iterator, Mapping

SCHEMA = jsonschema.Draft7Validator(json.loads((SCHEMAS / "documents" / "dockerfile.json").read_text("utf-8")))
EXPANSION = "the expansion does not parse: "
OTHER = "named like a Dockerfile, but does not begin like one"
STAGE_NAME = "the name of the stage is not a letter followed by letters, digits, `-`, `_` and `.`"
KEY = "-----BEGIN " + "PRIVATE KEY-----\nx\n"


class Files:
    """Holds a tree in memory."""

    def __init__(self, contents: Mapping[str, str]) -> None:
        self._contents = dict(contents)

    @property
    def entries(self) -> Mapping[str, TreeEntry]:
        return {path: TreeEntry(path, len(text), executable=False) for path, text in self._contents.items()}

    def read(self, path: str) -> SourceFile | None:
        return SourceFile(path, self._contents[path].encode()) if path in self._contents else None

    def tracks(self, path: str) -> bool:
        return path in self._contents

    def ignores(self, path: str) -> bool:
        return path not in self._contents


def results(text: str | bytes, path: str = "Dockerfile", files: Mapping[str, str] | None = None) -> list[Any]:
    content = text.encode() if isinstance(text, str) else text
    return list(dockerfile.normalize(SourceFile(path, content), Files(files or {})))


def document(text: str, path: str = "Dockerfile", files: Mapping[str, str] | None = None) -> Document:
    (found,) = [result for result in results(text, path, files) if isinstance(result, Document)]
    SCHEMA.validate(found.data)
    return found


def problems(text: str | bytes) -> list[tuple[str, Region | None]]:
    return [(result.reason, result.region) for result in results(text) if isinstance(result, Problem)]


def at(found: Document, *path: str | int) -> str:
    """Return the text at the region of a path."""
    region = found.locator.locate(path)
    text = found.source.text
    start = text.offset(region.start_line, region.start_column)
    return text.value[start : text.offset(region.end_line, region.end_column)]


def instruction(text: str) -> Any:
    """Return the last instruction."""
    return document(text).data["stages"][-1]["instructions"][-1]


def paths(node: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    yield path, node
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield from paths(child, (*path, key))


def test_a_document_says_all_that_is_known_before_the_build() -> None:
    found = document(
        "# syntax=docker/dockerfile:1\n"
        "ARG GO=1.25\n"
        "FROM --platform=$BUILDPLATFORM golang:${GO} AS Build\n"
        "RUN --mount=type=cache,target=/c CGO_ENABLED=0 go build | tee log\n"
        "FROM scratch\n"
        "COPY --from=build --chown=1:1 /a /b /c/\n"
        'ENTRYPOINT ["/c/a"]\n'
    )
    assert found.data == {
        "directives": {"syntax": "docker/dockerfile:1"},
        "arguments": [{"keyword": "ARG", "assignments": [{"name": "GO", "text": "1.25", "value": "1.25"}]}],
        "stages": [
            {
                "index": 0,
                "from": {
                    "image": {"text": "golang:${GO}", "value": "golang:1.25"},
                    "platform": {"text": "$BUILDPLATFORM"},
                    "name": "build",
                },
                "ancestry": [0],
                "instructions": [
                    {
                        "keyword": "RUN",
                        "flags": [{"name": "mount", "text": "type=cache,target=/c", "value": "type=cache,target=/c"}],
                        "form": "shell",
                        "shell": "posix",
                        "commands": [
                            {
                                "name": "go",
                                "program": {"text": "go", "value": "go"},
                                "assignments": [{"name": "CGO_ENABLED", "text": "0", "value": "0"}],
                                "arguments": [{"text": "build", "value": "build"}],
                            },
                            {
                                "name": "tee",
                                "program": {"text": "tee", "value": "tee"},
                                "arguments": [{"text": "log", "value": "log"}],
                                "pipe_from": 0,
                            },
                        ],
                        "environment": {},
                    }
                ],
            },
            {
                "index": 1,
                "from": {"image": {"text": "scratch", "value": "scratch"}},
                "ancestry": [1],
                "instructions": [
                    {
                        "keyword": "COPY",
                        "flags": [
                            {"name": "from", "text": "build", "value": "build"},
                            {"name": "chown", "text": "1:1", "value": "1:1"},
                        ],
                        "sources": [{"text": "/a", "value": "/a"}, {"text": "/b", "value": "/b"}],
                        "destination": {"text": "/c/", "value": "/c/"},
                        "from_stage": 0,
                    },
                    {
                        "keyword": "ENTRYPOINT",
                        "form": "exec",
                        "arguments": [{"text": '"/c/a"', "value": "/c/a"}],
                        "commands": [{"name": "a", "program": {"text": '"/c/a"', "value": "/c/a"}, "arguments": []}],
                        "environment": {},
                    },
                ],
            },
        ],
        "final_stage": 1,
        "context": {"known": False, "files": [], "private_keys": []},
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("FROM a\nUSER b\n", "b"),
        ("FROM a\nARG U=b\nUSER $U\n", "b"),
        ("FROM a\nARG U\nUSER $U\n", None),
        ("FROM a\nARG U\nUSER ${U:-b}\n", "b"),
        ("FROM a\nARG U\nUSER ${U:+b}\n", None),
        ("FROM a\nUSER ${U:-b}\n", None),
        ("FROM scratch\nUSER ${U:-b}\n", "b"),
        ("FROM scratch\nUSER ${U}c\n", "c"),
        ("FROM scratch\nUSER ${U:+b}c\n", "c"),
        ("FROM scratch\nUSER ${PATH}\n", None),
        ("ARG U=b\nFROM a\nUSER $U\n", None),
        ("ARG U=b\nFROM a\nARG U\nUSER $U\n", "b"),
        ("ARG U=b\nFROM a\nARG U=c\nUSER $U\n", "c"),
        ("FROM a\nARG U=b\nENV U=c\nUSER $U\n", "c"),
        ("FROM a\nENV U=c\nARG U=b\nUSER $U\n", "c"),
        ("FROM a\nENV U=c V=$U\nUSER $V\n", None),
        ("FROM a\nENV U=c\nENV V=$U\nUSER $V\n", "c"),
        ("FROM a\nENV U $X\nUSER $U\n", None),
        ("FROM a\nENV U b c\nUSER $U\n", "b c"),
        ("FROM a AS s\nENV U=b\nFROM s\nUSER $U\n", "b"),
        ("FROM a AS s\nARG U=b\nFROM s\nUSER $U\n", "b"),
        ("FROM a AS s\nARG U=b\nFROM s\nARG U\nUSER $U\n", None),
        ("FROM a AS s\nENV U=b\nFROM a\nUSER $U\n", None),
        ("FROM a\nARG TARGETARCH=x\nUSER $TARGETARCH\n", "x"),
        ("FROM a\nARG TARGETARCH\nUSER ${TARGETARCH:-x}\n", None),
        ("FROM a\nARG U=b\nUSER '$U'\n", "$U"),
        ("FROM a\nARG U=b\nUSER \\$U\n", "$U"),
        ('FROM a\nARG U=b\nUSER "$U:\\"c"\n', 'b:"c'),
        ("FROM a\nARG U=b\nUSER ${U#x}\n", None),
        ("FROM a\nARG U=\nUSER ${U-b}c\n", "c"),
        ("FROM a\nARG U=\nUSER ${U:-${V:-b}}c\n", None),
        ("FROM a\nARG U=\nUSER ${U:-'b'}c\n", "bc"),
        ("FROM a\nARG U=b\nUSER ${U:?no}\n", "b"),
        ("FROM a\nARG U\nUSER ${U:?no}\n", None),
        ("FROM a\nONBUILD ENV U=b\nUSER $U\n", None),
        ("FROM a\nUSER $\n", "$"),
        ("# escape=`\nFROM a\nUSER `$U\n", "$U"),
    ],
)
def test_variables_expand_by_the_rules_of_docker(text: str, value: str | None) -> None:
    assert instruction(text)["argument"].get("value") == value


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("FROM $A\n", {"image": {"text": "$A"}}),
        ("ARG A\nFROM $A\n", {"image": {"text": "$A"}}),
        ("ARG A\nFROM ${A:-b}\n", {"image": {"text": "${A:-b}", "value": "b"}}),
        ("ARG A=b\nFROM c AS b\nFROM $A\n", {"image": {"text": "$A", "value": "b"}, "stage": 0}),
        ("FROM c AS B\nFROM b\n", {"image": {"text": "b", "value": "b"}, "stage": 0}),
        ("FROM b AS b\n", {"image": {"text": "b", "value": "b"}, "name": "b"}),
        ("FROM c AS b\nFROM d AS b\nFROM b\n", {"image": {"text": "b", "value": "b"}, "stage": 1}),
    ],
)
def test_a_stage_knows_its_image_and_its_parent(text: str, origin: Any) -> None:
    assert document(text).data["stages"][-1]["from"] == origin


def test_ancestry_leads_to_the_base_image() -> None:
    stages = document("FROM x AS a\nFROM a AS b\nFROM y\nFROM b\n").data["stages"]
    assert [stage["ancestry"] for stage in stages] == [[0], [1, 0], [2], [3, 1, 0]]


@pytest.mark.parametrize(
    ("source", "stage"), [("a", 0), ("A", 0), ("0", 0), ("1", None), ("b", None), ("nginx", None), ("$X", None)]
)
def test_a_copy_knows_the_stage_it_copies_from(source: str, stage: int | None) -> None:
    assert instruction(f"FROM x AS a\nFROM y AS b\nCOPY --from={source} c d\n").get("from_stage") == stage


def test_run_sees_arguments_and_environment_and_cmd_the_environment_alone() -> None:
    found = document("FROM a\nARG A=1\nARG B\nENV C=2\nRUN x\nCMD x\nHEALTHCHECK CMD x\n").data
    environments = [item.get("environment") for item in found["stages"][0]["instructions"][3:]]
    assert environments == [{"A": "1", "B": None, "C": "2"}, {"C": "2"}, None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("EXPOSE 80 81/tcp", ["80", "81/tcp"]),
        ('VOLUME ["/a b", "/c"]', ["/a b", "/c"]),
        ("VOLUME /a /b", ["/a", "/b"]),
        ('SHELL ["/bin/bash", "-c"]', ["/bin/bash", "-c"]),
        ('CMD ["a", "\\u0062\\n"]', ["a", "b\n"]),
        ('RUN ["a"] b', ["a"]),
    ],
)
def test_arguments_are_split_and_decoded(text: str, expected: list[str]) -> None:
    assert [word["value"] for word in instruction(f"FROM a\n{text}\n")["arguments"]] == expected


@pytest.mark.parametrize(
    ("text", "form", "names"),
    [
        ("RUN a && b", ("shell", "posix"), ["a", "b"]),
        ("RUN <<E\na\nb\nE", ("shell", "posix"), ["a", "b"]),
        ("RUN <<-E\n\ta\n\tE", ("shell", "posix"), ["a"]),
        ("RUN <<E\n#!/usr/bin/env python3\nimport os\nE", ("shell", "posix"), ["python3"]),
        ("RUN <<E\n#!/usr/bin/perl\nprint;\nE", ("shell", "posix"), ["perl"]),
        ("RUN <<E\n#!/bin/bash -e\na\nE", ("shell", "posix"), ["a"]),
        ("RUN <<E\n#!/usr/bin/env bash\na\nE", ("shell", "posix"), ["a"]),
        ("RUN python3 <<E\nimport os\nE", ("shell", "posix"), ["python3"]),
        ("RUN bash -e <<'E'\na\nE", ("shell", "posix"), ["bash", "a"]),
        ("RUN a <<E && b <<F\n1\nE\n2\nF", ("shell", "posix"), ["a", "b"]),
        ('RUN ["sh", "-c", "a; b"]', ("exec", None), ["sh", "a", "b"]),
        ('CMD ["a", "-c", "b"]', ("exec", None), ["a"]),
        ("CMD []", ("exec", None), []),
        ("CMD", ("shell", "posix"), []),
        ("ENTRYPOINT exec a", ("shell", "posix"), ["a"]),
        ("HEALTHCHECK NONE", ("none", None), None),
        ("HEALTHCHECK --interval=3s CMD a || exit 1", ("shell", "posix"), ["a", "exit"]),
        ('HEALTHCHECK CMD ["a", "b"]', ("exec", None), ["a"]),
        ("ONBUILD RUN a", ("shell", "posix"), ["a"]),
        ('SHELL ["bash", "-c"]\nRUN a', ("shell", "posix"), ["a"]),
        ('SHELL ["conda", "run", "/bin/bash", "-c"]\nRUN a', ("shell", "posix"), ["a"]),
        ('SHELL ["powershell", "-c"]\nRUN a', ("shell", "foreign"), None),
        ('SHELL ["powershell", "-c"]\nRUN ["a"]', ("exec", None), ["a"]),
    ],
)
def test_what_runs_is_a_list_of_commands(text: str, form: tuple[str, str | None], names: list[str] | None) -> None:
    found = instruction(f"FROM a\n{text}\n")
    commands = found.get("commands")
    assert (found["form"], found.get("shell")) == form
    assert (None if commands is None else [command.get("name") for command in commands]) == names


def test_a_foreign_shell_is_told_once_and_inherited() -> None:
    text = 'FROM a AS b\nSHELL ["pwsh", "-c"]\nRUN x\nRUN y\nFROM b\nRUN z\nFROM c\nRUN w\n'
    reason = "its shell is no POSIX shell, so that its commands are not checked"
    assert [result for result in results(text) if not isinstance(result, Document)] == [
        Unrendered("Dockerfile", reason, Region(3, 1, 3, 4))
    ]
    shells = [stage["instructions"][-1]["shell"] for stage in document(text).data["stages"]]
    assert shells == ["foreign", "foreign", "posix"]


@pytest.mark.parametrize(
    "image", ["mcr.microsoft.com/windows/servercore:ltsc2022", "mcr.microsoft.com/powershell:nanoserver"]
)
def test_an_image_of_windows_has_a_foreign_shell(image: str) -> None:
    assert instruction(f"FROM {image}\nRUN dir\n")["shell"] == "foreign"


def test_the_files_of_copy_given_in_place_are_no_sources() -> None:
    found = document("FROM a\nCOPY <<E <<'F' b /c/\n1 $A\nE\n2\nF\n")
    assert found.data["stages"][0]["instructions"][0] == {
        "keyword": "COPY",
        "sources": [{"text": "b", "value": "b"}],
        "destination": {"text": "/c/", "value": "/c/"},
        "heredocs": [{"name": "E", "content": "1 $A\n"}, {"name": "F", "content": "2\n"}],
    }
    base = ("stages", 0, "instructions", 0, "heredocs")
    assert [at(found, *base, 1), at(found, *base, 1, "content")] == ["'F'", "2\n"]


def test_regions_are_those_of_the_tokens_a_reader_would_edit() -> None:
    found = document(
        "ARG V=1\n"
        "FROM --platform=linux/amd64 \\\n"
        "  golang:$V AS b\n"
        "ENV A=b \\\n"
        "    # why\n"
        "    C=$A\n"
        "RUN --mount=type=cache \\\n"
        "\tapt-get update && \\\n"
        "\n"
        "  # é\n"
        "    A=1 sudo apt-get install -y cu\\\n"
        "rl > /é/l\\\n"
        "og 2>&1\n"
    )
    run = ("stages", 0, "instructions", 1)
    expected: dict[Path, str] = {
        (): "FROM",
        ("arguments",): "FROM",
        ("arguments", 0): "ARG",
        ("arguments", 0, "assignments", 0): "V",
        ("arguments", 0, "assignments", 0, "value"): "1",
        ("stages", 0): "FROM",
        ("stages", 0, "from"): "FROM",
        ("stages", 0, "from", "image"): "golang:$V",
        ("stages", 0, "from", "image", "value"): "golang:$V",
        ("stages", 0, "from", "platform"): "linux/amd64",
        ("stages", 0, "from", "name"): "b",
        ("stages", 0, "from", "stage"): "FROM",
        ("stages", 0, "instructions", 0): "ENV",
        ("stages", 0, "instructions", 0, "assignments", 1, "name"): "C",
        ("stages", 0, "instructions", 0, "assignments", 1, "text"): "$A",
        (*run, "keyword"): "RUN",
        (*run, "flags", 0): "--mount",
        (*run, "flags", 0, "value"): "type=cache",
        (*run, "commands"): "RUN",
        (*run, "commands", 0): "apt-get",
        (*run, "commands", 1, "wrappers", 0): "sudo",
        (*run, "commands", 1, "assignments", 0): "A",
        (*run, "commands", 1, "assignments", 0, "value"): "1",
        (*run, "commands", 1, "arguments", 2): "cu\\\nrl",
        (*run, "commands", 1, "redirects", 0): ">",
        (*run, "commands", 1, "redirects", 0, "target", "value"): "/é/l\\\nog",
        (*run, "commands", 1, "redirects", 1): "2>&",
        (*run, "commands", 1, "missing", "deep"): "apt-get",
    }
    assert {path: at(found, *path) for path in expected} == expected
    assert found.locator.locate((*run, "commands", 1, "arguments", 2)) == Region(11, 33, 12, 3)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_a_byte_order_mark_change_nothing(end: str, mark: str) -> None:
    text = mark + end.join(("FROM a", "RUN \tb \\", "  c", "COPY <<E d", "x", "E", ""))
    found = document(text)
    assert found.data == document("FROM a\nRUN \tb \\\n  c\nCOPY <<E d\nx\nE\n").data
    assert found.locator.locate(("stages", 0, "instructions", 0, "commands", 0, "arguments", 0)) == Region(3, 3, 3, 4)


def test_words_of_a_script_in_quotes_stand_where_they_are_written() -> None:
    found = document('FROM a\nRUN sh -c "b \\"c d\\""\nCMD ["sh", "-c", "e \\"f\\" g"]\n')
    run, cmd = (("stages", 0, "instructions", index, "commands", 1) for index in (0, 1))
    assert [at(found, *run), at(found, *run, "arguments", 0)] == ["b", '\\"c d\\"']
    assert [at(found, *cmd, "arguments", index) for index in (0, 1)] == ['\\"f\\"', "g"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM ${A:-\nUSER b\n", [(EXPANSION + "a closing brace is missing", Region(1, 6, 1, 11))]),
        ("FROM a\nUSER '${b}\n", [(EXPANSION + "a closing single quote is missing", Region(2, 6, 2, 11))]),
        ('FROM a\nENV A="b\n', [(EXPANSION + "a closing double quote is missing", Region(2, 7, 2, 9))]),
        ("FROM a\nUSER ${}\n", [(EXPANSION + "a variable name is missing after the brace", Region(2, 6, 2, 9))]),
        ("FROM a\nUSER ${b^}\n", [(EXPANSION + "a modifier is not supported", Region(2, 6, 2, 11))]),
        ("FROM " + "${a:-" * 99, [(EXPANSION + "braces are nested too deep", Region(1, 6, 1, 501))]),
        ("RUN a\nFROM b\n", [("RUN stands before the first FROM", Region(1, 1, 1, 4))]),
        ("FROM a AS 1\n", [(STAGE_NAME, Region(1, 11, 1, 12))]),
        ("FROM a\nRUN b 'c\n", [("the shell command has a quote that is not closed", Region(2, 7, 2, 8))]),
        ("FROM a\nRUN b\0c\nUSER d\n", [("holds a NUL character, where BuildKit stops reading", Region(2, 6, 2, 7))]),
        ("", [("there is no FROM instruction", Region(1, 1, 1, 1))]),
        ("# a\nARG b\n", [("there is no FROM instruction", Region(1, 1, 1, 1))]),
        (b"FROM a\n\xff", [("byte 0xff is not UTF-8", Region(2, 1, 2, 1))]),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_is_a_problem(text: str | bytes, expected: list[tuple[str, Region]]) -> None:
    assert problems(text) == expected


def test_what_stands_beside_a_problem_is_still_checked() -> None:
    (problem, found) = results("FROM a\nFROBNICATE\nUSER 1\n")
    assert problem == Problem("Dockerfile", "the instruction is unknown", Region(2, 1, 2, 11))
    assert [item["keyword"] for item in found.data["stages"][0]["instructions"]] == ["USER"]


def test_the_context_holds_manifests_and_private_keys_of_the_folder() -> None:
    files = {
        "a/Dockerfile": "",
        "a/Dockerfile.dockerignore": "",
        "a/.dockerignore": "",
        "a/go.mod": "",
        "a/vendor/modules.txt": "",
        "a/web/package-lock.json": "{}",
        "a/requirements-dev.txt": "",
        "a/tls.key": KEY,
        "a/ca.pem": "-----BEGIN CERTIFICATE-----",
        "a/large.pem": KEY + " " * 70_000,
        "ab/go.sum": "",
        "go.sum": "",
    }
    assert document("FROM a\n", "a/Dockerfile", files).data["context"] == {
        "known": True,
        "files": [
            ".dockerignore",
            "Dockerfile.dockerignore",
            "go.mod",
            "requirements-dev.txt",
            "vendor/modules.txt",
            "web/package-lock.json",
        ],
        "private_keys": ["tls.key"],
    }


def test_secrets_are_marked_where_they_stand() -> None:
    token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"[:36]
    found = document(
        "FROM a\n"
        "ARG DB_PASSWORD=hunter2x9\n"
        "ENV API_TOKEN=$DB_PASSWORD NAME=x\n"
        "RUN --mount=type=secret,id=x curl --password 'q8Zr2kLm' --header=x https://u:p4ssW0rdy@h/ && T=$NAME\n"
        f"COPY <<E /x\nkey = {token}\nE\n"
        f'CMD ["x", "--api-key={token}"]\n'
    )
    base = ("stages", 0, "instructions")
    assert {(mark.path, mark.value) for mark in found.secrets} == {
        ((*base, 0, "assignments", 0, "value"), "hunter2x9"),
        ((*base, 1, "assignments", 0, "value"), "hunter2x9"),
        ((*base, 2, "commands", 0, "arguments", 1, "value"), "q8Zr2kLm"),
        ((*base, 2, "commands", 0, "arguments", 3, "value"), "p4ssW0rdy"),
        ((*base, 3, "heredocs", 0, "content"), token),
        ((*base, 4, "arguments", 1, "value"), token),
        ((*base, 4, "commands", 0, "arguments", 0, "value"), token),
    }


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ((), ""),
        (("arguments", 0, "assignments", 0), "ARG[V]"),
        (("stages", 0, "from", "image"), "stages[b].FROM[h:5000/golang].image"),
        (("stages", 1), "stages[1].FROM[b]"),
        (("stages", 1, "instructions", 0, "assignments", 1, "value"), "stages[1].ENV[C]"),
        (("stages", 1, "instructions", 1), "stages[1].COPY[/d]"),
        (("stages", 1, "instructions", 2), "stages[1].RUN[apt-get install]"),
        (("stages", 1, "instructions", 2, "commands", 1, "arguments", 0), "stages[1].RUN[rm].arguments"),
        (("stages", 1, "instructions", 3, "argument"), "stages[1].USER[$U].argument"),
        (("stages", 1, "instructions", 4), "stages[1].SHELL[]"),
        (("stages", 9, "instructions", 9), "stages[9].[]"),
    ],
)
def test_names_hold_no_numbers_that_neighbours_move(path: Path, expected: str) -> None:
    found = document(
        "ARG V=1\nFROM h:5000/golang:$V@sha256:0 AS b\nFROM b\nENV A=1 C=2\nCOPY c /d\n"
        'RUN apt-get -y install x && rm y\nUSER $U\nSHELL ["sh", "-c"]\n'
    )
    assert found.locator.name(path) == expected


@pytest.mark.parametrize(
    "name",
    ["Dockerfile", "Dockerfile.dev", "web.Dockerfile", "Containerfile", "Containerfile.dev", "web.containerfile"],
)
def test_the_names_of_dockerfiles_are_certain(name: str) -> None:
    assert claimed_by_name(name) is dockerfile


def test_nothing_is_a_dockerfile_by_its_content() -> None:
    assert dockerfile.recognizes(SourceFile("x", b"FROM a\n")) is False


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (
            "Dockerfile.j2",
            "FROM {{ x }}",
            [Unrendered("Dockerfile.j2", "a template (Jinja) that only its renderer turns into a Dockerfile")],
        ),
        (
            "Dockerfile.tmpl",
            "FROM a",
            [Unrendered("Dockerfile.tmpl", "a template that only its renderer turns into a Dockerfile")],
        ),
        ("Dockerfile.md", "# FROM", [Skipped("Dockerfile.md", OTHER)]),
        ("dockerfile.py", "from x import y", [Skipped("dockerfile.py", OTHER)]),
        ("x.dockerfile.json", "{}", [Skipped("x.dockerfile.json", OTHER)]),
    ],
)  # fmt: skip
def test_a_file_that_is_only_named_like_a_dockerfile_is_told(path: str, text: str, expected: list[object]) -> None:
    assert results(text, path) == expected


def test_a_dockerfile_for_a_language_is_checked() -> None:
    assert document("# syntax=x\n\nARG A=b\nFROM $A\n", "Dockerfile.go").kind == "dockerfile"


def rebuilt(raw: str) -> str:
    """Return what a shell reads of a region: lines are joined where a backslash says so."""
    return re.sub(r"\\[ \t]*\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*", "", raw)


def test_real_dockerfiles_are_documents_whose_arguments_stand_where_they_say(
    corpus: Callable[[str], pathlib.Path],
) -> None:
    root = corpus("realworld")
    sources = [
        SourceFile(path.relative_to(root).as_posix(), path.read_bytes())
        for path in sorted(root.rglob("*"))
        if path.is_file() and claimed_by_name(path.name) is dockerfile
    ]
    given = [result for source in sources for result in dockerfile.normalize(source, Files({}))]
    found = [result for result in given if isinstance(result, Document)]
    assert [result for result in given if not isinstance(result, Document)] == []
    assert len(found) == len(sources)
    wrong = []
    for one in found:
        SCHEMA.validate(one.data)
        for path, node in paths(one.data):
            raw = at(one, *path)
            if isinstance(node, dict) and "text" in node and not raw.startswith("--"):
                text = node["name"] if "name" in node else node["text"]
                if text not in (rebuilt(raw), rebuilt(raw).strip('"'), rebuilt(raw).replace('\\"', '"')):
                    wrong.append((one.source.path, path, text, raw))
    assert wrong == []


FRAGMENTS = st.lists(
    st.sampled_from(
        [
            *(
                "FROM a\n",
                "FROM a AS b\n",
                "ARG A=1\n",
                "ENV A=$A B='c d'\n",
                "RUN ",
                "RUN <<E\n",
                "E\n",
                "a b",
                " && ",
            ),
            *(
                " \\\n",
                "\t",
                "\n",
                "'",
                '"',
                "$A",
                "${A:-",
                "}",
                "# c\n",
                "COPY ",
                "--from=b ",
                "x y\n",
                "\0",
                "é",
                "|",
            ),
            *('CMD ["a", "$A"]\n', "ONBUILD ", "HEALTHCHECK CMD ", 'SHELL ["cmd"]\n', "USER ", "LABEL ", "a=b ", "("),
            *(")", "sh -c ", "\r\n", "\r"),
        ]
    ),
    max_size=20,
).map("".join)


@settings(max_examples=150, deadline=None)
@given(FRAGMENTS)
def test_any_text_gives_documents_of_the_schema_and_places_in_the_text(text: str) -> None:
    for result in results(text):
        if not isinstance(result, Document):
            assert result.region is not None
            assert result.region.end_line <= result_lines(text)
            continue
        SCHEMA.validate(result.data)
        for path, _ in paths(result.data):
            region = result.locator.locate(path)
            assert region.end_line <= result.source.text.line_count
            assert (region.start_line, region.start_column) <= (region.end_line, region.end_column)
            assert result.locator.name(path) is not None


def result_lines(text: str) -> int:
    return SourceFile("x", text.encode()).text.line_count
