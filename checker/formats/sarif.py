"""Renders a report as SARIF 2.1.0, as GitHub code scanning takes it in.

What GitHub reads and refuses: https://docs.github.com/en/code-security/reference/code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from checker import outline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checker.formats import Options
    from checker.model import JSON, Finding, Problem, Rule, Severity, Skipped, Unrendered
    from checker.report import Notice, Report
    from checker.text import Region

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_DEPTH: Final = 6
_ROOT: Final = "%SRCROOT%"

_LEVELS: Final[dict[Severity, str]] = {"low": "note", "medium": "warning", "high": "error", "critical": "error"}
_SCORES: Final[dict[Severity, str]] = {"low": "2.0", "medium": "5.5", "high": "8.0", "critical": "9.5"}
"""`security-severity`, from which GitHub derives its words: above 9.0 critical, 7.0 high, 4.0 medium, else low."""

_MAX_TAGS: Final = 20
"""How many tags of a rule GitHub takes in."""

_NOTIFICATIONS: Final = {
    "checker/problem": "Something could not be checked; until it can, the scan says nothing about it.",
    "checker/not-rendered": "A file must be rendered by another program before it can be checked.",
    "checker/skipped": "A file was left out, for the reason that the message gives.",
    "checker/waiver": "A waiver does not do what its writer wants.",
}
_EXIT_CODES: Final = ("no findings that count", "findings that count", "not everything was checked", "nothing to check")
_LINK: Final = re.compile(r"\[(?=[^\]]*\]\()")
"""An opening bracket that a viewer takes for an embedded link (SARIF 2.1.0, 3.11.6)."""


def render(report: Report, _options: Options) -> Iterator[str]:
    """Yield a log with one run."""
    yield from outline.write({"$schema": _SCHEMA, "version": "2.1.0", "runs": [_Run(report).content()]}, _DEPTH)


class _Run:
    """Gives each rule and file the index by which results refer to it."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._rules = {rule.id: index for index, rule in enumerate(report.rules)}
        sizes = {scanned.path: scanned.size for scanned in report.scanned}
        named = {finding.path for finding in report.findings}
        self._sizes = {path: sizes.get(path) for path in sorted(named | sizes.keys())}
        self._artifacts = {path: index for index, path in enumerate(self._sizes)}
        self._is_suppressing = any(finding.suppression for finding in report.findings)

    def content(self) -> dict[str, JSON]:
        report = self._report
        return {
            "tool": {"driver": self._driver()},
            "automationDetails": {"id": "checker/"},
            "columnKind": "utf16CodeUnits",
            "defaultEncoding": "utf-8",
            "newlineSequences": ["\r\n", "\n", "\r"],
            "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder that all paths are relative to."}}},
            "invocations": [self._invocation()],
            "artifacts": [self._artifact(path, size) for path, size in self._sizes.items()],
            "results": [self._result(finding) for finding in report.findings],
        }

    def _driver(self) -> dict[str, JSON]:
        return {
            "name": "checker",
            "version": self._report.version,
            "semanticVersion": self._report.version,
            "properties": {"policies": self._report.revision},
            "notifications": [_descriptor(name, text) for name, text in _NOTIFICATIONS.items()],
            "rules": [_rule(rule) for rule in self._report.rules],
        }

    def _invocation(self) -> dict[str, JSON]:
        report = self._report
        return {
            "executionSuccessful": report.exit_code != 2,  # noqa: PLR2004 - the exit code's meaning is the model's
            "exitCode": report.exit_code,
            "exitCodeDescription": _EXIT_CODES[report.exit_code],
            "toolExecutionNotifications": [
                *(self._notification(0, "error", problem) for problem in report.problems),
                *(self._notification(1, "warning", file) for file in report.unrendered),
                *(self._notification(2, "note", file) for file in report.skipped),
                *(self._notification(3, "warning", notice) for notice in report.notices),
            ],
        }

    def _notification(self, index: int, level: str, told: Problem | Unrendered | Skipped | Notice) -> dict[str, JSON]:
        advice = getattr(told, "advice", "")
        text = f"{_sentence(f'{told.path}: {told.reason}' if told.path else told.reason)} {advice}".rstrip()
        content: dict[str, JSON] = {
            "descriptor": {"id": list(_NOTIFICATIONS)[index], "index": index},
            "level": level,
            "message": {"text": text},
        }
        if told.path:
            content["locations"] = [{"physicalLocation": self._place(told.path, getattr(told, "region", None))}]
        return content

    def _artifact(self, path: str, size: int | None) -> dict[str, JSON]:
        length = {} if size is None else {"length": size}
        return {"location": {"uri": _uri(path), "uriBaseId": _ROOT}, **length, "roles": ["analysisTarget"]}

    def _result(self, finding: Finding) -> dict[str, JSON]:
        location: dict[str, JSON] = {"physicalLocation": self._place(finding.path, finding.region)}
        if finding.logical:
            location["logicalLocations"] = [{"fullyQualifiedName": finding.logical}]
        content: dict[str, JSON] = {
            "ruleId": finding.rule,
            "ruleIndex": self._rules[finding.rule],
            "level": _LEVELS[finding.severity],
            "message": {"text": _sentence(finding.message)},
            "locations": [location],
            "partialFingerprints": {
                "primaryLocationLineHash": finding.fingerprint,
                "checker/v1": finding.fingerprint,
            },
        }
        if self._report.compared:
            content["baselineState"] = "unchanged" if finding.is_known else "new"
        if self._is_suppressing:
            # the specification wants all results of a run to have suppressions, or none (3.27.23)
            content["suppressions"] = _suppressions(finding)
        return content

    def _place(self, path: str, region: Region | None) -> dict[str, JSON]:
        artifact: dict[str, JSON] = {"uri": _uri(path), "uriBaseId": _ROOT}
        if path in self._artifacts:
            artifact["index"] = self._artifacts[path]
        if region is None:
            return {"artifactLocation": artifact}
        return {
            "artifactLocation": artifact,
            "region": {
                "startLine": region.start_line,
                "startColumn": region.start_column,
                "endLine": region.end_line,
                "endColumn": region.end_column,
            },
        }


