"""Finds the commands that RUN, CMD, ENTRYPOINT and HEALTHCHECK start."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from checker.syntax.dockerfile.words import spaced_words
from checker.syntax.shell import commands as shell
from checker.syntax.shell.commands import Script
from checker.syntax.shell.reader import read_script, read_words
from checker.syntax.shell.wrappers import SHELLS, base_name
from checker.syntax.spliced import Spliced

if TYPE_CHECKING:
    from checker.syntax.dockerfile.instructions import Instruction

KEYWORDS: Final = frozenset({"RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"})
_ONLY_HEREDOC: Final = re.compile(r"\d*<<-?\S+")
_INTERPRETER: Final = re.compile(r"#!\s*(\S+)(?:[ \t]+(\S+))?[^\n]*")
Form = Literal["shell", "exec", "none"]


class Execution(NamedTuple):
    """Holds what an instruction runs."""

    form: Form
    script: Script
    is_foreign: bool = False


def is_posix(words: list[str]) -> bool:
    """Tell whether the words of SHELL start a shell whose language is close to POSIX."""
    return any(base_name(word) in SHELLS for word in words)


def execution(instruction: Instruction, variables: dict[str, str | None], *, is_foreign: bool) -> Execution:
    """Read what an instruction runs, given the variables in its environment and whether SHELL is foreign."""
    arguments = instruction.arguments
    if instruction.keyword == "HEALTHCHECK":
        words = spaced_words(arguments)
        if not words or words[0].text.upper() != "CMD":
            return Execution("none", Script())
        begin = arguments.text.find(words[0].text) + len(words[0].text)
        begin += len(arguments.text[begin:]) - len(arguments.text[begin:].lstrip())
        arguments = arguments.part(begin)
    if instruction.words is not None:
        return _exec_form(instruction, variables)
    if is_foreign:
        return Execution("shell", Script(), is_foreign=True)
    return Execution("shell", _shell_form(instruction, arguments, variables))


def _exec_form(instruction: Instruction, variables: dict[str, str | None]) -> Execution:
    words = [
        (shell.Word(word.text, word.decoded.text, word.start, word.end), word.decoded)
        for word in instruction.words or ()
        if word.decoded is not None
    ]
    return Execution("exec", read_words(words, variables) if words else Script())


def _shell_form(instruction: Instruction, arguments: Spliced, variables: dict[str, str | None]) -> Script:
    if not instruction.heredocs:
        return read_script(arguments, variables)
    if len(instruction.heredocs) == 1 and _ONLY_HEREDOC.fullmatch(arguments.text):
        content = instruction.heredocs[0].content
        interpreter = _INTERPRETER.match(content.text)
        if interpreter is None:
            return read_script(content, variables)
        return _interpreted(content, interpreter, variables)
    pieces = [*arguments.pieces(), ("\n", arguments.end(len(arguments)), arguments.end(len(arguments)))]
    for heredoc in instruction.heredocs:
        pieces += heredoc.raw.pieces()
    return read_script(Spliced(pieces), variables)


def _interpreted(content: Spliced, match: re.Match[str], variables: dict[str, str | None]) -> Script:
    """Read a script that names its interpreter: a shell script's commands, else the interpreter alone."""
    names = [base_name(match[1]), match[2] or ""]
    name = names[1] if names[0] == "env" else names[0]
    if name in SHELLS:
        return read_script(content, variables)
    group = 2 if names[0] == "env" and match[2] else 1
    start, end = content.span(*match.span(group))
    word = shell.Word(match[group], match[group], start, end, match.start(group))
    command = shell.Command(start)
    command.name, command.program = base_name(match[group]), word
    script = Script()
    script.commands.append(command)
    return script
