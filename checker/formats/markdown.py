"""Renders a report as Markdown, for the summary of a job on GitHub or GitLab."""

from __future__ import annotations

import re
from collections import Counter
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Final

from checker.display import printable
from checker.model import SEVERITIES
from checker.verdict import count, fresh, verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from checker.formats import Options
    from checker.model import Finding
    from checker.report import Report
    from checker.text import Region

_ROOM: Final = 900_000
"""Bytes for findings: GitHub refuses the summary of a step beyond 1 MiB, whole."""

_LISTED: Final = 200
"""How many lines of anything else are listed."""

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$:@])")
_MARKS: Final = {"critical": "🟣", "high": "🔴", "medium": "🟠", "low": "🔵"}


def render(report: Report, _options: Options) -> Iterator[str]:
    """Yield verdict, figures, findings by file, and whatever did not count or was not checked."""
    findings = fresh(report)
    yield f"## checker\n\n**{verdict(report)}**\n\n"
    if findings:
        yield from _figures(findings)
        yield from _findings(findings, report)
    problems = (f"{_place(one.path, one.region)}: {_text(one.reason)}. {_text(one.advice)}" for one in report.problems)
    yield from _section("Not checked", [one.removesuffix(". ") for one in problems])
    yield from _section(
        "Fixed", [f"{_code(one.path)}: {_text(one.message)} ({_code(one.rule)})" for one in report.fixed]
    )
    yield from _waivers(report)
    yield from _section(
        "Waivers to look at", [f"{_place(one.path, one.region)}: {_text(one.reason)}" for one in report.notices]
    )
    left_out = [(one.path, one.reason) for one in report.unrendered] + [
        (one.path, one.reason) for one in report.skipped
    ]
    yield from _section("Left out", [f"{_code(path)}: {_text(reason)}" for path, reason in left_out])
    files = count(len({one.path for one in report.scanned}), "file")
    yield f"Checked {files} with {count(len(report.rules), 'rule')}.\n"


def _figures(findings: Sequence[Finding]) -> Iterator[str]:
    kinds = sorted({finding.kind for finding in findings})
    found = Counter((finding.severity, finding.kind) for finding in findings)
    yield f"| severity | {' | '.join(kinds)} | all |\n"
    yield f"| --- | {'---: | ' * len(kinds)}---: |\n"
    for severity in reversed(SEVERITIES):
        figures = [found[severity, kind] for kind in kinds]
        if any(figures):
            cells = " | ".join(str(number or "") for number in figures)
            yield f"| {_MARKS[severity]} {severity} | {cells} | {sum(figures)} |\n"
    yield "\n"


def _findings(findings: Sequence[Finding], report: Report) -> Iterator[str]:
    """Yield the findings that fit, by file; where not all do, the gravest."""
    rules = {rule.id: rule for rule in report.rules}
    room = _ROOM
    kept: list[tuple[str, int, str]] = []
    for number, one in sorted(enumerate(findings), key=lambda pair: -SEVERITIES.index(pair[1].severity)):
        link = rules[one.rule].references[:1]
        rule = f"[{_code(one.rule)}]({link[0]})" if link else _code(one.rule)
        line = f"- {_MARKS[one.severity]} line {one.region.start_line}: {_text(one.message)} ({rule})\n"
        room -= len(line.encode("utf-8", "replace")) + len(one.path)
        if room < 0:
            break
        kept.append((one.path, number, line))
    for path, lines in groupby(sorted(kept), key=lambda row: row[0]):
        listed = [line for _, _, line in lines]
        yield f"<details><summary><code>{escape(printable(path))}</code>: {count(len(listed), 'finding')}</summary>\n\n"
        yield from listed
        yield "\n</details>\n\n"
    if len(kept) < len(findings):
        yield f"**{count(len(findings) - len(kept), 'further finding')} of lower severity do not fit in here.**\n\n"


def _waivers(report: Report) -> Iterator[str]:
    waived = [(one.suppression, one) for one in report.findings if one.suppression is not None]
    if not waived:
        return
    yield f"<details><summary>Accepted: {count(len(waived), 'finding')}</summary>\n\n"
    yield "| finding | reason | owner | until |\n| --- | --- | --- | --- |\n"
    waived.sort(key=lambda row: (row[0].until or "9999", row[1].path, row[1].region))
    for accepted, one in waived[:_LISTED]:
        cells = (
            f"{_place(one.path, one.region)} {_code(one.rule)}",
            _text(accepted.reason),
            _text(accepted.owner),
            accepted.until,
        )
        yield f"| {' | '.join(cells)} |\n"
    yield f"\n{_more(len(waived))}</details>\n\n"


def _section(title: str, lines: Sequence[str]) -> Iterator[str]:
    if not lines:
        return
    yield f"<details><summary>{title}: {len(lines):,}</summary>\n\n"
    yield from _items(lines[:_LISTED])
    yield f"\n{_more(len(lines))}</details>\n\n"


def _items(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield f"- {line}\n"


def _more(number: int) -> str:
    return f"and {count(number - _LISTED, 'more')}\n\n" if number > _LISTED else ""


def _place(path: str, region: Region | None) -> str:
    return _code(f"{path}:{region.start_line}" if region else path or "checker")


def _text(text: str) -> str:
    """Return a text in which nothing is Markdown or HTML."""
    return _SPECIAL.sub(r"\\\1", escape(printable(text), quote=False))


def _code(text: str) -> str:
    """Return a text as code, also inside a table."""
    return f"<code>{escape(printable(text), quote=False).replace('|', '&#124;')}</code>"
