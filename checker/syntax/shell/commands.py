"""Lists the simple commands of a shell script."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checker.syntax.shell.values import Variables


@dataclass(frozen=True, slots=True)
class Word:
    """Holds a word as written and its value, None where that is not known; `start` and `end` are offsets."""

    text: str
    value: str | None
    start: int
    end: int
    position: int = 0
    """Where the word begins in the script that it was read from."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Holds `name=value`; the value of `export NAME` is absent."""

    name: Word
    value: Word


@dataclass(frozen=True, slots=True)
class Redirect:
    """Holds a redirection: `start` and `end` are the offsets of its operator."""

    operator: str
    start: int
    end: int
    target: Word | None


@dataclass(eq=False, slots=True)
class Command:
    """Holds a simple command; `start` is the offset of its first word."""

    start: int
    name: str | None = None
    program: Word | None = None
    wrappers: list[Word] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    arguments: list[Word] = field(default_factory=list)
    redirects: list[Redirect] = field(default_factory=list)
    pipe_from: Command | None = None
    is_conditional: bool = False
    environment: Variables = field(default_factory=dict)
    """Variables that differ from those the script started with."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Says between which offsets a script is no shell, and why."""

    reason: str
    start: int
    end: int


@dataclass(slots=True)
class Script:
    """Holds what was read from a script, in the order of its text."""

    commands: list[Command] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
