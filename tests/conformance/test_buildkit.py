"""Runs the files of BuildKit's own parser tests: the good ones give its instructions, the bad ones problems."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

import pytest
from dockerfile import parse_string

from checker.model import Problem, SourceFile
from checker.normalizers import dockerfile
from checker.syntax.dockerfile.instructions import Instruction, read
from checker.syntax.dockerfile.words import assignments, spaced_words
from tests.trees import NoTree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FOLDER: Final = "frontend/dockerfile/parser"
SIGN: Final = 2
"""BuildKit prints name, value and the sign between them."""

STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"')

REFUSED: Final = {
    "env": ["the expansion does not parse: a closing single quote is missing"],
    "escapes": ["the expansion does not parse: a closing double quote is missing"],
    "health": ["HEALTHCHECK has no arguments", "HEALTHCHECK needs CMD or NONE"],
    "jeztah-invalid-json-json-inside-string": ["CMD stands before the first FROM", "there is no FROM instruction"],
    "jeztah-invalid-json-json-inside-string-double": [
        "CMD stands before the first FROM",
        "there is no FROM instruction",
    ],
    "jeztah-invalid-json-single-quotes": ["CMD stands before the first FROM", "there is no FROM instruction"],
    "jeztah-invalid-json-unterminated-bracket": ["CMD stands before the first FROM", "there is no FROM instruction"],
    "jeztah-invalid-json-unterminated-string": ["CMD stands before the first FROM", "there is no FROM instruction"],
    "json": ["CMD stands before the first FROM"] * 8 + ["there is no FROM instruction"],
}
"""Files that BuildKit's parser takes and its next step, which makes a build of them, refuses for these reasons."""


def expected(line: str) -> tuple[str, list[str]]:
    """Return the innermost keyword and the strings of one instruction in BuildKit's notation."""
    keyword = re.findall(r"\(([a-z]+)", STRING.sub("", line))[-1].upper()
    strings = [ast.literal_eval(string) for string in STRING.findall(line)]
    if keyword in ("ENV", "LABEL"):
        strings = [string for index, string in enumerate(strings) if index % 3 != SIGN]
    return keyword, strings


def found(instruction: Instruction, escape: str) -> tuple[str, list[str]]:
    """Return the keyword, flags and arguments of an instruction."""
    flags = [flag.name.text + (f"={flag.plain}" if flag.value else "") for flag in instruction.flags]
    return instruction.keyword, [*flags, *arguments(instruction, escape)]


def arguments(instruction: Instruction, escape: str) -> list[str]:
    text, keyword = instruction.arguments, instruction.keyword
    if keyword in ("ENV", "LABEL", "ARG"):
        pairs = assignments(text, escape, is_argument=keyword == "ARG")
        if keyword == "ARG":
            return [pair.name.text + (f"={pair.value.text}" if pair.value else "") for pair in pairs]
        return [word.text for pair in pairs for word in (pair.name, pair.value) if word]
    kind = ["CMD"] if keyword == "HEALTHCHECK" else []
    if instruction.words is not None:
        return kind + [word.decoded.text for word in instruction.words if word.decoded is not None]
    if keyword in ("FROM", "COPY", "ADD", "EXPOSE", "VOLUME"):
        return [word.text for word in spaced_words(text)]
    parts = text.text.split(" ", 1) if kind else [text.text]
    return [part.strip() for part in parts if part.strip()]


def good(corpus: Callable[[str], Path]) -> dict[str, Path]:
    folder = corpus("buildkit-parser") / FOLDER / "testfiles"
    return {case.name: case for case in sorted(folder.iterdir())}


def test_each_good_file_gives_the_instructions_that_buildkit_expects(corpus: Callable[[str], Path]) -> None:
    for case in good(corpus).values():
        result = read((case / "Dockerfile").read_text("utf-8"))
        ours = [found(instruction, result.escape) for instruction in result.instructions]
        assert ours == [expected(line) for line in (case / "result").read_text("utf-8").splitlines()], case.name


def problems(path: Path) -> list[str]:
    results = dockerfile.normalize(SourceFile("Dockerfile", path.read_bytes()), NoTree())
    return [result.reason for result in results if isinstance(result, Problem)]


def test_what_is_refused_of_the_good_files_is_known(corpus: Callable[[str], Path]) -> None:
    refused = {name: problems(case / "Dockerfile") for name, case in good(corpus).items()}
    assert {name: reasons for name, reasons in refused.items() if reasons} == REFUSED


@pytest.mark.parametrize(
    ("name", "reasons"),
    [
        ("empty_dockerfile", ["there is no FROM instruction"]),
        ("only_comments", ["there is no FROM instruction"]),
        ("env_no_value", ["the value of a variable is missing"]),
        (
            "shykes-nested-json",
            [
                "a JSON array in place of arguments holds something other than strings",
                "there is no FROM instruction",
            ],
        ),
    ],
)
def test_each_bad_file_is_a_problem(corpus: Callable[[str], Path], name: str, reasons: list[str]) -> None:
    folder = corpus("buildkit-parser") / FOLDER / "testfiles-negative"
    assert sorted(case.name for case in folder.iterdir()) == [
        "empty_dockerfile",
        "env_no_value",
        "only_comments",
        "shykes-nested-json",
    ]
    assert problems(folder / name / "Dockerfile") == reasons


def test_lines_are_counted_as_buildkit_counts_them(corpus: Callable[[str], Path]) -> None:
    text = (corpus("buildkit-parser") / FOLDER / "testfile-line" / "Dockerfile").read_text("utf-8")
    assert [(one.line.number, one.line.last) for one in read(text).instructions] == [
        (command.start_line, command.end_line) for command in parse_string(text)
    ]
