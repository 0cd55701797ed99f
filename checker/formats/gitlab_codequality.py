"""Renders a report as a GitLab code quality report.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format. What is accepted or below the threshold is
left out: the format has no word for it. A problem is a blocker, since nothing is known of its file.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from checker import outline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checker.formats import Options
    from checker.model import JSON, Problem, Severity
    from checker.report import Report

_SEVERITIES: Final[dict[Severity, str]] = {"low": "minor", "medium": "major", "high": "critical", "critical": "blocker"}


def render(report: Report, _options: Options) -> Iterator[str]:
    """Yield a list with an object for each finding that counts or is known, and for each problem."""
    content = [
        {
            "description": one.message,
            "check_name": one.rule,
            "fingerprint": one.fingerprint,
            "severity": _SEVERITIES[one.severity],
            "location": {"path": one.path, "lines": {"begin": one.region.start_line}},
        }
        for one in report.findings
        if report.counts(one) or (one.is_known and one.suppression is None)
    ]
    yield from outline.write([*content, *map(_problem, report.problems)], 1)


def _problem(problem: Problem) -> JSON:
    line = problem.region.start_line if problem.region else 1
    digest = hashlib.sha256(f"{problem.path}\0{problem.reason}".encode("utf-8", "surrogatepass")).hexdigest()
    return {
        "description": f"not checked: {problem.reason}",
        "check_name": "checker/problem",
        "fingerprint": digest[:16],
        "severity": "blocker",
        "location": {"path": problem.path or ".", "lines": {"begin": line}},
    }
