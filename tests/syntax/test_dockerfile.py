"""Compares the map of a Dockerfile's text with what BuildKit's own parser reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dockerfile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.syntax.dockerfile.instructions import Fault, Instruction, read
from checker.syntax.dockerfile.lines import directives, logical_lines
from checker.syntax.dockerfile.words import assignments, spaced_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TOKENS = st.sampled_from(
    [
        *("FROM ", "RUN ", "COPY ", "ENV ", "LABEL ", "ARG ", "ONBUILD ", "HEALTHCHECK ", "CMD ", "USER ", "EXPOSE "),
        *("\n", "\n", "\r\n", "\\\n", "\\ \n", "\\\\\n", " ", "\t", "#", "# c\n", "`\n", "`", "# escape=`\n", "run "),
        *("<<EOF", "<<-EOF", "<<'EOF'", '<<"E F"', "EOF", "EOF\n", "\n\tEOF\n", "3<<X ", "\nX\n", "\\ ", "é"),
        *("a", "b=c", "'", '"', "\\", "${x:-y}", "$a", "${", "}", '["a", "b"]', "[", "a\\ b", "'q r'", "="),
        *("--mount=a=b ", "--x ", "-- ", '--y="a b" '),
    ]
)


def arguments(instruction: Instruction, escape: str) -> list[str]:
    """Return an instruction's arguments as BuildKit's parser splits them."""
    text = instruction.arguments
    if instruction.words is not None:
        front = ["CMD"] if instruction.keyword == "HEALTHCHECK" else []
        return front + [word.decoded.text for word in instruction.words if word.decoded is not None]
    if instruction.keyword in ("ENV", "LABEL"):
        pairs = assignments(text, escape, is_argument=False)
        return [word.text for pair in pairs for word in (pair.name, pair.value) if word is not None]
    if instruction.keyword == "ARG":
        pairs = assignments(text, escape, is_argument=True)
        return [pair.name.text + (f"={pair.value.text}" if pair.value else "") for pair in pairs]
    if instruction.keyword in ("FROM", "COPY", "ADD", "EXPOSE", "VOLUME"):
        return [word.text for word in spaced_words(text)]
    if instruction.keyword == "HEALTHCHECK":
        kind, _, rest = text.text.partition(" ")
        return [part for part in (kind.upper(), rest.strip()) if part]
    return [text.text.strip()] if text.text.strip() else []


def mapped(text: str) -> list[dict[str, Any]]:
    result = read(text)
    faulty = {fault.start for fault in result.faults}
    return [
        {
            "keyword": instruction.keyword,
            "lines": (instruction.line.number, instruction.line.last),
            "flags": [
                flag.name.text + (f"={flag.plain}" if flag.value else "")
                for flag in instruction.flags
                if not instruction.is_onbuild
            ],
            "arguments": [word.rstrip(result.escape) for word in arguments(instruction, result.escape)],
            "heredocs": [
                (heredoc.name, heredoc.content.text)
                for heredoc in instruction.heredocs
                if not instruction.is_onbuild and heredoc.name
            ],
        }
        for instruction in result.instructions
        if not any(instruction.line.start <= start < instruction.line.end for start in faulty)
    ]


def parsed(text: str) -> list[dict[str, Any]]:
    """Return what BuildKit's parser reads; behind ONBUILD it gives neither flags nor here-documents."""
    escape = directives(text)[0].get("escape", "\\")
    return [
        {
            "keyword": (command.sub_cmd or command.cmd or "").upper(),
            "lines": (command.start_line, command.end_line),
            "flags": list(command.flags),
            "arguments": [word.rstrip(escape) for word in command.value],
            "heredocs": [(heredoc.name, heredoc.content) for heredoc in command.heredocs],
        }
        for command in dockerfile.parse_string(text)
    ]


