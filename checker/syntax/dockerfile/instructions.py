"""Reads the instructions of a Dockerfile.

BuildKit's own parser decides what an instruction is; the words and their places come from the text itself, because
that parser knows lines only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from checker.syntax.dockerfile.lines import Heredoc, Line, directives, logical_lines
from checker.syntax.dockerfile.words import Flag, Word, flags, json_words, spaced_words, word

if TYPE_CHECKING:
    from dockerfile import Command

    from checker.syntax.spliced import Spliced

KEYWORDS: Final = frozenset(
    {
        "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER",
        "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
    }
)  # fmt: skip
_MAY_BE_EMPTY: Final = frozenset({"CMD", "ENTRYPOINT"})
_JSON: Final = frozenset({"RUN", "CMD", "ENTRYPOINT", "SHELL", "COPY", "ADD", "VOLUME", "HEALTHCHECK"})
_LONGEST_LINE: Final = 65_535
_LONGEST_INSTRUCTION: Final = 100_000
"""BuildKit's parser takes time that grows with the square of this length."""

_KEYWORD: Final = re.compile(r"[^\t\v\f\r ]+")
_HEALTH_COMMAND: Final = re.compile(r"CMD\s+", re.IGNORECASE)


class Fault(NamedTuple):
    """Says between which offsets a file is no Dockerfile, and why."""

    reason: str
    start: int
    end: int


class Instruction(NamedTuple):
    """Holds one instruction; `keyword` is in upper case, behind ONBUILD that of the inner instruction."""

    keyword: str
    place: Word
    """The keyword as written."""
    line: Line
    arguments: Spliced
    """What stands behind the keyword and its flags."""
    flags: tuple[Flag, ...] = ()
    words: tuple[Word, ...] | None = None
    """The strings of the JSON form."""
    heredocs: tuple[Heredoc, ...] = ()
    is_onbuild: bool = False


class Dockerfile:
    """Holds what was read from a file."""

    def __init__(self, directives: dict[str, str], escape: str) -> None:
        self.directives = directives
        self.escape = escape
        self.instructions: list[Instruction] = []
        self.faults: list[Fault] = []


def read(text: str) -> Dockerfile:
    """Read a Dockerfile; what is wrong becomes a fault, and the rest is still read."""
    found, wrong = directives(text)
    escape = found.get("escape", "\\")
    result = Dockerfile(found, escape)
    result.faults += [Fault("the parser directive is given twice or has no valid value", *place) for place in wrong]
    nul = text.find("\0")
    if nul >= 0:
        result.faults.append(Fault("holds a NUL character, where BuildKit stops reading", nul, nul + 1))
        text = text.replace("\0", " ")
    lines = list(logical_lines(text, escape))
    commands = _commands(text, lines, escape)
    for line in lines:
        command = commands.get(line.number)
        if isinstance(command, Fault):
            result.faults.append(command)
        elif command is not None:
            _add(result, line, command)
    return result


def _commands(text: str, lines: list[Line], escape: str) -> dict[int, Command | Fault]:
    """Ask BuildKit's parser for the instruction that begins in each line.

    It gives up at the first error and does not say where, so then each line is asked for alone.
    """
    import dockerfile

    if any(len(line.text) > _LONGEST_INSTRUCTION for line in lines):
        return {line.number: _command(text, line, escape) for line in lines}
    try:
        return {command.start_line: command for command in dockerfile.parse_string(text)}
    except dockerfile.GoParseError:
        return {line.number: _command(text, line, escape) for line in lines}


def _command(text: str, line: Line, escape: str) -> Command | Fault:
    import dockerfile

    start, end = line.text.span(0, len(line.text.text.rstrip()))
    if len(line.text) > _LONGEST_INSTRUCTION:
        return Fault("the instruction is longer than 100,000 characters", start, end)
    if any(len(part.encode()) > _LONGEST_LINE for part in text[line.start : line.end].split("\n")):
        return Fault("holds a line that is longer than the 65,535 bytes that BuildKit reads", start, end)
    try:
        commands = dockerfile.parse_string(f"#escape={escape}\n{text[line.start : line.end]}\n")
    except dockerfile.GoParseError as error:
        return Fault(_reason(str(error)), start, end)
    return commands[0]


