"""Splits the arguments of an instruction into words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from checker.syntax.spliced import Piece, Spliced

_WHITESPACE: Final = re.compile(r"[\t\v\f\r ]+")
_JSON_SPACE: Final = " \t\r\n"
_JSON_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_JSON_ESCAPE: Final = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.")


class Word(NamedTuple):
    """Holds a word as written and the offsets in the source between which it stands."""

    text: str
    start: int
    end: int
    decoded: Spliced | None = None
    """The content of a JSON string."""


class Assignment(NamedTuple):
    """Holds `name=value` or `name value`; no value for an ARG without default."""

    name: Word
    value: Word | None


class Flag(NamedTuple):
    """Holds `--name=value`; `plain` is the value without quotes."""

    name: Word
    value: Word | None
    plain: str = ""


def word(text: Spliced, start: int, end: int) -> Word:
    """Return the word between two positions."""
    return Word(text.text[start:end], *text.span(start, end))


def spaced_words(text: Spliced) -> list[Word]:
    """Split at whitespace, whatever stands in quotes."""
    found = []
    start = 0
    for match in (*_WHITESPACE.finditer(text.text), None):
        end = match.start() if match else len(text.text)
        if end > start:
            found.append(word(text, start, end))
        start = match.end() if match else end
    return found


def whole(text: Spliced) -> Word | None:
    """Return all that is written as one word, or None."""
    stripped = text.text.strip()
    if not stripped:
        return None
    start = text.text.index(stripped)
    return word(text, start, start + len(stripped))


@cache
def _quoted_word(escape: str) -> re.Pattern[str]:
    mark = re.escape(escape)
    return re.compile(
        rf"(?:[^\s'\"{mark}]|{mark}(?:.|$)|'(?:[^'{mark}]|{mark}(?:.|$))*(?:'|$)|\"(?:[^\"{mark}]|{mark}(?:.|$))*(?:\"|$))+",
        re.DOTALL,
    )


def quoted_words(text: Spliced, escape: str) -> list[Word]:
    """Split at whitespace that is neither quoted nor escaped."""
    return [word(text, *match.span()) for match in _quoted_word(escape).finditer(text.text)]


def assignments(text: Spliced, escape: str, *, is_argument: bool) -> list[Assignment]:
    """Split the arguments of ENV and LABEL, or of ARG, whose assignments may lack a value."""
    matches = list(_quoted_word(escape).finditer(text.text))
    if matches and not is_argument and "=" not in matches[0][0]:
        return _old_assignment(text)
    found = []
    for match in matches:
        name, separator, _ = match[0].partition("=")
        middle = match.start() + len(name)
        value = word(text, middle + 1, match.end()) if separator else None
        found.append(Assignment(word(text, match.start(), middle), value))
    return found


def _old_assignment(text: Spliced) -> list[Assignment]:
    """Split `name value`: everything behind the first whitespace is the value."""
    parts = spaced_words(text)
    if len(parts) < 2:  # noqa: PLR2004 - a name and a value
        return []
    end = len(text.text.rstrip())
    match = _WHITESPACE.search(text.text, len(text.text) - len(text.text.lstrip()))
    begin = match.end() if match else end
    return [Assignment(parts[0], word(text, begin, end))]


def flags(text: Spliced, position: int) -> tuple[list[Flag], int]:
    """Read `--name=value` words from a position on; return them and where the arguments begin."""
    found: list[Flag] = []
    length = len(text.text)
    while True:
        while position < length and text.text[position].isspace():
            position += 1
        if not text.text.startswith("--", position):
            return found, position
        match = _quoted_word("\\").match(text.text, position)
        if match is None or match[0] == "--":
            return found, position + 2
        found.append(_flag(text, match))
        position = match.end()


def _flag(text: Spliced, match: re.Match[str]) -> Flag:
    name, separator, value = match[0].partition("=")
    middle = match.start() + len(name)
    if not separator:
        return Flag(word(text, match.start(), middle), None)
    return Flag(word(text, match.start(), middle), word(text, middle + 1, match.end()), unquote(value))


def unquote(value: str) -> str:
    """Remove quotes and backslashes as BuildKit does in flags."""
    return re.sub(r"\\(.)|\\$|(['\"])((?:(?!\2)[^\\]|\\.)*)(?:\2|$)", _unquoted, value, flags=re.DOTALL)


def _unquoted(match: re.Match[str]) -> str:
    if match[2]:
        return re.sub(r"\\(.)", r"\1", match[3], flags=re.DOTALL)
    return match[1] or ""


def json_words(text: Spliced, position: int = 0) -> list[Word] | None:
    """Read a JSON array of strings from a position on; None where there is none, and what follows it is ignored."""
    rest = text.text[position:].lstrip()
    if not rest.startswith("["):
        return None
    position = len(text.text) - len(rest)
    try:
        values, end = json.JSONDecoder(strict=False).raw_decode(rest)
    except ValueError:
        return None
    if not all(isinstance(value, str) for value in values):
        return None
    return [
        Word(match[0], *text.span(*match.span()), decoded=decode_json(text, match.start() + 1, match.end() - 1))
        for match in _JSON_STRING.finditer(text.text, position, position + end)
    ]


def decode_json(text: Spliced, start: int, end: int) -> Spliced:
    """Return the content of a JSON string between two positions."""
    return Spliced(_decoded(text, start, end), text.start(start))


def _decoded(text: Spliced, start: int, end: int) -> Iterator[Piece]:
    for match in _JSON_ESCAPE.finditer(text.text, start, end):
        yield from text.pieces(start, match.start())
        value = json.loads(f'"{match[0]}"')
        yield (value, *text.span(*match.span()))
        start = match.end()
    yield from text.pieces(start, end)
