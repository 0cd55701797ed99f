"""Tests what is a comment, and which code it stands at."""

from __future__ import annotations

import re

import pytest

from checker.syntax import comments
from checker.text import Text

PATTERN = re.compile(r"#[ \t]*mark[^\r\n]*")


def found(kind: str, value: str) -> list[tuple[str, tuple[int, int]]]:
    return [(one.match[0], one.lines) for one in comments.OF[kind](Text(value), PATTERN)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a: 1 # mark\n", [("# mark", (1, 1))]),
        ("# mark\n\n# other\na: 1\n", [("# mark", (4, 4))]),
        ("a: 1\n# mark\n---\nb: 1\n", [("# mark", (4, 4))]),
        ("a: 1\n# mark", [("# mark", (2, 2))]),
        ("a: '# mark'\n", []),
        ("a: |\n  # mark\n  text\n# mark 2\nb: 1\n", [("# mark 2", (5, 5))]),
        ('a: "x\n  # mark"\n', []),
        ("a: b# mark\n", []),
        ("- &x a # mark\n- *x # mark\n", [("# mark", (1, 1)), ("# mark", (2, 2))]),
        ("a: [1, # mark\n  2]\n", [("# mark", (1, 1))]),
        ("a: [1\n# mark\n---\nb: 1 # mark\n", [("# mark", (4, 4))]),
        ("a: 1\r\n  # mark\r\nb: 2\r\n", [("# mark", (3, 3))]),
        ("# mark\n{a: '# mark'}\n", [("# mark", (2, 2))]),
        ("", []),
    ],
)
def test_comment_of_yaml_stands_at_its_line_or_the_next_one_with_code(
    value: str, expected: list[tuple[str, tuple[int, int]]]
) -> None:
    assert found("kubernetes", value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("A=1 # mark\n", [("# mark", (1, 1))]),
        ("# mark\nA=1\n", [("# mark", (2, 2))]),
        ("A='x # mark'\n", []),
        ('A="x\n# mark"\nB=1 # mark\n', [("# mark", (3, 3))]),
        ("A=x# mark\n", []),
        ("A= # mark\n", [("# mark", (1, 1))]),
    ],
)
def test_comment_of_an_env_file_is_outside_of_values(value: str, expected: list[tuple[str, tuple[int, int]]]) -> None:
    assert found("env", value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("# mark\nFROM a\n", [("# mark", (2, 2))]),
        ("FROM a\n# mark\nRUN a \\\n  && b\nRUN c\n", [("# mark", (3, 4))]),
        ("FROM a\nRUN a \\\n  # mark\n  && b \\\n  && c\n", [("# mark", (4, 4))]),
        ("FROM a\nRUN echo # mark\n", []),
        ("FROM a\nRUN <<E\n# mark\necho\nE\n# mark 2\nUSER a\n", [("# mark 2", (7, 7))]),
        ("FROM a\n# mark\n", [("# mark", (2, 2))]),
        ("# escape=`\nFROM a\n# mark\nRUN a `\n b\n", [("# mark", (4, 5))]),
    ],
)
def test_comment_of_a_dockerfile_is_a_line_and_stands_at_an_instruction(
    value: str, expected: list[tuple[str, tuple[int, int]]]
) -> None:
    assert found("dockerfile", value) == expected
