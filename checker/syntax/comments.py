"""Finds comments, and the lines of code that each stands at."""

from __future__ import annotations

import re
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
    instructions = [
        (text.region(line.start, line.end), bool(line.heredocs)) for line in logical_lines(text.value, escape)
    ]
    for match in pattern.finditer(text.value):
        number = text.region(*match.span()).start_line
        if not text.line(number).lstrip().startswith("#"):
            continue
        inside = next((one for one in instructions if one[0].start_line < number <= one[0].end_line), None)
        if inside is not None and inside[1]:
            continue
        following = next((one for one, _ in instructions if one.start_line > number), None)
        if inside is not None or following is None:
            yield Comment(match, _following(text, number))
        else:
            yield Comment(match, (following.start_line, following.end_line))


OF: Final[Mapping[str, Callable[[Text, re.Pattern[str]], Iterator[Comment]]]] = {
    "dockerfile": of_dockerfile,
    "env": of_dotenv,
    "kubernetes": of_yaml,
}
"""How comments are found in files of a kind; the others are JSON or XML."""


def _outside(text: Text, pattern: re.Pattern[str], values: Iterable[Span]) -> Iterator[Comment]:
    """Yield what stands in no value and behind white space."""
    spans = sorted(values)
    for match in pattern.finditer(text.value):
        start = match.start()
        if any(first <= start < end for first, end in spans) or text.value[start - 1 : start].strip():
            continue
        number = text.region(start, start).start_line
        before = text.value[text.line_span(number)[0] : start]
        yield Comment(match, (number, number) if before.strip() else _following(text, number))


def _following(text: Text, number: int) -> tuple[int, int]:
    """Return the next line with code; the comment's own where there is none."""
    for line in range(number + 1, text.line_count + 1):
        if not _NO_CODE.match(text.line(line)):
            return line, line
    return number, number


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
