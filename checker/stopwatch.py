"""Measures how long each rule takes."""

from __future__ import annotations

from collections import Counter, defaultdict
from time import perf_counter
from typing import TYPE_CHECKING

from checker.model import Selection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from checker.engines import Engine, Evaluation
    from checker.model import JSON, Document


class Stopwatch:
    """Opens engines that evaluate each document once as asked, and once more for each rule alone."""

    def __init__(self, open_engine: Callable[[Selection], Engine]) -> None:
        self._open_engine = open_engine
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.documents: Counter[str] = Counter()

    def open(self, selection: Selection) -> Engine:
        """Return an engine for a selection."""
        return _Timed(self, self._open_engine, selection)

    def lines(self) -> Iterator[str]:
        """Yield what was measured, the slowest rule first; what a call costs by itself is in each figure."""
        for rule, seconds in sorted(self.seconds.items(), key=lambda one: (-one[1], one[0])):
            yield f"{seconds:8.3f} s  {rule} ({self.documents[rule]:,} documents)\n"


class _Timed:
    def __init__(self, watch: Stopwatch, open_engine: Callable[[Selection], Engine], selection: Selection) -> None:
        self._watch = watch
        self._engine = open_engine(selection)
        self._alone: defaultdict[str, dict[str, Engine]] = defaultdict(dict)
        for rule in selection.rules:
            alone = Selection((rule,), selection.parameters, selection.report_implied)
            self._alone[rule.kind][rule.id] = open_engine(alone)
        self.revision = self._engine.revision

    def evaluate(self, document: Document, seconds: float | None = None) -> Evaluation:
        self._time(document.kind, lambda engine: engine.evaluate(document, seconds))
        return self._engine.evaluate(document, seconds)

    def evaluate_project(self, documents: JSON) -> Evaluation:
        self._time("project", lambda engine: engine.evaluate_project(documents))
        return self._engine.evaluate_project(documents)

    def _time(self, kind: str, evaluate: Callable[[Engine], Evaluation]) -> None:
        for rule, engine in self._alone[kind].items():
            begin = perf_counter()
            evaluate(engine)
            self._watch.seconds[rule] += perf_counter() - begin
            self._watch.documents[rule] += 1

    def close(self) -> None:
        for engines in self._alone.values():
            for engine in engines.values():
                engine.close()
        self._engine.close()
