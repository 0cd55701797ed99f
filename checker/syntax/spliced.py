"""Joins pieces of a source into one text that knows where each of its characters stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

Piece: TypeAlias = tuple[str, int, int]
"""A text and the offsets in the source of what it stands for: as long as the text, or an escape for one character."""


class Spliced:
    """Holds a text made of pieces; positions count its characters, offsets count those of the source."""

    __slots__ = ("_pieces", "_positions", "text")

    def __init__(self, pieces: Iterable[Piece], offset: int = 0) -> None:
        """Join pieces; `offset` is where an empty text stands."""
        self._pieces: Final = tuple(piece for piece in pieces if piece[0]) or (("", offset, offset),)
        self._positions: Final[list[int]] = []
        position = 0
        for text, _, _ in self._pieces:
            self._positions.append(position)
            position += len(text)
        self.text: Final = "".join(piece[0] for piece in self._pieces)

    def __len__(self) -> int:
        return len(self.text)

    def start(self, position: int) -> int:
        """Return the offset at which a character begins, or at which the last one ends."""
        if position >= len(self.text):
            return self._pieces[-1][2]
        index = bisect_right(self._positions, position) - 1
        return self._pieces[index][1] + position - self._positions[index]

    def end(self, position: int) -> int:
        """Return the offset at which the character before a position ends."""
        if position == 0:
            return self._pieces[0][1]
        index = bisect_right(self._positions, position - 1) - 1
        text, start, end = self._pieces[index]
        within = position - self._positions[index]
        return end if within == len(text) else start + within

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets between which the text between two positions stands."""
        offset = self.start(start)
        return offset, max(offset, self.end(end))

    def pieces(self, start: int = 0, end: int | None = None) -> Iterator[Piece]:
        """Return the pieces between two positions."""
        stop = len(self.text) if end is None else end
        index = max(bisect_right(self._positions, start) - 1, 0)
        for position, piece in zip(self._positions[index:], self._pieces[index:], strict=True):
            if position >= stop:
                return
            text, offset, piece_end = piece
            first = max(start - position, 0)
            last = min(stop - position, len(text))
            if first < last:
                yield text[first:last], offset + first, piece_end if last == len(text) else offset + last

    def part(self, start: int, end: int | None = None) -> Spliced:
        """Return the text between two positions; an empty one keeps its place."""
        stop = len(self.text) if end is None else end
        return Spliced(self.pieces(start, stop) if start < stop else (), self.start(start))
