"""Expands the variables of a word by Docker's rules.

Source: BuildKit's frontend/dockerfile/shell (Lex.ProcessWord) and the section "Environment replacement" of the
Dockerfile reference.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from typing import Final, TypeAlias


class Missing(Enum):
    """Tells why a variable has no value that could be used."""

    UNKNOWN = "it has a value that only the build knows"
    UNSET = "it has no value"
    OPTIONAL = "it has no value unless the build is given one"


Lookup: TypeAlias = Callable[[str], str | Missing]

_DEPTH: Final = 50
_MAX_LENGTH: Final = 100_000
"""How many characters a word may become, so that variables that repeat each other stay small."""
_NAME: Final = re.compile(r"[^\W\d]\w*|\d+|[@*#?\-$!]")
_MODIFIER: Final = re.compile(r":?[-+?]|##?|%%?|//?")


class ExpansionError(Exception):
    """Says why a word does not parse, and at which position of it."""

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.position = position


def nothing(_: str) -> str | Missing:
    """Look up a variable where none is known."""
    return Missing.UNKNOWN


def expand(text: str, lookup: Lookup, escape: str = "\\", longest: int = _MAX_LENGTH) -> str | None:
    """Remove quotes and escapes and put values for variables; None where one is not known before the build.

    A word may grow to `longest` characters, and never beyond a bound of its own.
    Raises `ExpansionError` for a text that BuildKit refuses.
    """
    if not any(mark in text for mark in ("$", "'", '"', escape)):
        return text
    return _Expander(text, lookup, escape, longest).word("")


class _Expander:
    def __init__(self, text: str, lookup: Lookup, escape: str, longest: int) -> None:
        self._text = text
        self._lookup = lookup
        self._escape = escape
        self._longest = max(min(_MAX_LENGTH, longest), len(text))
        self._position = 0
        self._depth = 0

    def word(self, stop: str) -> str | None:
        """Read up to a stop character outside of quotes, which is left, or to the end."""
        parts: list[str | None] = []
        while self._position < len(self._text):
            character = self._text[self._position]
            if character == stop:
                return self._joined(parts)
            if character == "'":
                parts.append(self._single_quoted())
            elif character == '"':
                parts.append(self._double_quoted())
            elif character == "$":
                parts.append(self._dollar())
            elif character == self._escape:
                parts.append(self._text[self._position + 1 : self._position + 2])
                self._position += 2
            else:
                parts.append(character)
                self._position += 1
        if stop:
            raise ExpansionError("a closing brace is missing", max(self._position - 1, 0))  # noqa: EM101, TRY003 - said once
        return self._joined(parts)

    def _single_quoted(self) -> str:
        begin = self._position
        end = self._text.find("'", begin + 1)
        if end < 0:
            raise ExpansionError("a closing single quote is missing", begin)  # noqa: EM101, TRY003 - said once
        self._position = end + 1
        return self._text[begin + 1 : end]

    def _double_quoted(self) -> str | None:
        begin = self._position
        self._position += 1
        parts: list[str | None] = []
        while self._position < len(self._text):
            character = self._text[self._position]
            if character == '"':
                self._position += 1
                return self._joined(parts)
            if character == "$":
                parts.append(self._dollar())
                continue
            following = self._text[self._position + 1 : self._position + 2]
            if character == self._escape and following in ('"', "$", self._escape) and following:
                character = following
                self._position += 1
            parts.append(character)
            self._position += 1
        raise ExpansionError("a closing double quote is missing", begin)  # noqa: EM101, TRY003 - said once

    def _dollar(self) -> str | None:
        begin = self._position
        self._position += 1
        if not self._text.startswith("{", self._position):
            match = _NAME.match(self._text, self._position)
            if match is None:
                return "$"
            self._position = match.end()
            return _known(self._lookup(match[0]))
        match = _NAME.match(self._text, self._position + 1)
        if match is None:
            raise ExpansionError("a variable name is missing after the brace", begin)  # noqa: EM101, TRY003 - said once
        self._position = match.end()
        if self._text.startswith("}", self._position):
            self._position += 1
            return _known(self._lookup(match[0]))
        return self._modified(match[0], begin)

    def _modified(self, name: str, begin: int) -> str | None:
        modifier = _MODIFIER.match(self._text, self._position)
        if modifier is None:
            reason = (
                "a closing brace is missing" if self._position == len(self._text) else "a modifier is not supported"
            )
            raise ExpansionError(reason, begin)
        self._position = modifier.end()
        self._depth += 1
        if self._depth > _DEPTH:
            raise ExpansionError("braces are nested too deep", begin)  # noqa: EM101, TRY003 - said once
        try:
            other = self.word("}")
        except ExpansionError as error:
            raise ExpansionError(error.reason, begin) from None
        self._position += 1
        self._depth -= 1
        return _modify(self._lookup(name), modifier[0], other)

    def _joined(self, parts: list[str | None]) -> str | None:
        if sum(map(len, filter(None, parts))) > self._longest:
            raise ExpansionError("the value grows too long", 0)  # noqa: EM101, TRY003 - said once
        return None if None in parts else "".join(part for part in parts if part is not None)


def _modify(value: str | Missing, modifier: str, other: str | None) -> str | None:
    if value is Missing.UNKNOWN:
        return None
    is_set = isinstance(value, str) and bool(value or ":" not in modifier)
    if modifier in ("-", ":-"):
        return _known(value) if is_set else other
    if modifier in ("+", ":+"):
        if value is Missing.OPTIONAL:
            return None
        return other if is_set else ""
    if modifier in ("?", ":?"):
        return _known(value) if is_set else None
    return None


def _known(value: str | Missing) -> str | None:
    if isinstance(value, str):
        return value
    return "" if value is Missing.UNSET else None
