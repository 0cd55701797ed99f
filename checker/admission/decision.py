"""Judges requests with one engine a profile."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from checker.admission import responses, wording
from checker.admission.changes import subject
from checker.admission.judge import Judge, Verdict
from checker.admission.review import VERSION, Review, ReviewError, read
from checker.normalizers import kubernetes
from checker.selection import DEFAULT, select
from checker.waivers import Terms

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from checker.admission.review import Operation
    from checker.admission.wording import Told
    from checker.bundles import Bundle
    from checker.config import AdmissionSettings, FailureKind, Mode, Settings
    from checker.engines import Engine
    from checker.model import Selection

_OK: Final = 200
_NOTHING: Final[Mapping[str, str]] = {}
_START_SECONDS: Final = 30.0
_REASONS: Final[Mapping[FailureKind, str]] = {
    "bad-body": "the body cannot be read",
    "unknown-version": "the AdmissionReview has a version that is not known",
    "evaluation": "the rules give no answer",
    "time": "no time is left to judge the object",
    "overload": "too many requests wait to be judged",
}


class Decision(NamedTuple):
    """Holds an answer, and what metrics and logs may know of it: never contents of the object."""

    status: int
    """The HTTP status: 200 for every answer that an API server can tie to its request."""
    body: bytes
    """The AdmissionReview, as JSON."""
    uid: str
    """The request's, empty where it could not be read."""
    outcome: Literal["allow", "warn", "deny", "error"]
    """`error` for whatever the failure table decided; `allowed` tells how."""
    allowed: bool
    failure: FailureKind | None = None
    reason: str = ""
    """Why the request could not be judged."""
    findings: tuple[tuple[str, Mode], ...] = ()
    """Rule and mode of each finding."""
    profile: str = ""
    operation: Operation | Literal[""] = ""
    group: str = ""
    version: str = ""
    kind: str = ""
    subresource: str = ""
    namespace: str = ""
    name: str = ""
    dry_run: bool = False


class Explained(NamedTuple):
    """Holds a decision together with all that led to it, however little of that an answer can hold."""

    decision: Decision
    told: tuple[Told, ...] = ()
    applies: bool = True
    """Whether the profile has rules for such an object."""


