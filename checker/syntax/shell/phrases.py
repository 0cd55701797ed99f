"""Turns the nodes of a shell script's tree into words with values and places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from checker.syntax.shell.commands import Command, Fault, Script, Word
from checker.syntax.shell.values import evaluate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

    from checker.syntax.shell.state import State
    from checker.syntax.spliced import Spliced


class Phrases:
    """Reads words of one script text, as the state of its variables is at the moment."""

    def __init__(self, text: Spliced, state: State, script: Script) -> None:
        self.text: Final = text
        self.source: Final = text.text
        self.state: Final = state
        self.script: Final = script

    def words(self, nodes: Iterable[Node]) -> list[Word]:
        """Return the words that nodes make, those without space between them as one."""
        spans: list[tuple[int, int]] = []
        for node in nodes:
            if node.start_byte == node.end_byte:
                continue
            if spans and spans[-1][1] == node.start_byte:
                spans[-1] = (spans[-1][0], node.end_byte)
            else:
                spans.append((node.start_byte, node.end_byte))
        return [self.word(start, end) for start, end in spans]

    def word(self, start: int, end: int) -> Word:
        """Return the word between two positions."""
        text = self.source[start:end]
        return Word(text, evaluate(text, self.state.variables), *self.text.span(start, end), start)

    def added(self, command: Command) -> Command:
        """Add a command to the script."""
        command.is_conditional = self.state.is_conditional
        command.environment = self.state.changed
        self.script.commands.append(command)
        return command

    def fault(self, reason: str, position: int) -> None:
        """Say what is wrong at a position."""
        self.script.faults.append(Fault(reason, *self.text.span(position, position + 1)))
