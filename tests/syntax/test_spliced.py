"""Tests that a text made of pieces knows where each of its characters stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.syntax.dockerfile.words import decode_json, flags, json_words, quoted_words, unquote
from checker.syntax.spliced import Spliced

SOURCE = 'ab\\\n  cd \\"e'
TEXT = Spliced([("ab", 0, 2), ("cd ", 6, 9), ('"', 9, 11), ("e", 11, 12)])


@pytest.mark.parametrize(
    ("start", "end", "place"),
    [(0, 2, "ab"), (1, 3, "b\\\n  c"), (2, 4, "cd"), (5, 6, '\\"'), (5, 7, '\\"e'), (2, 2, ""), (7, 7, "")],
)
def test_a_span_reaches_from_the_first_to_the_last_character(start: int, end: int, place: str) -> None:
    first, last = TEXT.span(start, end)
    assert SOURCE[first:last] == place


def test_a_part_keeps_its_places() -> None:
    part = TEXT.part(1, 6)
    assert part.text == 'bcd "'
    assert list(part.pieces()) == [("b", 1, 2), ("cd ", 6, 9), ('"', 9, 11)]


def test_an_empty_text_stands_where_it_would_begin() -> None:
    assert TEXT.part(3, 3).span(0, 0) == (7, 7)
    assert Spliced([], 5).span(0, 0) == (5, 5)


@given(st.lists(st.text(min_size=0, max_size=4), max_size=6), st.data())
def test_parts_of_parts_stand_where_the_whole_says(texts: list[str], data: st.DataObject) -> None:
    pieces, offset = [], 0
    for text in texts:
        pieces.append((text, offset, offset + len(text)))
        offset += len(text) + 2
    whole = Spliced(pieces)
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, len(whole)))
    part = whole.part(start, end)
    assert part.text == whole.text[start:end]
    assert [part.start(index) for index in range(len(part))] == [
        whole.start(start + index) for index in range(len(part))
    ]


def plain(text: str) -> Spliced:
    return Spliced([(text, 0, len(text))])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", "a"),
        ("'a b'\"c\"", "a bc"),
        ("a\\ b", "a b"),
        ("'a\\'b'", "a'b"),
        ("a\\", "a"),
        ('"a', "a"),
    ],
)
def test_flags_lose_quotes_and_backslashes(text: str, expected: str) -> None:
    assert unquote(text) == expected


@pytest.mark.parametrize(
    ("text", "names", "rest"),
    [("--a=b  --c d", ["--a", "--c"], "d"), ("-- --a", [], "--a"), ("a --b", [], "a --b"), ("--a", ["--a"], "")],
)
def test_flags_stand_before_the_arguments(text: str, names: list[str], rest: str) -> None:
    found, position = flags(plain(text), 0)
    assert ([flag.name.text for flag in found], text[position:].strip()) == (names, rest)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('["a", "b\\n"] c', ["a", "b\n"]),
        ('["\\ud83d\\ude00"]', ["\U0001f600"]),
        ("[]", []),
        ("a", None),
        ("[a]", None),
        ("[1]", None),
    ],
)
def test_a_json_array_of_strings_is_read_to_its_end(text: str, expected: list[str] | None) -> None:
    words = json_words(plain(text))
    assert (None if words is None else [word.decoded.text for word in words if word.decoded is not None]) == expected


def test_an_escape_in_json_stands_for_one_character() -> None:
    decoded = decode_json(plain('a\\"b'), 0, 4)
    assert [decoded.span(index, index + 1) for index in range(3)] == [(0, 1), (1, 3), (3, 4)]


def test_quotes_hold_words_together() -> None:
    assert [word.text for word in quoted_words(plain("a='b c' d\\ e \"f"), "\\")] == ["a='b c'", "d\\ e", '"f']
