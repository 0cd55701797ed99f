"""Finds comments, and the lines of code that each stands at."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

from checker.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from checker.syntax.places import Span
    from checker.syntax.yaml_places import Place
    from checker.text import Text

_NO_CODE: Final = re.compile(r"[ \t]*(?:#|$|---(?:\s|$))")


class Comment(NamedTuple):
    """Holds a comment that a pattern matches.

    `lines` are the first and last line, counted from 1, of the code it stands at: its own line behind code, else that
    of what follows, in a Dockerfile the whole instruction.
    """

    match: re.Match[str]
    lines: tuple[int, int]


def of_yaml(text: Text, pattern: re.Pattern[str]) -> Iterator[Comment]:
    """Yield the comments of YAML; `pattern` begins with a number sign. Parts that do not parse have none."""
    yield from _outside(text, pattern, _scalars(text))


def of_dotenv(text: Text, pattern: re.Pattern[str]) -> Iterator[Comment]:
    """Yield the comments of a dotenv file."""
    from checker.syntax import dotenv

    entries = (one for one in dotenv.parse(text.value) if isinstance(one, dotenv.Entry))
    yield from _outside(text, pattern, [one.value_span for one in entries])


def of_dockerfile(text: Text, pattern: re.Pattern[str]) -> Iterator[Comment]:
    """Yield the comments of a Dockerfile: whole lines, outside of here-documents."""
    from checker.syntax.dockerfile.lines import directives, logical_lines

    escape = directives(text.value)[0].get("escape", "\\")
    lines = list(logical_lines(text.value, escape))
    instructions = [text.region(line.start, line.end) for line in lines]
    starts = [one.start_line for one in instructions]
    following = _Following(text)
    for match in pattern.finditer(text.value):
        number = text.region(*match.span()).start_line
        if not text.line(number).lstrip().startswith("#"):
            continue
        after = bisect_left(starts, number)
        is_inside = after > 0 and number <= instructions[after - 1].end_line
        if is_inside and lines[after - 1].heredocs:
            continue
        if is_inside or after == len(instructions):
            yield Comment(match, following.of(number))
        else:
            yield Comment(match, (instructions[after].start_line, instructions[after].end_line))


OF: Final[Mapping[str, Callable[[Text, re.Pattern[str]], Iterator[Comment]]]] = {
    "dockerfile": of_dockerfile,
    "env": of_dotenv,
    "kubernetes": of_yaml,
}
"""How comments are found in files of a kind; the others are JSON or XML."""


def _outside(text: Text, pattern: re.Pattern[str], values: Iterable[Span]) -> Iterator[Comment]:
    """Yield what stands in no value and behind white space."""
    spans = sorted(values)
    starts = [start for start, _ in spans]
    following = _Following(text)
    for match in pattern.finditer(text.value):
        start = match.start()
        before = bisect_right(starts, start) - 1
        if (before >= 0 and start < spans[before][1]) or text.value[start - 1 : start].strip():
            continue
        number = text.region(start, start).start_line
        is_behind_code = bool(text.value[text.line_span(number)[0] : start].strip())
        yield Comment(match, (number, number) if is_behind_code else following.of(number))


class _Following:
    """Finds the line with code that follows another one; each line is looked at once, for all comments above it."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._found = 0

    def of(self, number: int) -> tuple[int, int]:
        """Return the next line with code, the given one where there is none; later calls ask for later lines."""
        if self._found <= number:
            lines = range(number + 1, self._text.line_count + 1)
            last = self._text.line_count + 1
            self._found = next((line for line in lines if not _NO_CODE.match(self._text.line(line))), last)
        line = self._found if self._found <= self._text.line_count else number
        return line, line


def _scalars(text: Text) -> Iterator[Span]:
    """Yield where scalars stand; a part that does not parse hides all comments in it."""
    from checker.syntax import yaml
    from checker.syntax.yaml_places import Branch

    for span in yaml.split(text):
        try:
            parsed = yaml.parse(text, span)
        except InputError:
            yield span
            continue
        waiting: list[Place] = [] if parsed is None else [parsed.root]
        while waiting:
            place = waiting.pop()
            if not isinstance(place, Branch):
                yield place
            elif isinstance(place.children, dict):
                for key, value in place.children.values():
                    yield key
                    waiting.append(value)
            else:
                waiting += place.children
