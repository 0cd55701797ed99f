"""Stands for the tree of a file that has none, such as standard input."""

from __future__ import annotations

from collections.abc import Mapping

from checker.model import SourceFile
from checker.tree import TreeEntry


class NoTree:
    """Holds no file; whoever asks for one by its path asks for what nobody named."""

    entries: Mapping[str, TreeEntry] = {}

    def read(self, path: str) -> SourceFile | None:
        raise AssertionError(path)

    def tracks(self, path: str) -> bool:
        raise AssertionError(path)

    def ignores(self, path: str) -> bool:
        raise AssertionError(path)
