"""Tests how text of unknown origin is fitted to a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.display import columns, excerpt, flow, printable, wrap


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("a\tb", "a    b"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\x9b31m", "\\x9b31m"),
        ("a\u202eb\u2066", "a\\u202eb\\u2066"),
        ("é漢", "é漢"),
    ],
)
def test_what_steers_a_terminal_is_shown_instead_of_sent(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(
    ("text", "width"), [("abc", 3), ("漢字", 4), ("e\u0301", 1), ("\U0001f680", 2), ("a\u200bb", 2), ("é", 1), ("", 0)]
)
def test_width_counts_columns_of_a_terminal(text: str, width: int) -> None:
    assert columns(text) == width


def test_paragraph_breaks_at_spaces_only() -> None:
    assert wrap("one two  three\nhttps://example.org/long four 漢字 x", 9) == [
        "one two",
        "three",
        "https://example.org/long",
        "four 漢字",
        "x",
    ]


def test_markdown_keeps_its_code_and_wraps_the_rest() -> None:
    markdown = """\
Replace the secret, and
pass the new one:

- when it starts
- or to one step:
```dockerfile
RUN --mount=type=secret,id=token \\
  ./fetch.sh\x1b

USER 1
```
Then change it.
"""
    assert flow(markdown, 20) == [
        "Replace the secret,",
        "and pass the new",
        "one:",
        "- when it starts",
        "- or to one step:",
        "  RUN --mount=type=secret,id=token \\",
        "    ./fetch.sh\\x1b",
        "",
        "  USER 1",
        "Then change it.",
    ]


@pytest.mark.parametrize(
    ("line", "start", "end", "width", "shown"),
    [
        ("short line", 6, 10, 20, ("short line", 6, 4)),
        ("\tkey: 漢字", 6, 8, 20, ("    key: 漢字", 9, 4)),
        ("value", 5, 5, 20, ("value", 5, 1)),
        ("0123456789abcdefghij", 0, 3, 10, ("0123456...", 0, 3)),
        ("0123456789abcdefghij", 17, 20, 10, ("...defghij", 7, 3)),
        ("0123456789abcdefghij", 20, 20, 10, ("...efghij", 9, 1)),
        ("漢字漢字漢字漢字", 3, 5, 10, ("...字漢...", 3, 4)),
        ("0123456789abcdefghij", 0, 20, 10, ("0123456...", 0, 10)),
        ("0123456789abcdefghij", 9, 11, 12, ("...56789a...", 7, 2)),
    ],
)
def test_excerpt_keeps_the_marked_part_in_sight(
    line: str, start: int, end: int, width: int, shown: tuple[str, int, int]
) -> None:
    assert excerpt(line, start, end, width) == shown


_LINES = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("ab \t漢e\u0301\x1b")), max_size=80
)


@given(_LINES, st.integers(0, 80), st.integers(0, 80), st.integers(10, 60))
def test_excerpt_fits_and_marks_something(line: str, one: int, other: int, width: int) -> None:
    start, end = sorted((min(one, len(line)), min(other, len(line))))
    shown, offset, length = excerpt(line, start, end, width)
    assert printable(shown) == shown
    assert columns(shown) <= width
    assert length >= 1
    assert offset + length <= width + 1


@given(_LINES, st.integers(10, 60))
def test_paragraph_keeps_its_words(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert " ".join(lines) == printable(" ".join(text.split()))
    assert [line for line in lines if columns(line) > width and " " in line] == []
