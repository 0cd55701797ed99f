"""Tells what the webhook would do to the objects that a cluster holds already."""

from __future__ import annotations

from collections import Counter
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final, NamedTuple

from checker import __version__, findings
from checker.config import ModeEntry
from checker.model import Problem
from checker.webhook import creation
from checker.webhook.choosing import Choice
from checker.webhook.owners import Owners
from checker.webhook.rehearsal import Judged, Rehearsal, Said

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from typing import Literal

    from checker.admission import Admission
    from checker.admission.wording import Told
    from checker.config import AdmissionSettings
    from checker.files import Checked
    from checker.model import JSON, Document, Rule
    from checker.webhook.owners import Known
    from checker.webhook.rehearsal import Outcome

_GRAVITY: Final[tuple[Outcome, ...]] = ("deny", "warn", "audit")


class Conditions(NamedTuple):
    """Says under which conditions objects are judged; patterns are `fnmatch` patterns on names of namespaces."""

    namespace: str = "default"
    """Where objects lie that name no namespace though their kind has one."""
    profiles: tuple[tuple[str, str], ...] = ()
    """Patterns, and the profile of the namespaces that they match; the first that matches decides."""
    profile_label: str = ""
    """The label of namespaces that names the profile of those that match none of these."""
    excluded: tuple[str, ...] = ()
    """Namespaces that the registration of the webhook leaves out."""
    owner_label: str = ""
    """The label that names who answers for an object, in place of its controller."""


class _Verdict(NamedTuple):
    known: Known
    profile: str
    told: tuple[Told, ...]
    is_made: bool


def assumed(settings: AdmissionSettings, mode: Literal["deny", "warn"]) -> AdmissionSettings:
    """Return settings under which whatever is not ignored is denied, or warned of."""
    entries = tuple(one if one.mode == "ignore" else one._replace(mode=mode) for one in settings.modes)
    return settings._replace(modes=(*entries, ModeEntry(mode)))


def rehearse(
    admission: Admission, objects: Iterable[Document], checked: Checked, conditions: Conditions, now: datetime
) -> Rehearsal:
    """Judge objects as if each were created now; `checked` tells what was met beside them once they are all read.

    Raises `CheckerError` for a profile that has no rules for Kubernetes.
    """
    choice = Choice(admission.profiles, admission.default_profile, conditions.profiles, conditions.profile_label)
    if choice.needs_namespaces:
        objects = list(objects)
        for document in objects:
            choice.learn(document.data)
    run = _Run(admission, conditions, choice, now)
    for document in objects:
        run.judge(document)
    run.judge_made()
    return run.rehearsal(checked)


class _Run:
    """Holds the state of one rehearsal."""

    def __init__(self, admission: Admission, conditions: Conditions, choice: Choice, now: datetime) -> None:
        self._admission = admission
        self._conditions = conditions
        self._choice = choice
        self._strange: set[str] = set()
        """Namespaces whose profile is not known, which were told."""
        self._now = now
        self._owners = Owners(conditions.owner_label)
        self._verdicts: list[_Verdict] = []
        self._templates: list[tuple[Known, str, JSON]] = []
        self._problems: list[Problem] = []
        self._without_rules: Counter[str] = Counter()
        self._own: Counter[str] = Counter()
        self._excluded: Counter[str] = Counter()

    def judge(self, document: Document) -> None:
        """Judge one object, and remember it for those that it made."""
        data = document.data
        namespace = creation.namespace(data, self._conditions.namespace)
        known = self._owners.learn(data, namespace, findings.FileSecrets.of([document]).values)
        if any(fnmatchcase(namespace, pattern) for pattern in self._conditions.excluded):
            self._excluded[namespace] += 1
            return
        if creation.is_own(data):
            self._own[data["kind"]] += 1
            return
        self._judge(known, data, document.source.path)
        if known.controller is None and (pod := creation.pod_of(data, namespace)) is not None:
            self._templates.append((known, document.source.path, pod))

    def judge_made(self) -> None:
        """Judge the Pod that each object would make that has a template and, as far as is known, no Pods."""
        with_pods = {
            uid
            for verdict in self._verdicts
            if verdict.known.owner.kind == "Pod"
            for uid in self._owners.makers(verdict.known)
        }
        for known, path, pod in self._templates:
            if not known.uid or known.uid not in with_pods:
                self._judge(known, pod, path, is_made=True)

    def rehearsal(self, checked: Checked) -> Rehearsal:
        """Return all that there is to tell, sorted."""
        rules: dict[str, Rule] = {one.rule.id: one.rule for verdict in self._verdicts for one in verdict.told}
        judged = [self._judged(verdict) for verdict in self._verdicts]
        problems = [*checked.problems, *self._problems]
        return Rehearsal(
            version=__version__,
            revision=self._admission.revision,
            rules=dict(sorted(rules.items())),
            judged=tuple(sorted(judged, key=lambda one: one[:5])),
            without_rules=dict(sorted(self._without_rules.items())),
            own=dict(sorted(self._own.items())),
            excluded=dict(sorted(self._excluded.items())),
            problems=tuple(sorted(problems, key=lambda one: (one.path, str(one.region), one.reason))),
            skipped=tuple(sorted(checked.skipped, key=lambda one: (one.path, one.reason))),
            unrendered=tuple(sorted(checked.unrendered, key=lambda one: (one.path, one.reason))),
            unclaimed=checked.unclaimed,
        )

    def _judge(self, known: Known, data: JSON, path: str, *, is_made: bool = False) -> None:
        profile = self._profile(known.namespace)
        body = creation.request(data, known.namespace)
        decision, told, applies = self._admission.explain(body, profile, self._now)
        if decision.failure is not None:
            what = f"{'a Pod of ' if is_made else ''}{known.owner.kind} {known.owner.name}"
            where = f" in {known.namespace}" if known.namespace else ""
            consequence = "lets it in" if decision.allowed else "denies it"
            by_all = "" if decision.outcome == "error" else " by all rules"
            reason = f"{what}{where} is not judged{by_all}: {decision.reason}"
            self._problems.append(Problem(path, reason, advice=f"The webhook {consequence}: {decision.failure}."))
            if decision.outcome == "error":
                return
        if applies:
            self._verdicts.append(_Verdict(known, profile, told, is_made))
        elif not is_made:
            self._without_rules[known.owner.kind] += 1

    def _profile(self, namespace: str) -> str:
        """Return the profile of a namespace; where it was not read, that is told once."""
        if not self._choice.is_known(namespace) and namespace not in self._strange:
            self._strange.add(namespace)
            reason = (
                f"namespace {namespace} was not read, so that its label {self._conditions.profile_label} is unknown"
            )
            self._problems.append(Problem("", reason, advice="Give namespaces as well: `kubectl get namespaces,…`."))
        return self._choice.profile(namespace)

    def _judged(self, verdict: _Verdict) -> Judged:
        known = verdict.known
        modes = {one.mode for one in verdict.told}
        return Judged(
            namespace=known.namespace,
            owner=self._owners.of(known),
            is_made=verdict.is_made,
            kind="Pod" if verdict.is_made else known.owner.kind,
            name=known.owner.name,
            profile=verdict.profile,
            outcome=next((mode for mode in _GRAVITY if mode in modes), "pass"),
            said=tuple(Said(one.rule.id, one.mode, one.place, one.finding.message) for one in verdict.told),
        )
