"""Translates character offsets of a text into lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import Final, NamedTuple, Self

from checker.errors import InputError

_LINE_END: Final = re.compile(r"\r\n|\r|\n")


class Region(NamedTuple):
    """Bounds a stretch of text: lines and columns count from 1, `end_column` is exclusive.

    Columns count UTF-16 code units, as SARIF (`columnKind: utf16CodeUnits`) and editors do.
    """

    start_line: int
    start_column: int
    end_line: int
    end_column: int


FIRST: Final = Region(1, 1, 1, 1)


class Text:
    """Holds a decoded text whose lines end at LF, CRLF and CR only, as GitHub counts them."""

    def __init__(self, value: str) -> None:
        self.value = value

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """Decode UTF-8, or UTF-16 with a byte order mark (as Windows' shells write); the mark is no part of the text.

        Raises `InputError` with the place of the first byte that is neither.
        """
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            try:
                return cls(content.decode("utf-16"))
            except UnicodeDecodeError:
                message = "starts as UTF-16 and does not go on so"
                raise InputError(message, FIRST) from None
        try:
            return cls(content.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            before = cls(error.object[: error.start].decode("utf-8"))
            end = len(before.value)
            message = f"byte 0x{error.object[error.start]:02x} is not UTF-8"
            raise InputError(message, before.region(end, end)) from None

    @cached_property
    def _starts(self) -> list[int]:
        """Offsets at which lines begin."""
        return [0, *(match.end() for match in _LINE_END.finditer(self.value))]

    @cached_property
    def _is_ascii(self) -> bool:
        return self.value.isascii()

    @property
    def line_count(self) -> int:
        """Return the number of lines; an empty text has one."""
        return len(self._starts)

    def line(self, number: int) -> str:
        """Return a line, counted from 1, without its line end."""
        start, end = self.line_span(number)
        return self.value[start:end]

    def line_span(self, number: int) -> tuple[int, int]:
        """Return the offsets of a line's first character and of its line end."""
        start = self._starts[number - 1]
        if number == len(self._starts):
            return start, len(self.value)
        end = self._starts[number]
        return start, end - (2 if self.value.startswith("\r\n", end - 2) else 1)

    def region(self, start: int, end: int) -> Region:
        """Return the region between two character offsets (code points, `end` exclusive)."""
        start_line, start_column = self._position(start)
        end_line, end_column = self._position(end)
        return Region(start_line, start_column, end_line, end_column)

    def offset(self, line: int, column: int) -> int:
        """Return the character offset of a line and a UTF-16 column, both counted from 1."""
        start, end = self.line_span(line)
        if self._is_ascii:
            return min(start + column - 1, end)
        prefix = self.value[start:end].encode("utf-16-le")[: 2 * (column - 1)]
        return start + len(prefix.decode("utf-16-le", "ignore"))

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        start = self._starts[line - 1]
        if self._is_ascii:
            return line, offset - start + 1
        return line, len(self.value[start:offset].encode("utf-16-le")) // 2 + 1
