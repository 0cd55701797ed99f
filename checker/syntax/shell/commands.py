"""Lists the simple commands of a shell script."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from checker.syntax.shell.values import Variables


class Word(NamedTuple):
    """Holds a word as written and its value, None where that is not known; `start` and `end` are offsets."""

    text: str
    value: str | None
    start: int
    end: int
    position: int = 0
    """Where the word begins in the script that it was read from."""


class Assignment(NamedTuple):
    """Holds `name=value`; the value of `export NAME` is absent."""

    name: Word
    value: Word


class Redirect(NamedTuple):
    """Holds a redirection: `start` and `end` are the offsets of its operator."""

    operator: str
    start: int
    end: int
    target: Word | None


class Command:
    """Holds a simple command; `start` is the offset of its first word."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.name: str | None = None
        self.program: Word | None = None
        self.wrappers: list[Word] = []
        self.assignments: list[Assignment] = []
        self.arguments: list[Word] = []
        self.redirects: list[Redirect] = []
        self.pipe_from: Command | None = None
        self.is_conditional = False
        self.environment: Variables = {}
        """Variables that differ from those the script started with."""


class Fault(NamedTuple):
    """Says between which offsets a script is no shell, and why."""

    reason: str
    start: int
    end: int


class Script:
    """Holds what was read from a script, in the order of its text."""

    def __init__(self) -> None:
        self.commands: list[Command] = []
        self.faults: list[Fault] = []
