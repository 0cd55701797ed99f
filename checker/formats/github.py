"""Renders a report as workflow commands, of which GitHub Actions makes annotations.

https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from checker.display import printable
from checker.model import SEVERITIES
from checker.verdict import count, fresh, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checker.formats import Options
    from checker.model import Severity
    from checker.report import Report
    from checker.text import Region

_LEVELS: Final[dict[Severity, str]] = {"low": "notice", "medium": "warning", "high": "error", "critical": "error"}
_MOST: Final = 10
"""Annotations of a level that GitHub shows for a step; further ones it drops without a word."""


def render(report: Report, _options: Options) -> Iterator[str]:
    """Yield problems and findings, the gravest first, as many of a level as are shown, then what is left out."""
    told: Counter[str] = Counter()
    left_out = 0
    for problem in report.problems:
        text = f"{problem.reason}. {problem.advice}".removesuffix(". ")
        if told["error"] < _MOST:
            yield _command("error", problem.path, problem.region, "Not checked", text)
        else:
            left_out += 1
        told["error"] += 1
    for finding in sorted(fresh(report), key=lambda one: -SEVERITIES.index(one.severity)):
        level = _LEVELS[finding.severity] if report.counts(finding) else "notice"
        # one notice is kept for what is left out
        if told[level] < _MOST - (level == "notice"):
            yield _command(level, finding.path, finding.region, finding.rule, finding.message)
        else:
            left_out += 1
        told[level] += 1
    text = verdict(report)
    if left_out:
        text += f" GitHub shows {_MOST} annotations of a level: {count(left_out, 'more')} in the log or the report."
    yield _command("notice", "", None, "checker", text)


def _command(level: str, path: str, region: Region | None, title: str, text: str) -> str:
    values: dict[str, str | int] = {"file": path} if path else {}
    if region is not None:
        values |= {"line": region.start_line, "endLine": region.end_line}
        if region.start_line == region.end_line:
            values |= {"col": region.start_column, "endColumn": region.end_column}
    values["title"] = title
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in values.items())
    return f"::{level} {properties}::{_data(text)}\n"


def _data(text: str) -> str:
    """Return a text on one line: what would steer a terminal or begin another command is made visible."""
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