def _reason(message: str) -> str:
    """Tell BuildKit's reason without the values that it quotes."""
    if "unterminated heredoc" in message:
        return "a here-document has no end"
    if "JSON" in message:
        return "a JSON array in place of arguments holds something other than strings"
    if "two arguments" in message:
        return "the value of a variable is missing"
    if "can't find =" in message:
        return "an equals sign is missing between name and value"
    return "BuildKit's parser refuses the instruction"


def _add(result: Dockerfile, line: Line, command: Command) -> None:
    instruction = _instruction(line, 0, is_json=command.json)
    if instruction.keyword == "ONBUILD" and instruction.arguments.text:
        start = len(line.text.text.rstrip()) - len(instruction.arguments.text)
        inner = _instruction(line, start, is_json=command.json, is_onbuild=True)
        if inner.keyword in ("ONBUILD", "FROM", "MAINTAINER"):
            result.faults.append(_fault(f"{inner.keyword} is not allowed behind ONBUILD", inner.place))
            return
        instruction = inner
    fault = _check(instruction)
    if fault is not None:
        result.faults.append(fault)
    if instruction.keyword in KEYWORDS and instruction.keyword != "ONBUILD":
        result.instructions.append(instruction)


def _instruction(line: Line, position: int, *, is_json: bool, is_onbuild: bool = False) -> Instruction:
    text = line.text
    match = _KEYWORD.search(text.text, position)
    start, end = match.span() if match else (position, position)
    place = word(text, start, end)
    found, begin = flags(text, end)
    arguments = text.part(begin, max(begin, len(text.text.rstrip())))
    keyword = place.text.upper()
    probe = _HEALTH_COMMAND.match(text.text, begin) if keyword == "HEALTHCHECK" else None
    words = json_words(text, probe.end() if probe else begin) if is_json and keyword in _JSON else None
    return Instruction(
        keyword=keyword,
        place=place,
        line=line,
        arguments=arguments,
        flags=tuple(found),
        words=None if words is None else tuple(words),
        heredocs=line.heredocs,
        is_onbuild=is_onbuild,
    )


def _fault(reason: str, place: Word) -> Fault:
    return Fault(reason, place.start, place.end)


def _check(instruction: Instruction) -> Fault | None:
    """Tell what BuildKit's parser lets pass and its next step refuses."""
    keyword, place = instruction.keyword, instruction.place
    if keyword not in KEYWORDS:
        return _fault("the instruction is unknown", place)
    if not instruction.arguments.text and keyword not in _MAY_BE_EMPTY:
        return _fault(f"{keyword} has no arguments", place)
    return next(_check_arguments(instruction), None)


def _check_arguments(instruction: Instruction) -> Iterator[Fault]:
    keyword, place = instruction.keyword, instruction.place
    if keyword in ("COPY", "ADD"):
        words = spaced_words(instruction.arguments) if instruction.words is None else instruction.words
        if len(words) < 2:  # noqa: PLR2004 - a source and a destination
            yield _fault(f"{keyword} needs a source and a destination", place)
    elif keyword == "FROM":
        words = spaced_words(instruction.arguments)
        if len(words) != 1 and not (len(words) == 3 and words[1].text.upper() == "AS"):  # noqa: PLR2004 - FROM a AS b
            yield _fault("FROM needs one image, or an image, AS and a name", place)
    elif keyword == "SHELL" and instruction.words is None:
        yield _fault("SHELL needs a JSON array of strings", place)
    elif keyword == "HEALTHCHECK":
        kind = spaced_words(instruction.arguments)[0]
        if kind.text.upper() not in ("CMD", "NONE"):
            yield _fault("HEALTHCHECK needs CMD or NONE", kind)
