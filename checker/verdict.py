"""Words the verdict of a report."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from checker.model import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from checker.model import Finding
    from checker.report import Report


def fresh(report: Report) -> list[Finding]:
    """Return the findings that nobody accepted, neither by a waiver nor by what the report is compared with."""
    return [finding for finding in report.findings if finding.suppression is None and not finding.is_known]


def verdict(report: Report) -> str:
    """Return one sentence whose first word, before a colon, is the verdict."""
    return _VERDICTS[report.exit_code](report, by_severity(fresh(report)))


def count(number: int, what: str) -> str:
    """Return a number with its noun, in the plural where it takes one."""
    return f"{number:,} {what}" if number == 1 or what == "more" else f"{number:,} {what}s"


def by_severity(findings: Iterable[Finding]) -> str:
    """Tell how many findings there are, by severity: `3 findings (1 critical, 2 low)`."""
    severities = Counter(finding.severity for finding in findings)
    if not severities:
        return "no findings"
    parts = ", ".join(
        f"{severities[severity]:,} {severity}" for severity in reversed(SEVERITIES) if severities[severity]
    )
    return f"{count(severities.total(), 'finding')} ({parts})"


def _passed(report: Report, findings: str) -> str:
    if findings == "no findings":
        return f"Passed: {findings}."
    threshold = "--fail-on is never" if report.fail_on == "never" else f"none at or above {report.fail_on}"
    return f"Passed: {findings}, {threshold}."


def _failed(report: Report, findings: str) -> str:
    counted = sum(report.counts(finding) for finding in report.findings)
    return f"Failed: {findings}, {counted:,} at or above {report.fail_on}."


def _incomplete(report: Report, findings: str) -> str:
    causes = [count(len(report.problems), "problem")] if report.problems else []
    if report.unrendered and report.fail_on_unrendered:
        causes.append(f"{count(len(report.unrendered), 'file')} not rendered")
    return f"Incomplete: not everything could be checked ({', '.join(causes)}); {findings}."


def _nothing(_report: Report, _findings: str) -> str:
    return "Nothing checked: no file of a known kind was found."


_VERDICTS: Final[tuple[Callable[[Report, str], str], ...]] = (_passed, _failed, _incomplete, _nothing)
"""Says what each exit code means."""
