"""Evaluates rules over documents: one module an engine, each with the face `Engine`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from checker.model import JSON, Document, Path, Problem


class Result(NamedTuple):
    """Holds one element of a rule's `deny`: `document` is set by project rules only."""

    rule: str
    path: Path
    message: str
    document: str = ""


class Evaluation(NamedTuple):
    """Holds what one document, or the facts of all, gave."""

    results: tuple[Result, ...] = ()
    facts: tuple[JSON, ...] = ()
    problems: tuple[Problem, ...] = ()
    out_of_time: bool = False
    """Whether any of the problems is that the time was used up."""
    applies: bool = True
    """Whether some selected rule applies to an object such as the document."""


class Engine(Protocol):
    """Describes what each module of this folder offers; every method may be called from several threads at once."""

    @property
    def revision(self) -> str:
        """Return the digest of the policies' sources, which each answer must carry."""

    def evaluate(self, document: Document, seconds: float | None = None) -> Evaluation:
        """Evaluate the selected rules of the document's kind, and its facts where a project rule is selected.

        `seconds` is the time for all of it, where that is less than the engine gives by itself. Never raises for what
        a document or a policy does: that is a problem of the evaluation, and the rules that did answer still count.
        """

    def evaluate_project(self, documents: JSON) -> Evaluation:
        """Evaluate the selected project rules over `[{id, kind, source, facts}]`."""

    def close(self) -> None:
        """Release the engine; nothing may be evaluated afterwards."""