@settings(max_examples=300, deadline=None)
@given(st.lists(TOKENS, max_size=14).map("".join))
def test_what_is_read_is_what_buildkit_reads(tail: str) -> None:
    text = f"FROM x\n{tail}"
    try:
        expected = parsed(text)
    except dockerfile.GoParseError:
        return
    lines = {(line.number, line.last) for line in logical_lines(text, directives(text)[0].get("escape", "\\"))}
    assert lines >= {item["lines"] for item in expected}
    ours = mapped(text)
    assert ours == [item for item in expected if item["lines"] in {own["lines"] for own in ours}]


def test_real_dockerfiles_are_read_as_buildkit_reads_them(corpus: Callable[[str], Path]) -> None:
    texts = [path.read_text("utf-8") for path in sorted(corpus("realworld").rglob("Dockerfile*")) if path.is_file()]
    assert [mapped(text) for text in texts] == [parsed(text) for text in texts]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("FROM a\nFROBNICATE b\n", [("the instruction is unknown", "FROBNICATE")]),
        ("FROM a\nENV A\nUSER b\n", [("the value of a variable is missing", "ENV A")]),
        ("FROM a\nENV a=b c\n", [("an equals sign is missing between name and value", "ENV a=b c")]),
        ("FROM a\nRUN <<E\nx\n", [("a here-document has no end", "RUN <<E")]),
        (
            "FROM a\nCMD [[1]]\n",
            [("a JSON array in place of arguments holds something other than strings", "CMD [[1]]")],
        ),
        ("FROM a\nCOPY b\n", [("COPY needs a source and a destination", "COPY")]),
        ("FROM a b\n", [("FROM needs one image, or an image, AS and a name", "FROM")]),
        ("FROM a\nSHELL bash -c\n", [("SHELL needs a JSON array of strings", "SHELL")]),
        ("FROM a\nHEALTHCHECK TCP 80\n", [("HEALTHCHECK needs CMD or NONE", "TCP")]),
        ("FROM a\nRUN\n", [("RUN has no arguments", "RUN")]),
        ("FROM a\nONBUILD FROM b\n", [("FROM is not allowed behind ONBUILD", "FROM")]),
        ("FROM a\nRUN b\0c\n", [("holds a NUL character, where BuildKit stops reading", "\0")]),
        (
            "FROM a\nRUN " + "b" * 65_532 + "\n",
            [("holds a line that is longer than the 65,535 bytes that BuildKit reads", "RUN " + "b" * 65_532)],
        ),
        (
            "FROM a\nRUN b" + " \\\n c" * 50_000,
            [("the instruction is longer than 100,000 characters", "RUN b" + " \\\n c" * 50_000)],
        ),
        (
            "# escape=x\nFROM a\n",
            [("the parser directive is given twice or has no valid value", "escape=x")],
        ),
    ],
)
def test_what_buildkit_refuses_has_a_place_and_a_reason(text: str, faults: list[tuple[str, str]]) -> None:
    assert [(fault.reason, text[fault.start : fault.end]) for fault in read(text).faults] == faults


def test_the_rest_of_a_refused_file_is_still_read() -> None:
    text = "FROM a\nENV A\nRUN b \\\n c\nCOPY d\nUSER 1\n"
    result = read(text)
    assert [instruction.keyword for instruction in result.instructions] == ["FROM", "RUN", "COPY", "USER"]
    assert result.faults == [
        Fault("the value of a variable is missing", 7, 12),
        Fault("COPY needs a source and a destination", 24, 28),
    ]


def test_an_escape_directive_is_obeyed_also_where_each_line_is_asked_for_alone() -> None:
    text = "# escape=`\nFROM a\nRUN c:\\b `\n c\nENV A\n"
    assert [instruction.arguments.text for instruction in read(text).instructions] == ["a", "c:\\b  c"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#syntax = docker/dockerfile:1\n# Escape=`\n", {"syntax": "docker/dockerfile:1", "escape": "`"}),
        ("# other=1\n# check=skip=all\n", {"check": "skip=all"}),
        ("# comment\n# escape=`\n", {}),
        ("\n# escape=`\n", {}),
    ],
)
def test_directives_stand_at_the_top(text: str, expected: dict[str, str]) -> None:
    assert directives(text) == (expected, [])
