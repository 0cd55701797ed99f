"""Finds what the rules of one profile say of an object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from checker import findings, masking
from checker.admission import waived
from checker.admission.modes import Modes
from checker.admission.wording import Told
from checker.model import SEVERITIES
from checker.normalizers import kubernetes

if TYPE_CHECKING:
    from checker.admission.review import Review
    from checker.config import AdmissionSettings, FailureKind, Mode
    from checker.engines import Engine
    from checker.model import JSON, Document, Finding, Selection
    from checker.waivers import Terms

_REASONS: Final = 2
"""How many failures are told: there may be one a rule, and one leads to the others."""


class Verdict(NamedTuple):
    """Holds what was found, the gravest first, and what kept a rule from answering."""

    told: tuple[Told, ...] = ()
    failure: FailureKind | None = None
    reason: str = ""
    applies: bool = True
    """Whether the profile has rules for such an object."""


class _Found(NamedTuple):
    """Holds the same of one object before it is known what each finding does."""

    findings: tuple[Finding, ...]
    failure: FailureKind | None
    reason: str
    applies: bool


class Judge:
    """Judges objects by the rules of one selection."""

    def __init__(
        self,
        profiles: tuple[str, ...],
        engine: Engine,
        selection: Selection,
        settings: AdmissionSettings,
        terms: Terms,
    ) -> None:
        """Take what waivers may say; the date of each request replaces theirs."""
        self._profiles = profiles
        self._engine = engine
        self._rules = {rule.id: rule for rule in selection.rules}
        self._report_implied = selection.report_implied
        self._settings = settings
        self._terms = terms

    def judge(self, review: Review, data: JSON, seconds: float, today: str) -> Verdict:
        """Judge the object of a request within so many seconds, on a day such as `2026-11-30`."""
        if seconds <= 0:
            return Verdict(failure="time", reason="no time is left to judge the object")
        may_have_old = self._settings.grandfather and review.operation == "UPDATE" and review.old is not None
        modes = Modes(self._settings, self._profiles, review.namespace, data)
        limit = seconds / 2 if may_have_old else seconds
        document = kubernetes.document_of(data, review.text)
        found, failure, reason, applies = self._found(document, modes, limit)
        old: frozenset[str] = frozenset()
        if may_have_old and any(modes.configured(self._rules[one.rule]) == "deny" for one in found):
            before = self._found(kubernetes.document_of(review.old, review.text), modes, limit).findings
            old = frozenset(one.fingerprint for one in before)
        if self._settings.waivers and found:
            terms = self._terms._replace(today=today)
            found = tuple(waived.apply(found, document, review.namespace, self._settings.waivers, terms))
        told = [self._told(one, modes, is_old=one.fingerprint in old) for one in found]
        told.sort(key=_weight)
        return Verdict(tuple(told), failure, reason, applies)

    def close(self) -> None:
        """Release the engine."""
        self._engine.close()

    def _told(self, finding: Finding, modes: Modes, *, is_old: bool) -> Told:
        rule = self._rules[finding.rule]
        mode: Mode = "audit" if finding.suppression else modes.of(modes.configured(rule), finding.node, is_old=is_old)
        return Told(finding, rule, mode)

    def _found(self, document: Document, modes: Modes, seconds: float) -> _Found:
        """Return what is found, without what is ignored, and how and why the evaluation failed, if it did.

        A rule that is ignored implies nothing, as if it were not selected.
        """
        evaluation = self._engine.evaluate(document, seconds)
        results = [one for one in evaluation.results if modes.configured(self._rules[one.rule]) != "ignore"]
        if not self._report_implied:
            results = findings.without_implied(results, self._rules)
        secrets = findings.FileSecrets.of([document])
        made = []
        reasons = [problem.reason for problem in evaluation.problems]
        for result in results:
            try:
                made.append(findings.make(document, result, self._rules[result.rule], secrets))
            except (LookupError, TypeError, ValueError) as error:
                reasons.append(f"rule {result.rule} answered a path that no object has ({type(error).__name__})")
        failure: FailureKind | None = None
        if reasons:
            failure = "time" if evaluation.out_of_time else "evaluation"
        reason = masking.mask(", and ".join(reasons[:_REASONS]), secrets.values)
        return _Found(findings.ordered(made), failure, reason, evaluation.applies)


def _weight(told: Told) -> tuple[object, ...]:
    """Order the gravest first, the findings of a rule beside each other, in the order of the object's lists."""
    node = [(isinstance(step, str), step) for step in told.finding.node]
    return -SEVERITIES.index(told.rule.severity), told.rule.id, node
