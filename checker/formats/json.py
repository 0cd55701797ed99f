"""Renders a report as one JSON object of the shape of schemas/report.json."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from checker import outline
from checker.model import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from checker.formats import Options
    from checker.model import JSON, Finding, Problem, Rule, Unrendered
    from checker.report import Notice, Report
    from checker.text import Region

SCHEMA_VERSION: Final = "1.1"
"""Grows in its second part when a key is added, in its first when one is removed or means something else."""

_DEPTH: Final = 2
_VERDICTS: Final = ("passed", "failed", "incomplete", "nothing-checked")
"""The verdict for each exit code."""


def render(report: Report, _options: Options) -> Iterator[str]:
    """Yield the object, with each finding, rule and file on a line of its own."""
    yield from outline.write(_report(report), _DEPTH)


def _report(report: Report) -> dict[str, JSON]:
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "checker", "version": report.version, "policies": report.revision},
        "root": report.root,
        "verdict": _VERDICTS[report.exit_code],
        "exit_code": report.exit_code,
        "fail_on": report.fail_on,
        "fail_on_unrendered": report.fail_on_unrendered,
        "summary": _summary(report),
        "findings": [_finding(finding, report) for finding in report.findings],
        "notices": [_placed(notice) for notice in report.notices],
        "compared": report.compared,
        "fixed": [finding._asdict() for finding in report.fixed],
        "problems": [_problem(problem) for problem in report.problems],
        "unrendered": [_placed(file) for file in report.unrendered],
        "skipped": [file._asdict() for file in report.skipped],
        "scanned": [file._asdict() for file in report.scanned],
        "rules": [rule_object(rule) for rule in report.rules],
    }


def _summary(report: Report) -> dict[str, JSON]:
    """Count what the lists hold, for those who only want the figures."""
    open_findings = [finding for finding in report.findings if finding.suppression is None]
    severities = Counter(finding.severity for finding in open_findings)
    documents: Counter[str] = Counter()
    for file in report.scanned:
        documents[file.kind] += file.documents
    return {
        "findings": len(open_findings),
        "severities": {severity: severities[severity] for severity in reversed(SEVERITIES)},
        "suppressed": len(report.findings) - len(open_findings),
        "known": sum(finding.is_known for finding in open_findings),
        "fixed": len(report.fixed),
        "notices": len(report.notices),
        "problems": len(report.problems),
        "unrendered": len(report.unrendered),
        "skipped": len(report.skipped),
        "unclaimed": report.unclaimed,
        "files": len({file.path for file in report.scanned}),
        "documents": dict(sorted(documents.items())),
        "rules": len(report.rules),
    }


def _finding(finding: Finding, report: Report) -> dict[str, JSON]:
    suppression = finding.suppression
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "counts": report.counts(finding),
        "path": finding.path,
        "region": _region(finding.region),
        "message": finding.message,
        "kind": finding.kind,
        "resource": finding.identity,
        "node": list(finding.node),
        "logical": finding.logical,
        "fingerprint": finding.fingerprint,
        "frame": {"first_line": finding.frame.first, "lines": list(finding.frame.lines)},
        "known": finding.is_known,
        "suppression": None if suppression is None else suppression._asdict(),
    }


def _problem(problem: Problem) -> dict[str, JSON]:
    region = None if problem.region is None else _region(problem.region)
    return {"path": problem.path, "region": region, "reason": problem.reason, "advice": problem.advice}


def _placed(told: Notice | Unrendered) -> dict[str, JSON]:
    region = None if told.region is None else _region(told.region)
    return {"path": told.path, "region": region, "reason": told.reason}


def _region(region: Region) -> dict[str, JSON]:
    return {
        "start_line": region.start_line,
        "start_column": region.start_column,
        "end_line": region.end_line,
        "end_column": region.end_column,
    }


def rule_object(rule: Rule) -> dict[str, JSON]:
    """Return what is known of a rule, as reports and `checker rules --format json` tell it."""
    return {
        "id": rule.id,
        "title": rule.title,
        "severity": rule.severity,
        "category": rule.category,
        "enabled": rule.enabled,
        "description": rule.description.strip(),
        "remediation": rule.remediation.strip(),
        "references": list(rule.references),
        "implied_by": list(rule.implied_by),
        "frameworks": _lists(rule.frameworks),
        "equivalents": _lists(rule.equivalents),
        "parameters": {name: parameter._asdict() for name, parameter in rule.parameters.items()},
    }


def _lists(mapping: Mapping[str, tuple[str, ...]]) -> dict[str, JSON]:
    return {name: list(values) for name, values in mapping.items()}
