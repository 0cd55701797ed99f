"""Writes a rehearsal as one JSON object of the shape of schemas/rehearsal.json."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from checker import outline
from checker.webhook import groups

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from checker.model import JSON, Problem, Unrendered
    from checker.webhook.groups import NamespaceGroup, OwnerGroup, RuleGroup, RuleTotal
    from checker.webhook.rehearsal import Rehearsal

SCHEMA_VERSION: Final = "1.0"
"""Grows in its second part when a key is added, in its first when one is removed or means something else."""

_DEPTH: Final = 6
_VERDICTS: Final = ("passed", "failed", "incomplete", "nothing-judged")


def render(rehearsal: Rehearsal) -> Iterator[str]:
    """Yield the object, with each rule of an owner on a line of its own."""
    yield from outline.write(_object(rehearsal), _DEPTH)


def _object(rehearsal: Rehearsal) -> dict[str, JSON]:
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "checker", "version": rehearsal.version, "policies": rehearsal.revision},
        "verdict": _VERDICTS[rehearsal.exit_code],
        "exit_code": rehearsal.exit_code,
        "summary": {"objects": len(rehearsal.judged), "outcomes": groups.outcomes(rehearsal.judged)},
        "namespaces": [_namespace(group) for group in groups.by_namespace(rehearsal)],
        "rules": [_rule(total) for total in groups.by_rule(rehearsal)],
        "without_rules": _counted(rehearsal.without_rules, "kind"),
        "own": _counted(rehearsal.own, "kind"),
        "excluded": _counted(rehearsal.excluded, "namespace"),
        "problems": [_problem(problem) for problem in rehearsal.problems],
        "unrendered": [_unrendered(file) for file in rehearsal.unrendered],
        "skipped": [file._asdict() for file in rehearsal.skipped],
        "unclaimed": rehearsal.unclaimed,
    }


def _namespace(group: NamespaceGroup) -> dict[str, JSON]:
    return {
        "namespace": group.namespace,
        "profile": group.profile,
        "objects": group.objects,
        "outcomes": group.outcomes,
        "owners": [_owner(owner) for owner in group.owners],
    }


def _owner(group: OwnerGroup) -> dict[str, JSON]:
    return {
        "kind": group.owner.kind,
        "name": group.owner.name,
        "objects": len(group.objects),
        "outcomes": groups.outcomes(group.objects),
        "findings": [_finding(rule) for rule in group.rules],
    }


def _finding(group: RuleGroup) -> dict[str, JSON]:
    return {
        "rule": group.rule,
        "mode": group.mode,
        "objects": [{"kind": one.kind, "name": one.name, "is_made": one.is_made} for one in group.objects],
        "places": [{"field": field, "message": message} for field, message in group.places],
    }


def _rule(total: RuleTotal) -> dict[str, JSON]:
    return {
        "id": total.rule.id,
        "title": total.rule.title,
        "severity": total.rule.severity,
        "remediation": total.rule.remediation.strip(),
        "outcomes": {outcome: number for outcome, number in total.outcomes.items() if outcome != "pass"},
        "owners": total.owners,
    }


def _counted(numbers: Mapping[str, int], what: str) -> list[JSON]:
    return [{what: name, "objects": number} for name, number in numbers.items()]


def _problem(problem: Problem) -> dict[str, JSON]:
    region = None if problem.region is None else problem.region._asdict()
    return {"path": problem.path, "region": region, "reason": problem.reason, "advice": problem.advice}


def _unrendered(file: Unrendered) -> dict[str, JSON]:
    region = None if file.region is None else file.region._asdict()
    return {"path": file.path, "region": region, "reason": file.reason}
