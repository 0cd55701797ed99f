"""Turns files into documents: one module a kind, each with the face `Normalizer`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import translate
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, Protocol

from checker.errors import InputError
from checker.normalizers import dockerfile, env, image, kubernetes, sbom

if TYPE_CHECKING:
    from checker.model import Document, Problem, Skipped, SourceFile, Unrendered
    from checker.tree import Tree


class Normalizer(Protocol):
    """Describes what each module of this folder offers."""

    @property
    def KIND(self) -> str:  # noqa: N802 - a constant of the module
        """The first part of the ids of the rules for its documents, and the name of its folder in policies/."""

    @property
    def NAMES(self) -> tuple[str, ...]:  # noqa: N802 - a constant of the module
        """Patterns (`fnmatch`, lower case) on a file's name for which the kind is certain; each has a test.

        A pattern behind a `!` takes back what the others claim.
        """

    @property
    def SUFFIXES(self) -> tuple[str, ...]:  # noqa: N802 - a constant of the module
        """Endings (`.yaml`) of files that may belong to the kind by their content."""

    def recognizes(self, source: SourceFile) -> bool:
        """Tell by content whether a file with one of the suffixes belongs to the kind, even where it does not parse.

        Looks at the text with cheap means (a regular expression, the first keys), never parses.
        """

    def normalize(self, source: SourceFile, tree: Tree) -> Iterator[Document | Problem | Unrendered | Skipped]:
        """Yield a file's documents in the file's order, and for what is none a problem, what renders it, or why not.

        Never raises for anything that a file can hold.
        """


NORMALIZERS: Final[tuple[Normalizer, ...]] = (dockerfile, kubernetes, env, image, sbom)
"""Every kind of file, in the order in which they are asked whether they recognize one."""


@cache
def _claims(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what matches the names that the patterns claim, and those that they take back."""
    claimed = "|".join(translate(pattern) for pattern in patterns if not pattern.startswith("!"))
    taken_back = "|".join(translate(pattern[1:]) for pattern in patterns if pattern.startswith("!"))
    nothing = "(?!)"
    return re.compile(claimed or nothing), re.compile(taken_back or nothing)


@lru_cache(maxsize=4096)
def claimed_by_name(name: str) -> Normalizer | None:
    """Return the normalizer for which a file's name, without its folder, is certain."""
    lower = name.lower()
    for normalizer in NORMALIZERS:
        claimed, taken_back = _claims(normalizer.NAMES)
        if claimed.match(lower) and not taken_back.match(lower):
            return normalizer
    return None


def of_kind(kind: str) -> Normalizer | None:
    """Return the normalizer of a kind, or None where there is no such kind."""
    return next((normalizer for normalizer in NORMALIZERS if kind == normalizer.KIND), None)


def is_wanted(name: str) -> bool:
    """Tell whether a file of this name, without its folder, may belong to some kind."""
    return name.lower().endswith(_SUFFIXES) or claimed_by_name(name) is not None


def recognize(source: SourceFile) -> Normalizer | None:
    """Return the normalizer for a file: by its name where that is certain, else by its content.

    Raises `errors.InputError` where the content is needed and is no text.
    """
    name = source.path.rpartition("/")[2]
    if (certain := claimed_by_name(name)) is not None:
        return certain
    lower = name.lower()
    return next((one for one in NORMALIZERS if lower.endswith(one.SUFFIXES) and one.recognizes(source)), None)


def fault(source: SourceFile) -> InputError | None:
    """Return why a file that no kind recognized cannot be read as the YAML or JSON that its name promises, if so."""
    from checker.syntax import json, yaml

    try:
        if source.path.lower().endswith(".json"):
            json.parse(source.text)
        elif source.path.lower().endswith((".yaml", ".yml")):
            yaml.check(source.text)
    except InputError as error:
        return error
    return None


_SUFFIXES: Final = tuple({suffix for normalizer in NORMALIZERS for suffix in normalizer.SUFFIXES})
