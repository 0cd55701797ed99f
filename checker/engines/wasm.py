"""Evaluates rules in this process, through the module that OPA compiled."""

from __future__ import annotations

import json
from collections import defaultdict
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from checker import entrypoints
from checker.engines import Evaluation, answers
from checker.engines.module import EvaluationError, Host
from checker.model import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from checker.bundles import Bundle
    from checker.engines.module import Instance
    from checker.model import JSON, Document, Rule, SecretMark, Selection

MEMORY: Final = 2**30
"""Bytes that one evaluation may use by default."""

SECONDS: Final = 30.0
"""Time that one evaluation may take by default."""

_KEPT: Final = 64 * 2**20
"""Bytes of memory beyond which an instance is given up after an evaluation, since memory never shrinks."""


class WasmEngine:
    """Evaluates the selected rules of a bundle; each thread gets an instance of the module for each evaluation."""

    def __init__(self, bundle: Bundle, selection: Selection, *, memory: int = MEMORY, seconds: float = SECONDS) -> None:
        self.revision = bundle.catalog.revision
        self._bundle = bundle
        self._selection = selection
        self._memory = memory
        self._seconds = seconds
        self._rules: defaultdict[str, list[Rule]] = defaultdict(list)
        for rule in selection.rules:
            self._rules[rule.kind].append(rule)
        self._lock = Lock()
        self._host: Host | None = None
        self._idle: list[Instance] = []

    def evaluate(self, document: Document) -> Evaluation:
        """Evaluate the selected rules of the document's kind, and its facts where a project rule is selected."""
        kind = self._bundle.catalog.kinds.get(document.kind)
        facts = bool(kind and kind.has_facts and self._selection.has_project_rules)
        return self._evaluate(document.kind, document.data, document.secrets, document.source.path, facts=facts)

    def evaluate_project(self, documents: JSON) -> Evaluation:
        """Evaluate the selected project rules over `[{id, kind, source, facts}]`."""
        return self._evaluate(answers.PROJECT, {"documents": documents}, (), "", facts=False)

    def close(self) -> None:
        """Release all instances."""
        while self._idle:
            self._idle.pop().close()
        if self._host:
            self._host.close()

    def _evaluate(self, kind: str, data: JSON, secrets: Sequence[SecretMark], path: str, *, facts: bool) -> Evaluation:
        rules = self._rules[kind] if kind in self._rules else []
        if not rules and not facts:
            return Evaluation()

        def ask(some: Sequence[Rule], seconds: float, *, facts: bool) -> Evaluation:
            request = answers.request(some, self._selection, data, secrets, facts=facts)
            return answers.read(self._ask(kind, request, seconds), some, path, self.revision)

        try:
            return ask(rules, self._seconds, facts=facts)
        except (ValueError, TypeError, RecursionError) as error:
            return Evaluation(
                problems=(Problem(path, f"the document cannot be given to rules ({type(error).__name__})"),)
            )
        except (EvaluationError, answers.AnswerError):
            pass
        return self._one_by_one(rules, ask, path, facts=facts)

    def _one_by_one(self, rules: Sequence[Rule], ask: Any, path: str, *, facts: bool) -> Evaluation:
        """Evaluate each rule alone, in the time of one evaluation: each gets half of what is left."""
        end = monotonic() + self._seconds
        evaluations = []
        for rule in [*rules, None] if facts else rules:
            some = [rule] if rule else []
            what = f"rule {rule.id}" if rule else "reading facts"
            try:
                evaluations.append(ask(some, max(0.0, end - monotonic()) / 2, facts=rule is None))
            except (EvaluationError, answers.AnswerError) as error:
                evaluations.append(Evaluation(problems=(Problem(path, f"{what}: {error}"),)))
        return Evaluation(
            tuple(result for evaluation in evaluations for result in evaluation.results),
            tuple(fact for evaluation in evaluations for fact in evaluation.facts),
            tuple(problem for evaluation in evaluations for problem in evaluation.problems),
        )

    def _ask(self, kind: str, request: bytes, seconds: float) -> Any:
        instance = self._take()
        try:
            answer = instance.evaluate(entrypoints.path(kind), request, seconds)
        except EvaluationError:
            instance.close()
            raise
        if instance.size > _KEPT:
            instance.close()
        else:
            self._idle.append(instance)
        found = json.loads(answer)
        return found[0]["result"] if found else None

    def _take(self) -> Instance:
        try:
            return self._idle.pop()
        except IndexError:
            pass
        with self._lock:
            if self._host is None:
                self._host = Host(self._bundle.module, None, self._memory)
            return self._host.instantiate()
