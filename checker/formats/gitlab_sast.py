"""Renders a report as a GitLab security report of type SAST.

https://docs.gitlab.com/development/integrations/secure/#report. What is accepted is left out: GitLab dismisses what it
is not told any more, and keeps its own record of why. Known findings stay, as they stay vulnerabilities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from checker import outline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checker.formats import Options
    from checker.model import JSON, Finding, Rule
    from checker.report import Report

_VERSION: Final = "15.0.7"
_DEPTH: Final = 3
_LONGEST: Final = 255
"""Characters that GitLab keeps of a name."""

_UNKNOWN: Final = "1970-01-01T00:00:00"
_INCOMPLETE: Final = 2


def render(report: Report, _options: Options) -> Iterator[str]:
    """Yield one object; problems are messages of a scan that failed."""
    rules = {rule.id: rule for rule in report.rules}
    tool = {"id": "checker", "name": "checker", "version": report.version, "vendor": {"name": "checker"}}
    messages = [{"level": "fatal", "value": _text(one.path, one.reason)} for one in report.problems]
    messages += [{"level": "warn", "value": _text(one.path, one.reason)} for one in report.unrendered]
    content = {
        "version": _VERSION,
        "scan": {
            "analyzer": tool,
            "scanner": tool,
            "type": "sast",
            "start_time": report.started or _UNKNOWN,
            "end_time": report.started or _UNKNOWN,
            "status": "failure" if report.exit_code == _INCOMPLETE else "success",
            "messages": messages,
        },
        "vulnerabilities": [_vulnerability(one, rules[one.rule]) for one in report.findings if one.suppression is None],
    }
    yield from outline.write(content, _DEPTH)


def _text(path: str, reason: str) -> str:
    return f"{path}: {reason}" if path else reason


def _vulnerability(finding: Finding, rule: Rule) -> JSON:
    name = rule.title if len(rule.title) <= _LONGEST else f"{rule.title[: _LONGEST - 1]}…"
    identifier = {"type": "checker_rule_id", "name": rule.id, "value": rule.id}
    return {
        "id": finding.fingerprint,
        "name": name,
        "description": f"{finding.message}\n\n{rule.description.strip()}",
        "severity": finding.severity.capitalize(),
        "solution": rule.remediation.strip(),
        "identifiers": [identifier | ({"url": rule.references[0]} if rule.references else {})],
        "links": [{"url": link} for link in rule.references],
        "location": {
            "file": finding.path,
            "start_line": finding.region.start_line,
            "end_line": finding.region.end_line,
        },
    }
