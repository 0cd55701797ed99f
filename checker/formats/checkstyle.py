"""Renders a report as Checkstyle XML, as Jenkins' Warnings plug-in and reviewdog read it.

Only what counts is told: what is accepted, known or below the threshold is left out. A problem is an error.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from checker.xml_text import attributes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checker.formats import Options
    from checker.model import Severity
    from checker.report import Report

_SEVERITIES: Final[dict[Severity, str]] = {"low": "info", "medium": "warning", "high": "error", "critical": "error"}


def render(report: Report, _options: Options) -> Iterator[str]:
    """Yield a document with an element for each file in which something is wrong."""
    rows: list[tuple[str, int, int, str, str, str]] = [
        (
            one.path,
            one.region.start_line,
            one.region.start_column,
            _SEVERITIES[one.severity],
            one.message,
            f"checker.{one.rule}",
        )
        for one in report.findings
        if report.counts(one)
    ]
    for problem in report.problems:
        line, column = (problem.region.start_line, problem.region.start_column) if problem.region else (1, 1)
        text = f"not checked: {problem.reason}. {problem.advice}".removesuffix(". ")
        rows.append((problem.path or "checker", line, column, "error", text, "checker.problem"))
    rows.sort()
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="4.3">\n'
    for path, errors in groupby(rows, key=lambda row: row[0]):
        yield f"  <file{attributes({'name': path})}>\n"
        for _, line, column, severity, message, source in errors:
            place = attributes({"line": line, "column": column})
            told = {"severity": severity, "message": message, "source": source}
            yield f"    <error{place}{attributes(told)}/>\n"
        yield "  </file>\n"
    yield "</checkstyle>\n"
