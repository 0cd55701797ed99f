"""Renders a report as comma-separated values (RFC 4180), for spreadsheets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checker.formats import Options
    from checker.model import Finding, Problem, Unrendered
    from checker.report import Report
    from checker.text import Region

_COLUMNS: Final = (
    "type", "state", "severity", "rule", "path", "line", "column", "end_line", "end_column", "message", "kind",
    "resource", "place", "fingerprint", "reason", "owner", "until",
)  # fmt: skip
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula at the beginning of a cell (https://owasp.org/www-community/attacks/CSV_Injection)."""


def render(report: Report, _options: Options) -> Iterator[str]:
    """Yield a row for each finding, for each problem and for each file that is not rendered."""
    yield _row(dict(zip(_COLUMNS, _COLUMNS, strict=True)))
    for finding in report.findings:
        yield _row(_finding(finding, report))
    yield from (_row(_unchecked("problem", one)) for one in report.problems)
    yield from (_row(_unchecked("not-rendered", one)) for one in report.unrendered)


def _finding(finding: Finding, report: Report) -> dict[str, str]:
    state = "known" if finding.is_known else "open" if report.counts(finding) else "below"
    row = {
        "type": "finding",
        "state": "waived" if finding.suppression else state,
        "severity": finding.severity,
        "rule": finding.rule,
        "path": finding.path,
        "message": finding.message,
        "kind": finding.kind,
        "resource": finding.identity,
        "place": finding.logical,
        "fingerprint": finding.fingerprint,
        **_places(finding.region),
    }
    if finding.suppression is not None:
        row |= {name: getattr(finding.suppression, name) for name in ("reason", "owner", "until")}
    return row


def _unchecked(type_: str, told: Problem | Unrendered) -> dict[str, str]:
    row = {"type": type_, "state": "not checked", "path": told.path, "message": told.reason}
    return row if told.region is None else row | _places(told.region)


def _places(region: Region) -> dict[str, str]:
    return dict(zip(("line", "column", "end_line", "end_column"), map(str, region), strict=True))


def _row(values: dict[str, str]) -> str:
    return ",".join(_cell(values.get(name, "")) for name in _COLUMNS) + "\r\n"


def _cell(text: str) -> str:
    if text.startswith(_FORMULA):
        text = f"'{text}"
    if any(character in text for character in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text
