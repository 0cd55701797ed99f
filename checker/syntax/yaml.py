"""Reads YAML whose nodes know their places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from checker.errors import InputError
from checker.syntax.depth import TOO_DEEP
from checker.syntax.yaml_builder import Builder, Parsed

if TYPE_CHECKING:
    from yaml import YAMLError

    from checker.syntax.places import Span
    from checker.text import Text

_TOO_DEEP: Final = "exceeded maximum nesting depth"
"""What newer versions of libyaml say where a text is nested deeper than 1,000 levels, which they read ahead."""

_MARKER: Final = re.compile(r"(?:---|\.\.\.)(?!\S)")
_LINE: Final = re.compile(r"[^\r\n]*+")
_COMMENTS: Final = re.compile(r"(?:[ \t]*+(?:#[^\r\n]*+)?[\r\n])*+[ \t]*+(?:#[^\r\n]*+)?")
_PREAMBLE: Final = re.compile(r"(?:(?:[ \t]*+(?:#[^\r\n]*+)?|%[^\r\n]*+)[\r\n])*+")


def split(text: Text) -> list[Span]:
    """Return the offsets of a text's YAML documents, divided at `---` and `...` in column 0 before anything is parsed.

    Comments and directives in front of a `---` belong to the document behind it.
    """
    value = text.value
    spans: list[Span] = []
    start = 0
    for match in _MARKER.finditer(value):
        place = match.start()
        if place > 0 and value[place - 1] not in "\r\n":
            continue
        if match[0] == "...":
            end = _LINE.match(value, place).end()  # type: ignore[union-attr] # matches everywhere
            if value.startswith("---", start) or not _COMMENTS.fullmatch(value, start, place):
                spans.append((start, end))
            start = end
        elif value.startswith("---", start) or not _is_preamble(value, start, place):
            spans.append((start, place))
            start = place
    if value.startswith("---", start) or not _COMMENTS.fullmatch(value, start):
        spans.append((start, len(value)))
    return spans


def _is_preamble(value: str, start: int, end: int) -> bool:
    return _PREAMBLE.fullmatch(value, start, end) is not None


def parse(text: Text, span: Span, *, keep_null: bool = True) -> Parsed | None:
    """Return the document between two offsets, or None where there is none but comments.

    With `keep_null=False` a key whose value is null is left out, as if it were not written. Raises `InputError` with
    its region for what is not YAML 1.1 or has no counterpart in JSON, for a key that a mapping has twice, for nesting
    deeper than `MAX_DEPTH` and for aliases that repeat more than `MAX_ALIASED`.
    """
    from yaml import YAMLError

    builder = Builder(text, span[0], keep_null=keep_null)
    try:
        return builder.build(text.value[slice(*span)])
    except YAMLError as error:
        raise _fault(error, text, span) from None


def check(text: Text) -> None:
    """Raise `InputError` with its region for a text that libyaml refuses; what the text means is not looked at."""
    from yaml import YAMLError
    from yaml.cyaml import CParser  # type: ignore[attr-defined] # libyaml's own, which the stubs leave out

    for span in split(text):
        try:
            CParser(text.value[slice(*span)]).raw_parse()
        except YAMLError as error:
            raise _fault(error, text, span) from None


def _fault(error: YAMLError, text: Text, span: Span) -> InputError:
    from yaml.reader import ReaderError

    if isinstance(error, ReaderError):
        before = text.value[slice(*span)].encode()[: error.position].decode("utf-8", "ignore")
        place = span[0] + len(before)
        code = ord(text.value[place]) if place < span[1] else 0
        return InputError(f"is not YAML: character U+{code:04X} is not allowed", text.region(place, place + 1))
    problem = getattr(error, "problem", None) or "it cannot be parsed"
    mark = getattr(error, "problem_mark", None)
    place = min(span[0] + mark.index, span[1]) if mark else span[0]
    if problem == _TOO_DEEP:
        return InputError(TOO_DEEP, text.region(place, place))
    return InputError(f"is not YAML: {problem}", text.region(place, place))
