"""Builds simple commands from their words."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Final

from checker.syntax.shell.commands import Assignment, Command, Word
from checker.syntax.shell.wrappers import SHELLS, base_name, unwrap

_SHELL_FLAG: Final = re.compile(r"-[a-zA-Z]*c[a-zA-Z]*")
_VALUED_SHELL_FLAGS: Final = frozenset({"-o", "+o", "-O", "+O", "--rcfile", "--init-file"})
_NAME: Final = re.compile(r"[A-Za-z_]\w*")


def command_of(words: Sequence[Word], assigned: Sequence[Assignment], start: int) -> Command:
    """Return the command that words make, which begins at an offset, with the programs that wrap it set apart."""
    command = Command(start)
    command.assignments += assigned
    if not words:
        return command
    found = unwrap(words, _value)
    command.wrappers = [words[index] for index in found.wrappers]
    command.assignments += [split_assignment(words[index]) for index in found.assignments]
    command.program = words[found.program]
    command.arguments = list(words[found.program + 1 :])
    if command.program.value:
        command.name = base_name(command.program.value)
    return command


def _value(word: Word) -> str | None:
    return word.value


def split_assignment(word: Word) -> Assignment:
    """Split a word `name=value` or `name+=value`."""
    name, _, value = word.text.partition("=")
    known = None if name.endswith("+") or word.value is None else word.value.partition("=")[2]
    middle = len(name) + 1
    name = name.removesuffix("+")
    return Assignment(
        Word(name, name, word.start, word.start + len(name), word.position),
        Word(value, known, min(word.start + middle, word.end), word.end, word.position + middle),
    )


def script_argument(command: Command) -> Word | None:
    """Return the word that holds the script of `sh -c`, `su -c` and `eval`, or None."""
    if command.name == "eval":
        return command.arguments[0] if len(command.arguments) == 1 else None
    if command.name in ("su", "runuser"):
        return _after(command.arguments, {"-c", "--command"})
    if command.name not in SHELLS:
        return None
    return _shell_script(command.arguments)


def _after(words: Sequence[Word], flags: set[str]) -> Word | None:
    for word, following in itertools.pairwise(words):
        if word.value in flags:
            return following
    return None


def _shell_script(words: Sequence[Word]) -> Word | None:
    is_script = False
    is_value = False
    for word in words:
        if is_value:
            is_value = False
        elif word.value is not None and word.value[:1] in ("-", "+") and len(word.value) > 1:
            is_value = word.value in _VALUED_SHELL_FLAGS or bool(re.fullmatch(r"-[a-zA-Z]+o", word.value))
            is_script = is_script or bool(_SHELL_FLAG.fullmatch(word.value))
        else:
            return word if is_script else None
    return None


def reads_script(command: Command) -> bool:
    """Tell whether a command runs the script that it reads from its standard input."""
    return command.name in SHELLS and all(
        word.value is not None and word.value.startswith("-") and not _SHELL_FLAG.fullmatch(word.value)
        for word in command.arguments
    )


def assigned_names(command: Command) -> Mapping[str, str | None]:
    """Return the variables that a command leaves set for those after it."""
    if command.program is None or command.name in ("export", "declare", "typeset", "readonly", "local"):
        return {assignment.name.text: assignment.value.value for assignment in command.assignments}
    if command.name in ("unset", "read"):
        return {word.text: None for word in command.arguments if _NAME.fullmatch(word.text)}
    return {}
