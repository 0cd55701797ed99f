"""Defines what a rehearsal has to tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from checker.config import Mode
    from checker.model import Problem, Rule, Skipped, Unrendered
    from checker.webhook.owners import Owner

Outcome: TypeAlias = Literal["deny", "warn", "audit", "pass"]


class Said(NamedTuple):
    """Holds one finding: the field as a denial names it, and the message."""

    rule: str
    mode: Mode
    field: str
    message: str


class Judged(NamedTuple):
    """Holds what would become of one object if it were created today."""

    namespace: str
    owner: Owner
    is_made: bool
    """Whether it is the Pod that the object of this name would make of its template."""
    kind: str
    name: str
    profile: str
    outcome: Outcome
    """The gravest of what is said of it."""
    said: tuple[Said, ...]
    """The gravest rules first."""


class Rehearsal(NamedTuple):
    """Holds all that a rehearsal has to tell; objects stand by namespace, owner, kind and name."""

    version: str
    revision: str
    rules: Mapping[str, Rule]
    """The rules that said something, by id."""
    judged: tuple[Judged, ...]
    without_rules: Mapping[str, int]
    """How many objects there were of each kind at which no rule looks."""
    own: Mapping[str, int]
    """How many objects there were of each kind that the API server makes by itself, past the webhook."""
    excluded: Mapping[str, int]
    """How many objects there were in each namespace that the webhook leaves out."""
    problems: tuple[Problem, ...]
    skipped: tuple[Skipped, ...]
    unrendered: tuple[Unrendered, ...]
    unclaimed: int

    @property
    def exit_code(self) -> int:
        """Return 2 where something was not judged, 1 where something would be denied, 3 where nothing was judged."""
        if self.problems:
            return 2
        if any(one.outcome == "deny" for one in self.judged):
            return 1
        return 0 if self.judged or self.without_rules else 3
