"""Shows text without the secrets in it."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from checker.model import Frame

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from checker.text import Region, Text

MASK: Final = "***"
"""Stands for a secret of any length, and for its part of each line."""

_SHORTEST: Final = 4
"""Shorter values are hidden where they stand, not wherever their characters occur."""

_SHORTEST_LINE: Final = 8
"""The same for the lines of a value: in a file that is secret as a whole, `name:` is not."""

_LONGEST_LINE: Final = 200
_BEFORE_CARET: Final = 60
_REGION_LINES: Final = 4
_CONTEXT: Final = 1
_TAB: Final = "    "
_CUT: Final = "…"
_FIRST_CONTROL_PICTURE: Final = 0x2400
_C0_CONTROLS: Final = 0x20
_DELETE: Final = 0x7F
_DELETE_PICTURE: Final = "\u2421"

Span = tuple[int, int]


def mask(string: str, values: Collection[str]) -> str:
    """Return a string in which secret values of four and more characters, and longer lines of them, are hidden."""
    if not values:
        return string
    pieces = _pieces(tuple(values))
    masked = _replace(string, _occurrences(string, pieces))
    return MASK if any(piece in masked for piece in pieces) else masked


def frame(text: Text, region: Region, secrets: Sequence[tuple[Region, str]]) -> Frame:
    """Return the lines of a region and one on each side, with the secrets hidden that stand in these lines.

    `secrets` holds for each secret of the document the region of its path, and its value. A value that does not stand
    literally in its region (escapes, folding, base64) hides the whole region. Lines of more than 200 characters are
    cut around the caret; tabs become four spaces, and characters that would not be seen become visible.
    """
    line = min(region.start_line, text.line_count)
    last = min(region.end_line, line + _REGION_LINES - 1, text.line_count)
    first = max(1, line - _CONTEXT)
    ends_with_line_end = text.line_count > 1 and not text.line(text.line_count)
    final = max(last, min(text.line_count - ends_with_line_end, last + _CONTEXT))
    pieces = _pieces(tuple(value for _, value in secrets))
    spans = _hidden(text, secrets, (first, final))
    start = text.offset(line, region.start_column)
    end = text.offset(line, region.end_column) if region.end_line == region.start_line else text.line_span(line)[1]
    lines: list[str] = []
    caret = (0, 1)
    for number in range(first, final + 1):
        shown, mapped = _show(text, number, (start, end) if number == line else None, spans, pieces)
        lines.append(shown)
        if number == line:
            caret = mapped
    return Frame(first, line, tuple(lines), *caret)


@lru_cache(maxsize=4)
def _pieces(values: tuple[str, ...]) -> frozenset[str]:
    """Return the strings that must not be seen: the values, their lines, and both as JSON writes them."""
    whole = {value.strip() for value in values if len(value.strip()) >= _SHORTEST}
    lines = {line.strip() for value in whole for line in re.split(r"[\r\n]+", value)}
    pieces = whole | {line for line in lines if len(line) >= _SHORTEST_LINE}
    return frozenset(pieces | {json.dumps(piece, ensure_ascii=False)[1:-1] for piece in pieces})


def _occurrences(string: str, pieces: Collection[str]) -> list[Span]:
    """Return where the pieces stand in a string, overlapping ones too."""
    found: list[Span] = []
    for piece in pieces:
        start = string.find(piece)
        while start >= 0:
            found.append((start, start + len(piece)))
            start = string.find(piece, start + 1)
    return found


def _merged(spans: Collection[Span]) -> list[Span]:
    """Return the same stretch of text as disjoint spans in order; touching ones become one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _replace(string: str, spans: Collection[Span]) -> str:
    parts: list[str] = []
    position = 0
    for start, end in _merged(spans):
        parts += [string[position:start], MASK]
        position = end
    return "".join([*parts, string[position:]])


def _hidden(text: Text, secrets: Sequence[tuple[Region, str]], lines: Span) -> list[Span]:
    """Return the offsets, in the text, of the secrets that stand in the lines between two, both included."""
    found: list[Span] = []
    for region, value in secrets:
        if region.start_line > lines[1] or region.end_line < lines[0]:
            continue
        region_start = text.offset(min(region.start_line, text.line_count), region.start_column)
        region_end = text.offset(min(region.end_line, text.line_count), region.end_column)
        inside = _occurrences(text.value[region_start:region_end], [value] if value else [])
        found += [(region_start + a, region_start + b) for a, b in inside] or [(region_start, region_end)]
    return found


def _show(
    text: Text, number: int, caret: Span | None, hidden: Sequence[Span], pieces: Collection[str]
) -> tuple[str, Span]:
    """Return a line as it may be shown, and where in it the caret stands."""
    line_start, line_end = text.line_span(number)
    start, end = line_start, line_end
    if line_end - line_start > _LONGEST_LINE:
        if caret:
            start = max(line_start, min(caret[0] - _BEFORE_CARET, line_end - _LONGEST_LINE))
        end = min(line_end, start + _LONGEST_LINE)
    margin = max(map(len, pieces), default=0)
    around = max(line_start, start - margin)
    spans = [
        (a + around, b + around) for a, b in _occurrences(text.value[around : min(line_end, end + margin)], pieces)
    ]
    spans = [(max(a, start), min(b, end)) for a, b in [*hidden, *spans] if a < end and b > start]
    shown, offsets = _rendered(text.value[start:end], [(a - start, b - start) for a, b in _merged(spans)])
    before = _CUT if start > line_start else ""
    after = _CUT if end < line_end else ""
    if any(piece in before + shown + after for piece in pieces):
        return MASK, (0, len(MASK))
    if caret is None:
        return before + shown + after, (0, 1)
    first, last = (len(before) + offsets[min(max(edge - start, 0), end - start)] for edge in caret)
    return before + shown + after, (first, max(last, first + 1))


def _rendered(line: str, spans: Sequence[Span]) -> tuple[str, Sequence[int]]:
    """Return a line with masks and visible characters, and for each offset of the line its offset in that.

    Offsets inside of a mask become its beginning.
    """
    if not spans and line.isprintable():
        return line, range(len(line) + 1)
    parts: list[str] = []
    offsets: list[int] = []
    length = 0
    for start, end, part in _parts(line, spans):
        offsets += [length] * (end - start)
        parts.append(part)
        length += len(part)
    return "".join(parts), [*offsets, length]


def _parts(line: str, spans: Sequence[Span]) -> Iterator[tuple[int, int, str]]:
    position = 0
    for start, end in [*spans, (len(line), len(line))]:
        for index in range(position, start):
            yield index, index + 1, _visible(line[index])
        if end > start:
            yield start, end, MASK
        position = end


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    if character == "\t":
        return _TAB
    code = ord(character)
    if code < _C0_CONTROLS:
        return chr(_FIRST_CONTROL_PICTURE + code)
    return _DELETE_PICTURE if code == _DELETE else f"<U+{code:04X}>"
