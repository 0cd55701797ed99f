"""Tests how the time for a document is divided among its rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checker import bundles
from checker.engines import Evaluation
from checker.engines.answers import AnswerError
from checker.engines.evaluator import Evaluator
from checker.model import Problem, Selection
from tests.rules import document

if TYPE_CHECKING:
    import pytest

BUNDLE = bundles.builtin()
SELECTION = Selection(tuple(rule for rule in BUNDLE.catalog.rules.values() if rule.kind == "env")[:3])


class Clock:
    """Answers one rule at a time, each after some seconds, and remembers how much time each was given."""

    def __init__(self, takes: float, *, together_takes: float = 0.0) -> None:
        self.now = 0.0
        self.given: list[float] = []
        self._takes = takes
        self._together_takes = together_takes

    def ask(self, _: str, request: Any, seconds: float) -> Any:
        self.given.append(seconds)
        if len(request["rules"]) > 1:
            self.now += self._together_takes
            message = "stops"
            raise AnswerError(message)
        self.now += self._takes
        return {"revision": BUNDLE.catalog.revision, "rules": {name: [] for name in request["rules"]}, "facts": []}


def evaluate(clock: Clock, monkeypatch: pytest.MonkeyPatch, seconds: float | None) -> Evaluation:
    monkeypatch.setattr("checker.engines.evaluator.monotonic", lambda: clock.now)
    return Evaluator(BUNDLE.catalog, SELECTION, clock.ask, 8.0).document(document({}), seconds)


def test_rules_that_are_asked_alone_have_the_time_of_one_evaluation_again(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(2.0, together_takes=5.0)
    assert evaluate(clock, monkeypatch, None) == Evaluation()
    assert clock.given == [8.0, 4.0, 3.0, 2.0]


def test_rules_that_are_asked_alone_have_what_is_left_of_a_given_time(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(0.5, together_takes=2.0)
    assert evaluate(clock, monkeypatch, 4.0) == Evaluation()
    assert clock.given == [4.0, 1.0, 0.75, 0.5]


def test_no_rule_is_asked_after_a_given_time(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(2.0, together_takes=1.0)
    late = Evaluation(problems=(Problem("a.env", "no time is left for the other rules"),), out_of_time=True)
    assert evaluate(clock, monkeypatch, 3.0) == late
    assert clock.given == [3.0, 1.0]


def test_every_rule_is_asked_where_no_time_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(9.0)
    assert evaluate(clock, monkeypatch, None) == Evaluation()
    assert clock.given == [8.0, 4.0, 0.0, 0.0]
