"""Turns files into documents: one module a kind, each with the face `Normalizer`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from checker.model import Document, Problem, SourceFile, Tree, Unrendered


class Normalizer(Protocol):
    """Describes what each module of this folder offers."""

    KIND: str
    """The first part of the ids of the rules for its documents, and the name of its folder in policies/."""

    NAMES: tuple[str, ...]
    """Patterns (`fnmatch`, lower case) on a file's name for which the kind is certain; a test has an example of each."""

    SUFFIXES: tuple[str, ...]
    """Endings (`.yaml`) of files that may belong to the kind by their content."""

    def recognizes(self, source: SourceFile) -> bool:
        """Tell by content whether a file with one of the suffixes belongs to the kind, even where it does not parse.

        Looks at the text with cheap means (a regular expression, the first keys), never parses.
        """

    def normalize(self, source: SourceFile, tree: Tree) -> Iterator[Document | Problem | Unrendered]:
        """Yield a file's documents in the file's order, and for what is no document a problem or what renders it.

        Never raises for anything that a file can hold.
        """