def _descriptor(name: str, text: str) -> dict[str, JSON]:
    """Return the description of a notification; GitHub wants of it what it wants of a rule."""
    message = {"text": text}
    return {"id": name, "shortDescription": message, "fullDescription": message, "help": message}


def _rule(rule: Rule) -> dict[str, JSON]:
    properties: dict[str, JSON] = {"tags": _tags(rule)}
    if rule.is_security:
        properties["security-severity"] = _SCORES[rule.severity]
    content: dict[str, JSON] = {
        "id": rule.id,
        "shortDescription": {"text": _sentence(rule.title)},
        "fullDescription": {"text": " ".join(rule.description.split())},
        "help": {"text": _help(rule), "markdown": _markdown(rule)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": properties,
    }
    if rule.references:
        content["helpUri"] = rule.references[0]
    return content


def _tags(rule: Rule) -> list[str]:
    """Return what a rule can be filtered by; only the tag `security` makes GitHub list it as a security alert."""
    security = ["security"] if rule.is_security else []
    frameworks = [f"{name}/{control}" for name, controls in rule.frameworks.items() for control in controls]
    return list(dict.fromkeys([*security, rule.category, rule.kind, *frameworks]))[:_MAX_TAGS]


def _help(rule: Rule) -> str:
    description = " ".join(rule.description.split())
    return "\n\n".join([description, f"What to do: {rule.remediation.strip()}", *rule.references])


def _markdown(rule: Rule) -> str:
    parts = [rule.description.strip(), f"## What to do\n\n{rule.remediation.strip()}"]
    if rule.parameters:
        rows = (f"- `{name}` ({one.type}): {one.description}" for name, one in rule.parameters.items())
        parts.append("## Parameters\n\n" + "\n".join(rows))
    if rule.references:
        parts.append("## References\n\n" + "\n".join(f"- <{link}>" for link in rule.references))
    return "\n\n".join(parts)


def _suppressions(finding: Finding) -> list[JSON]:
    one = finding.suppression
    if one is None:
        return []
    told = {name: text for name, text in (("owner", one.owner), ("until", one.until), ("place", one.place)) if text}
    properties = {"properties": told} if told else {}
    return [{"kind": one.kind, "status": "accepted", "justification": one.reason, **properties}]


def _sentence(text: str) -> str:
    """Return a message as a sentence in which nothing is taken for a link."""
    escaped = _LINK.sub(r"\\[", text)
    return escaped if escaped.endswith((".", "!", "?")) else f"{escaped}."


def _uri(path: str) -> str:
    """Return a path as a relative URI; encoded, a colon in its first part is no scheme (RFC 3986, 4.2).

    Bytes that are no text stay what they are.
    """
    return quote(os.fsencode(path), safe="/")
