"""Decides which token of a text a path points at."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

if TYPE_CHECKING:
    from checker.model import Path
    from checker.text import Region, Text

Span: TypeAlias = tuple[int, int]
"""Character offsets (code points) of a token, the end exclusive."""

N = TypeVar("N")


class Places(ABC, Generic[N]):
    """Locates paths in a text whose nodes of type `N` know their places.

    A scalar is its value's token; a mapping or sequence under a key is the key's token; a list item is the value of
    its `name` if it has one, else its first token; the root is the key `kind`, else the first key. What is missing, or
    written with no character at all, is where its nearest ancestor is (a value left empty: its key).
    """

    def __init__(self, text: Text) -> None:
        self.text = text

    def locate(self, path: Path) -> Region:
        """Return the region of a path, or of its nearest existing ancestor."""
        return self.text.region(*self.token(path))

    def token(self, path: Path) -> Span:
        """Return the offsets of the token that `locate` turns into lines and columns."""
        node = self.root()
        way = []
        for step in path:
            found = self.child(node, step)
            if found is None:
                break
            way.append(found)
            node = found[1]
        for key, node in reversed(way):
            token = self._token(key, node)
            if token is not None:
                return token
        return self._root_token(self.root())

    def span(self, path: Path) -> Span | None:
        """Return the offsets of a node's whole value, or None where the path does not exist."""
        node = self.root()
        for step in path:
            found = self.child(node, step)
            if found is None:
                return None
            node = found[1]
        return self.extent(node)

    def _root_token(self, node: N) -> Span:
        kind = self.child(node, "kind")
        key = kind[0] if kind else self.first_key(node)
        return key or self.scalar(node) or self.first(node)

    def _token(self, key: Span | None, node: N) -> Span | None:
        scalar = self.scalar(node)
        if scalar is not None:
            return scalar if scalar[0] < scalar[1] else key
        if key is not None:
            return key
        name = self.child(node, "name")
        token = self.scalar(name[1]) if name else None
        return token if token and token[0] < token[1] else self.first(node)

    @abstractmethod
    def root(self) -> N:
        """Return the node that the empty path names."""

    @abstractmethod
    def child(self, node: N, step: str | int) -> tuple[Span | None, N] | None:
        """Return the key's token (None in a list) and the node under a key or index, or None where there is none."""

    @abstractmethod
    def first_key(self, node: N) -> Span | None:
        """Return the token of a mapping's first key; None for an empty mapping and anything else."""

    @abstractmethod
    def scalar(self, node: N) -> Span | None:
        """Return the token that gives a scalar's value, which may be empty; None for a mapping or sequence."""

    @abstractmethod
    def first(self, node: N) -> Span:
        """Return the first token of a mapping or sequence."""

    @abstractmethod
    def extent(self, node: N) -> Span:
        """Return the offsets from the first to the last character of a node."""