class Admission:
    """Decides requests by the rules of the profile that each names; every method may be called from several threads."""

    def __init__(self, bundle: Bundle, settings: Settings, open_engine: Callable[[Selection], Engine]) -> None:
        """Make the engines of all profiles that hold rules for Kubernetes.

        Raises `CheckerError` for settings that name what does not exist.
        """
        self.revision = bundle.catalog.revision
        self._settings: AdmissionSettings = settings.admission
        self._judges: dict[str, Judge] = {}
        prefix = f"{kubernetes.KIND}/"
        names = [
            name for name, one in bundle.catalog.profiles.items() if any(id_.startswith(prefix) for id_ in one.rules)
        ]
        self.default_profile = " ".join(settings.profiles) or DEFAULT
        choices = {name: (name,) for name in names} | {self.default_profile: settings.profiles or (DEFAULT,)}
        selections = {
            name: _of_kubernetes(select(bundle.catalog, settings._replace(profiles=profiles)))
            for name, profiles in choices.items()
        }
        terms = Terms("", frozenset(bundle.catalog.rules), settings.waivers)
        for name, selection in selections.items():
            engine = open_engine(selection)
            self._judges[name] = Judge(choices[name], engine, selection, settings.admission, terms)

    @property
    def profiles(self) -> tuple[str, ...]:
        """Return the names that `decide` takes."""
        return tuple(self._judges)

    @property
    def budget(self) -> float:
        """Return how many seconds deciding a request may take."""
        return self._settings.budget

    def decide(self, body: bytes, profile: str, now: datetime, seconds: float | None = None) -> Decision:
        """Answer a request; an empty profile is the configured one, `seconds` what is left of the budget.

        Never raises for anything that a body can hold.
        """
        return self.explain(body, profile, now, seconds).decision

    def explain(self, body: bytes, profile: str, now: datetime, seconds: float | None = None) -> Explained:
        """Decide a request as `decide` does, and return all that led to the decision as well."""
        try:
            review = read(body)
        except ReviewError as error:
            return Explained(self._failure(error.kind, Verdict(reason=error.reason), error.uid, error.version))
        profile = profile or self.default_profile
        decision, verdict = self._decided(review, profile, now, seconds)
        about = _about(decision, review, profile if profile in self._judges else "")
        return Explained(about, verdict.told, verdict.applies)

    def failed(self, kind: FailureKind, uid: str = "", version: str = VERSION, reason: str = "") -> Decision:
        """Answer a request that was not read, or not to its end, as the failure table says.

        `opening` finds uid and version in what was read of it.
        """
        return self._failure(kind, Verdict(reason=reason or _REASONS[kind]), uid, version)

    def warm(self) -> tuple[str, ...]:
        """Judge an empty Pod with every profile, so that no request pays for the start; return why that fails."""
        pod = {"apiVersion": "v1", "kind": "Pod"}
        review = Review("", "CREATE", "", "v1", "Pod", "pods", "", "", "", dry_run=True, object=pod, old=None, text="")
        verdicts = [judge.judge(review, pod, _START_SECONDS, "") for judge in self._judges.values()]
        return tuple(dict.fromkeys(verdict.reason for verdict in verdicts if verdict.failure))

    def close(self) -> None:
        """Release the engines; nothing may be decided afterwards."""
        for judge in self._judges.values():
            judge.close()

    def _decided(self, review: Review, profile: str, now: datetime, seconds: float | None) -> tuple[Decision, Verdict]:
        judge = self._judges.get(profile)
        if judge is None:
            nothing = Verdict(reason="there is no such profile")
            return self._failure("evaluation", nothing, review.uid), nothing
        data = subject(review)
        if data is None:
            body = responses.allowed(review.uid, VERSION)
            return Decision(_OK, body, review.uid, "allow", allowed=True), Verdict()
        budget = self._settings.budget if seconds is None else min(seconds, self._settings.budget)
        try:
            verdict = judge.judge(review, data, budget, now.astimezone(UTC).date().isoformat())
        except Exception as error:  # noqa: BLE001 - whatever is wrong in here, the API server is told what to do
            verdict = Verdict(failure="evaluation", reason=f"judging the object stops with {type(error).__name__}")
        return self._answer(review, verdict, profile), verdict

    def _answer(self, review: Review, verdict: Verdict, profile: str) -> Decision:
        annotations = {"profile": profile, "revision": self.revision}
        if verdict.told:
            annotations["findings"] = wording.annotation(verdict.told)
        denials = [one for one in verdict.told if one.mode == "deny"]
        if denials:
            body = responses.denied(review, VERSION, denials, annotations | _failure_noted(verdict))
            found, failure, reason = _named(verdict), verdict.failure, verdict.reason
            return Decision(
                _OK, body, review.uid, "deny", allowed=False, failure=failure, reason=reason, findings=found
            )
        if verdict.failure is not None:
            return self._failure(verdict.failure, verdict, review.uid, annotations=annotations)
        warnings = self._warnings(verdict)
        body = responses.allowed(review.uid, VERSION, warnings, annotations)
        outcome: Literal["warn", "allow"] = "warn" if warnings else "allow"
        return Decision(_OK, body, review.uid, outcome, allowed=True, findings=_named(verdict))

    def _failure(
        self,
        kind: FailureKind,
        verdict: Verdict,
        uid: str,
        version: str = VERSION,
        annotations: Mapping[str, str] = _NOTHING,
    ) -> Decision:
        """Answer as the failure table says; without a uid no answer counts, and the API server's own policy decides."""
        reason = verdict.reason
        is_allowed = self._settings.failures.get(kind, "deny") == "allow"
        noted = {**annotations, **_failure_noted(verdict._replace(failure=kind))}
        if is_allowed:
            body = responses.allowed(uid, version, [wording.unjudged(reason), *self._warnings(verdict)], noted)
        else:
            body = responses.refused(uid, version, kind, reason, noted)
        status = _OK if uid else responses.CODES[kind][0]
        return Decision(status, body, uid, "error", is_allowed, kind, reason, _named(verdict))

    def _warnings(self, verdict: Verdict) -> list[str]:
        return wording.warnings([one for one in verdict.told if one.mode == "warn"], self._settings.warnings)


def _of_kubernetes(selection: Selection) -> Selection:
    return selection._replace(rules=tuple(rule for rule in selection.rules if rule.kind == kubernetes.KIND))


def _failure_noted(verdict: Verdict) -> dict[str, str]:
    return {"failure": f"{verdict.failure}: {verdict.reason}"} if verdict.failure else {}


def _named(verdict: Verdict) -> tuple[tuple[str, Mode], ...]:
    return tuple((one.finding.rule, one.mode) for one in verdict.told)


def _about(decision: Decision, review: Review, profile: str) -> Decision:
    """Return a decision that says which request it answers."""
    return decision._replace(
        profile=profile,
        operation=review.operation,
        group=review.group,
        version=review.version,
        kind=review.kind,
        subresource=review.subresource,
        namespace=review.namespace,
        name=review.name,
        dry_run=review.dry_run,
    )
