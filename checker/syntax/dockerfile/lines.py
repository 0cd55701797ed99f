"""Joins the lines of a Dockerfile into the logical lines that hold one instruction each.

Follows BuildKit's frontend/dockerfile/parser: a line that ends in the escape character goes on in the next one,
comments and empty lines between are dropped, and the bodies of here-documents belong to their instruction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from checker.syntax.dockerfile.expansion import ExpansionError, expand, nothing
from checker.syntax.dockerfile.words import json_words
from checker.syntax.spliced import Piece, Spliced

_DIRECTIVE: Final = re.compile(r"\s*#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$")
_DIRECTIVES: Final = frozenset({"syntax", "escape", "check"})
_HEREDOC_INSTRUCTION: Final = re.compile(r"(?:onbuild\s+)?(?:run|copy|add)\s+(?:--\S+\s+)*", re.IGNORECASE)
_SHELL_WORD: Final = re.compile(r"""(?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+""")
_HEREDOC: Final = re.compile(r"(\d*)<<(-?)([^<]+)")
_UNQUOTE: Final = re.compile(r"""['"]|\\(?=.)""")


class Heredoc(NamedTuple):
    """Holds a here-document: `start` and `end` are the offsets of its name, `raw` has its terminator too."""

    name: str
    start: int
    end: int
    content: Spliced
    raw: Spliced
    expands: bool


class Line(NamedTuple):
    """Holds a logical line; `number` and `last` count lines from 1 as BuildKit does, which knows LF only."""

    text: Spliced
    number: int
    last: int
    start: int
    end: int
    heredocs: tuple[Heredoc, ...] = ()
    is_terminated: bool = True
    """Whether each here-document has its end."""


def directives(text: str) -> tuple[dict[str, str], list[tuple[int, int]]]:
    """Return the parser directives at the top by lower-case name, and the offsets of what is wrong among them."""
    found: dict[str, str] = {}
    wrong: list[tuple[int, int]] = []
    offset = 0
    for line in text.split("\n"):
        match = _DIRECTIVE.match(line)
        if match is None:
            break
        name, value = match[1].lower(), match[2]
        if name in _DIRECTIVES:
            if name in found or (name == "escape" and value not in ("\\", "`")):
                wrong.append((offset + match.start(1), offset + match.end(2)))
            else:
                found[name] = value
        offset += len(line) + 1
    return found, wrong


def logical_lines(text: str, escape: str) -> Iterator[Line]:
    """Split a text, from which NUL characters are gone, into the logical lines that are not empty."""
    reader = _Reader(text, escape)
    while not reader.at_end:
        line = reader.line()
        if line is not None:
            yield line


class _Reader:
    def __init__(self, text: str, escape: str) -> None:
        self._lines = text.removesuffix("\n").split("\n")
        self._text = text
        self._number = 0
        self._offset = 0
        quoted = re.escape(escape)
        self._continuation: Final = re.compile(rf"(?:(?<=[^{quoted}])|^){quoted}[ \t]*$")

    @property
    def at_end(self) -> bool:
        return self._number >= len(self._lines)

    def _next(self) -> tuple[int, str]:
        """Return the next physical line with its offset, without its line end."""
        offset, line = self._offset, self._lines[self._number]
        self._number += 1
        self._offset += len(line) + 1
        return offset, line.rstrip("\r")

    def line(self) -> Line | None:
        """Read the next logical line; None for an empty one or a comment."""
        offset, line = self._next()
        number = self._number
        stripped = line.lstrip()
        if not stripped or stripped[0] == "#":
            return None
        begin = len(line) - len(stripped)
        pieces: list[Piece] = []
        end = offset + len(line)
        while True:
            cut = self._continuation.search(line, begin)
            stop = cut.start() if cut else len(line)
            pieces.append((line[begin:stop], offset + begin, offset + stop))
            end = offset + len(line)
            if cut is None or not self._continue():
                break
            offset, line = self._next()
            begin = 0
        joined = Spliced(pieces, pieces[0][1])
        return self._with_heredocs(joined, number, pieces[0][1], end)

    def _continue(self) -> bool:
        """Skip what a continuation does not count; tell whether a line is left."""
        while not self.at_end:
            stripped = self._lines[self._number].lstrip()
            if stripped and stripped[0] != "#":
                return True
            self._next()
        return False

    def _with_heredocs(self, joined: Spliced, number: int, start: int, end: int) -> Line:
        heredocs: list[Heredoc] = []
        is_terminated = True
        for match in _heredocs(joined):
            heredoc, is_terminated = self._heredoc(joined, match)
            heredocs.append(heredoc)
            end = max(end, min(self._offset - 1, len(self._text)))
            if not is_terminated:
                break
        return Line(joined, number, self._number, start, end, tuple(heredocs), is_terminated)

    def _heredoc(self, joined: Spliced, match: re.Match[str]) -> tuple[Heredoc, bool]:
        name = _UNQUOTE.sub("", match[3])
        chomps = match[2] == "-"
        content: list[Piece] = []
        raw: list[Piece] = []
        begin = min(self._offset, len(self._text))
        is_terminated = False
        while not self.at_end and not is_terminated:
            offset, line = self._next()
            stripped = line.lstrip("\t") if chomps else line
            offset += len(line) - len(stripped)
            is_terminated = stripped == name
            after = min(offset + len(stripped) + 1, len(self._text))
            piece = [
                (stripped, offset, offset + len(stripped)),
                ("\n", offset + len(stripped), max(after, self._offset)),
            ]
            raw += piece
            if not is_terminated:
                content += piece
        start, end = joined.span(*match.span(3))
        return (
            Heredoc(
                name=name,
                start=start,
                end=end,
                content=Spliced(content, begin),
                raw=Spliced(raw, begin),
                expands=name == match[3],
            ),
            is_terminated,
        )


def _heredocs(joined: Spliced) -> list[re.Match[str]]:
    text = joined.text
    if "<<" not in text:
        return []
    instruction = _HEREDOC_INSTRUCTION.match(text)
    if instruction is None or json_words(joined, instruction.end()) is not None:
        return []
    try:
        expand(text, nothing, "\\")
    except ExpansionError:
        return []
    words = (match.span() for match in _SHELL_WORD.finditer(text))
    found = (_HEREDOC.fullmatch(text, *span) for span in words)
    return [match for match in found if match is not None]
