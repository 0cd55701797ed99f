"""Reads dotenv files with python-dotenv's grammar and the place of each key and value."""

from __future__ import annotations

import re
from io import StringIO
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Span = tuple[int, int]

_START: Final = re.compile(r"\s*(?:export(?P<export>[^\S\r\n]+))?(?P<key>'[^']+'|[^=#\s]+)[^\S\r\n]*")
_VALUE: Final = re.compile(
    r"""=[^\S\r\n]*(?P<value>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[^\r\n'"][^\r\n]*|)""", re.DOTALL
)
_EMPTY_WITH_COMMENT: Final = re.compile(r"=[^\S\r\n]+#")
_INLINE_COMMENT: Final = re.compile(r"\s+#.*")
_WHITESPACE: Final = re.compile(r"\s*")
_LINE: Final = re.compile(r"[^\r\n]*")
_ASSIGNMENT: Final = re.compile(r"(?:export[^\S\r\n]+)?[^=#\s]+[^\S\r\n]*=[^\S\r\n]*(?P<quote>['\"])?")

_MAX_LENGTH: Final = 100_000
"""How many characters a value may grow to by expansion, so that values that repeat each other stay small."""

_MAX_GROWTH: Final = 1_000_000
"""How many characters expansion may add to all values of a file together."""


class Entry(NamedTuple):
    """Holds one key with the offsets of its token, and of its value's token with its quotes.

    `value` is unquoted and unexpanded, or None for a key without `=`, whose `value_span` is the key's end.
    """

    key: str
    value: str | None
    exported: bool
    key_span: Span
    value_span: Span


class Mistake(NamedTuple):
    """Tells what is wrong with a statement that does not parse, and where it stands (its first line)."""

    reason: str
    span: Span


def parse(text: str) -> Iterator[Entry | Mistake]:
    """Yield the entries of a text without byte order mark, and its mistakes, in its order.

    The grammar is that of `dotenv.parser`, which splits the text; the offsets are found in its pieces.
    """
    from dotenv.parser import parse_stream

    offset = len(text) - len(text.removeprefix("\ufeff"))
    for binding in parse_stream(StringIO(text)):
        original = binding.original.string
        if binding.error:
            yield _mistake(original, offset)
        elif binding.key is not None and (start := _START.match(original)):
            value_span = _value_span(original, start.end())
            yield Entry(
                binding.key,
                binding.value,
                exported=start["export"] is not None,
                key_span=(offset + start.start("key"), offset + start.end("key")),
                value_span=(offset + value_span[0], offset + value_span[1]),
            )
        offset += len(original)


def _value_span(original: str, start: int) -> Span:
    match = _VALUE.match(original, start)
    if match is None:
        return start, start
    begin, end = match.span("value")
    if _EMPTY_WITH_COMMENT.match(original, start):
        return begin, begin
    if not match["value"].startswith(("'", '"')):
        end = begin + len(_INLINE_COMMENT.sub("", match["value"]).rstrip())
    return begin, end


def _mistake(original: str, offset: int) -> Mistake:
    whitespace = _WHITESPACE.match(original)
    start = whitespace.end() if whitespace else 0
    line = _LINE.match(original, start)
    end = line.end() if line else start
    assignment = _ASSIGNMENT.match(original, start)
    reason = "is no assignment KEY=value"
    if assignment and assignment["quote"]:
        closed = re.compile(rf"(?:\\.|[^\\{assignment['quote']}])*{assignment['quote']}", re.DOTALL)
        is_closed = closed.match(original, assignment.end()) is not None
        reason = "has something behind the closing quote" if is_closed else "opens a quote that is never closed"
    return Mistake(f"the statement {reason}", (offset + start, offset + end))


def resolve(entries: Iterable[Entry], mistakes: list[Mistake] | None = None) -> list[str | None]:
    """Expand `${NAME}` and `${NAME:-default}` from the entries above, in single quotes too, as python-dotenv does.

    None stands for a value that hangs on a variable which the file does not set; its default counts where there is
    one. A key without `=` expands to nothing. A value that grows too long, alone or with those above, is unknown as
    well, and noted in `mistakes`.
    """
    from dotenv.variables import parse_variables

    known: dict[str, str | None] = {}
    answers: list[str | None] = []
    growth = 0
    for entry in entries:
        if entry.value is None:
            known[entry.key] = ""
            answers.append(None)
            continue
        expanded: str | None = ""
        for atom in parse_variables(entry.value):
            part = _expanded(atom, known)
            expanded = None if expanded is None or part is None else expanded + part
            longest = max(min(_MAX_LENGTH, _MAX_GROWTH - growth), len(entry.value))
            if expanded is not None and len(expanded) > longest:
                expanded = None
                if mistakes is not None:
                    mistakes.append(Mistake("the value grows too long when it is expanded", entry.value_span))
                break
        growth += max(0, len(expanded or "") - len(entry.value))
        known[entry.key] = expanded
        answers.append(expanded)
    return answers


def _expanded(atom: object, known: Mapping[str, str | None]) -> str | None:
    from dotenv.variables import Literal, Variable

    if isinstance(atom, Variable):
        return known.get(atom.name, atom.default)
    return atom.value if isinstance(atom, Literal) else None
