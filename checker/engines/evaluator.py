"""Asks for the rules of a document together and, where that gives no answer, for each alone."""

from __future__ import annotations

from collections import defaultdict
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from checker import entrypoints
from checker.engines import Evaluation, answers
from checker.engines.answers import AnswerError
from checker.model import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from checker.catalog import Catalog
    from checker.model import JSON, Document, Rule, SecretMark, Selection

Ask: TypeAlias = "Callable[[str, JSON, float], Any]"
"""Returns what the entry point of a kind answers to a request within so many seconds.

Raises `AnswerError`, and `ValueError`, `TypeError` or `RecursionError` for a request that is no JSON.
"""


_REMEMBERED: Final = 4096
"""Of how many identities the objects are remembered: a server runs for months."""


class Evaluator:
    """Turns documents into requests for the selected rules, and answers into evaluations."""

    def __init__(self, catalog: Catalog, selection: Selection, ask: Ask, seconds: float) -> None:
        self._catalog = catalog
        self._selection = selection
        self._ask = ask
        self._seconds = seconds
        self._rules: defaultdict[str, list[Rule]] = defaultdict(list)
        for rule in selection.rules:
            self._rules[rule.kind].append(rule)
        self._wanted = {kind: _objects(rules) for kind, rules in self._rules.items()}
        self._objects: dict[tuple[str, ...], frozenset[str]] = {}
        """What documents are, as the answers for others of the same identity said."""

    def document(self, document: Document, seconds: float | None = None) -> Evaluation:
        """Evaluate the selected rules of a document's kind, and its facts where a project rule is selected.

        `seconds` is the time for all of it; where it is None, rules that are asked alone after all together gave no
        answer have as much time again.
        """
        kind = self._catalog.kinds.get(document.kind)
        facts = bool(kind and kind.has_facts and self._selection.has_project_rules)
        if not facts and self._has_no_rule_for(document):
            return Evaluation(applies=False)
        subject = _Subject(self, document.kind, document.data, document.secrets, document.source.path)
        evaluation = subject.evaluate(facts=facts, seconds=seconds)
        return evaluation._replace(applies=False) if self._has_no_rule_for(document) else evaluation

    def project(self, documents: JSON) -> Evaluation:
        """Evaluate the selected project rules over `[{id, kind, source, facts}]`."""
        return _Subject(self, answers.PROJECT, {"documents": documents}, (), "").evaluate(facts=False)

    def rules(self, kind: str) -> Sequence[Rule]:
        """Return the selected rules of a kind."""
        return self._rules.get(kind, [])

    def ask(self, subject: _Subject, rules: Sequence[Rule], seconds: float, *, facts: bool) -> Evaluation:
        """Return what some rules, and the facts, of a document answer together."""
        request = answers.request(rules, self._selection, subject.data, subject.secrets, facts=facts)
        answer = self._ask(subject.kind, request, seconds)
        evaluation = answers.read(answer, rules, subject.path, self._catalog.revision)
        identity = _identity(subject.kind, subject.data)
        if identity and identity not in self._objects and len(self._objects) < _REMEMBERED:
            found = answers.objects(answer)
            if found is not None:
                self._objects[identity] = found
        return evaluation

    def _has_no_rule_for(self, document: Document) -> bool:
        """Tell whether a document of the same identity was none of the objects that the selected rules apply to."""
        wanted = self._wanted.get(document.kind)
        identity = _identity(document.kind, document.data) if wanted else None
        known = self._objects.get(identity) if identity else None
        return wanted is not None and known is not None and wanted.isdisjoint(known)

    @property
    def seconds(self) -> float:
        """Return the time that one evaluation may take."""
        return self._seconds


def _objects(rules: Sequence[Rule]) -> frozenset[str] | None:
    """Return the objects that rules apply to, None where one of them applies to every document."""
    return frozenset(name for rule in rules for name in rule.objects) if all(rule.objects for rule in rules) else None


def _identity(kind: str, data: JSON) -> tuple[str, ...] | None:
    """Return what decides which objects a document is, None where it lacks some of it."""
    values = [data.get(name) for name in entrypoints.IDENTITY]
    return (kind, *values) if all(isinstance(value, str) for value in values) else None


class _Subject:
    """Evaluates one document."""

    def __init__(self, evaluator: Evaluator, kind: str, data: JSON, secrets: Sequence[SecretMark], path: str) -> None:
        self._evaluator = evaluator
        self.kind = kind
        self.data = data
        self.secrets = secrets
        self.path = path

    def evaluate(self, *, facts: bool, seconds: float | None = None) -> Evaluation:
        rules = self._evaluator.rules(self.kind)
        if not rules and not facts:
            return Evaluation(applies=False)
        time = self._evaluator.seconds if seconds is None else min(seconds, self._evaluator.seconds)
        end = monotonic() + time
        try:
            return self._evaluator.ask(self, rules, time, facts=facts)
        except AnswerError as error:
            if not error.concerns_rule or (error.out_of_time and seconds is not None):
                return self._failed(str(error), out_of_time=error.out_of_time)
        except (ValueError, TypeError, RecursionError) as error:
            return self._failed(f"the document cannot be given to rules ({type(error).__name__})")
        if seconds is not None:
            return self._one_by_one(rules, end, facts=facts, is_final=True)
        return self._one_by_one(rules, monotonic() + time, facts=facts)

    def _failed(self, reason: str, *, out_of_time: bool = False) -> Evaluation:
        return Evaluation(problems=(Problem(self.path, reason),), out_of_time=out_of_time)

    def _one_by_one(self, rules: Sequence[Rule], end: float, *, facts: bool, is_final: bool = False) -> Evaluation:
        """Evaluate each rule alone until the time `end`: each may take half of what is left.

        Rules whose turn comes later are not asked where the end `is_final`; else they have the shortest time there is.
        """
        found = []
        for rule in [*rules, None] if facts else rules:
            left = end - monotonic()
            if left <= 0 and is_final:
                found.append(self._failed("no time is left for the other rules", out_of_time=True))
                break
            some = [rule] if rule else []
            try:
                found.append(self._evaluator.ask(self, some, max(0.0, left) / 2, facts=rule is None))
            except AnswerError as error:
                reason = f"{f'rule {rule.id}' if rule else 'the facts'}: {error}"
                found.append(self._failed(reason, out_of_time=error.out_of_time))
        return Evaluation(
            tuple(result for evaluation in found for result in evaluation.results),
            tuple(fact for evaluation in found for fact in evaluation.facts),
            tuple(problem for evaluation in found for problem in evaluation.problems),
            any(evaluation.out_of_time for evaluation in found),
        )
