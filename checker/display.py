"""Fits text of unknown origin to the columns of a terminal."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate
from typing import Final

_UNSAFE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Control characters, which steer a terminal, and those that turn the direction of writing, which mislead a reader."""

TAB: Final = "    "
ELLIPSIS: Final = "..."


def printable(text: str) -> str:
    """Return a text of one line with tabs as four spaces and unsafe characters as visible escapes."""
    return _UNSAFE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code == ord("\t"):
        return TAB
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"  # noqa: PLR2004 - two hexadecimal digits


def columns(text: str) -> int:
    """Return how many columns of a terminal a printable text takes: two for wide characters, none for marks."""
    return len(text) if text.isascii() else sum(map(_columns, text))


@lru_cache(maxsize=4096)
def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def wrap(text: str, width: int) -> list[str]:
    """Return the lines of a paragraph, broken at spaces only, so that what may be copied stays whole."""
    lines: list[str] = []
    used = 0
    for word in printable(" ".join(text.split())).split(" "):
        needed = columns(word)
        if lines and used + 1 + needed <= width:
            lines[-1] += f" {word}"
            used += 1 + needed
        else:
            lines.append(word)
            used = needed
    return lines


def flow(markdown: str, width: int) -> list[str]:
    """Return the lines of a text in Markdown: paragraphs and items of lists wrapped, fenced code as it is written."""
    lines: list[str] = []
    paragraph: list[str] = []
    is_code = False
    for line in [*markdown.splitlines(), ""]:
        is_fence = line.lstrip().startswith("```")
        if paragraph and (is_fence or not line.strip() or line.startswith("- ")):
            lines += wrap(" ".join(paragraph), width)
            paragraph = []
        if is_fence:
            is_code = not is_code
        elif is_code:
            lines.append(printable(f"  {line}".rstrip()))
        elif line.strip():
            paragraph.append(line)
    return lines


def excerpt(line: str, start: int, end: int, width: int) -> tuple[str, int, int]:
    """Return what of a line fits around the characters from `start` to `end`, and the column and width of these in it.

    At least one column is marked, even past the end of the line.
    """
    before, marked, after = (printable(part) for part in (line[:start], line[start:end], line[end:]))
    needed = max(columns(marked), 1)
    if columns(before) + needed + columns(after) > width:
        lead = width - min(needed, 2 * width // 3) - (len(ELLIPSIS) if after else 0)
        before = _last(before, lead)
        room = width - columns(before)
        if needed + columns(after) > room:
            shown = _first(marked + after, room - len(ELLIPSIS)) + ELLIPSIS
            return before + shown, columns(before), min(needed, room)
    return before + marked + after, columns(before), needed


def _last(text: str, width: int) -> str:
    """Return the end of a text that fits, with a sign of what is left out before it."""
    if columns(text) <= width:
        return text
    return ELLIPSIS + _first(text[::-1], width - len(ELLIPSIS))[::-1]


def _first(text: str, width: int) -> str:
    """Return the beginning of a text that fits."""
    if text.isascii():
        return text[: max(width, 0)]
    return text[: bisect_right(list(accumulate(map(_columns, text))), width)]
