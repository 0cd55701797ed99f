"""Remembers between which offsets of a source the nodes of a document stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from checker.model import Path


class Placed(Protocol):
    """Describes what stands between two offsets of a source."""

    @property
    def start(self) -> int:
        """Return the offset of the first character."""

    @property
    def end(self) -> int:
        """Return the offset behind the last character."""


class Spans:
    """Maps paths to the offsets of their tokens."""

    __slots__ = ("_spans",)

    def __init__(self) -> None:
        self._spans: Final[dict[Path, tuple[int, int]]] = {}

    def put(self, path: Path, token: Placed) -> None:
        """Say where a node stands."""
        self._spans[path] = (token.start, token.end)

    def find(self, path: Path) -> tuple[int, int]:
        """Return the offsets of a node, or of its nearest ancestor that stands somewhere."""
        for length in range(len(path), -1, -1):
            span = self._spans.get(path[:length])
            if span is not None:
                return span
        return 0, 0
