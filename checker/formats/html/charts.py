"""Draws how findings and waivers are spread, each bar beside the figures that it stands for."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final, TypeAlias

from checker.formats.html.findings import STATES, State, label, owner, severity, state
from checker.formats.html.markup import Markup, element, query, text
from checker.model import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from checker.report import Report

_WIDTH: Final = 100
"""How long the longest bar is, in units of its drawing; the page decides how long that is on paper."""
_NARROWEST: Final = 0.8
"""How short the bar of a single finding among thousands may be and still be seen."""

Rows: TypeAlias = "Sequence[tuple[str, Mapping[State, int]]]"

PATTERNS: Final = element(
    "svg",
    element(
        "defs",
        element(
            "pattern",
            element("path", d="M0 0V4", class_="hatch"),
            id="hatch",
            width=3,
            height=4,
            patternUnits="userSpaceOnUse",
            patternTransform="rotate(45)",
        ),
    ),
    width=0,
    height=0,
    aria_hidden="true",
    class_="patterns",
)
"""Fills the parts of bars that do not count, so that they differ by more than a colour."""


def charts(report: Report) -> Markup:
    """Return the charts by severity and kind, and by owner where there are waivers; nothing without findings.

    Only waivers name an owner, so the chart by owner is about the findings that somebody answers for.
    """
    if not report.findings:
        return text("")
    spread: dict[str, defaultdict[str, Counter[State]]] = {
        name: defaultdict(Counter) for name in ("severity", "kind", "owner")
    }
    for finding in report.findings:
        one = state(finding)
        spread["severity"][finding.severity][one] += 1
        spread["kind"][finding.kind][one] += 1
        if (answers := owner(finding)) is not None:
            spread["owner"][answers][one] += 1
    by_severity = [(word, spread["severity"][word]) for word in reversed(SEVERITIES)]
    figures = [_chart("severity", "Findings by severity", by_severity, report)]
    figures.append(_chart("kind", "Findings by kind", _largest_first(spread["kind"]), report))
    if spread["owner"]:
        figures.append(_chart("owner", "Waived findings by owner", _largest_first(spread["owner"]), report))
    return element("div", PATTERNS, *figures, class_="charts")


def _largest_first(rows: Mapping[str, Counter[State]]) -> Rows:
    return sorted(rows.items(), key=lambda row: (-row[1].total(), row[0]))


def _chart(name: str, title: str, rows: Rows, report: Report) -> Markup:
    """Return a table whose second column draws what the others tell."""
    told = [one for one in STATES if any(counts[one] for _, counts in rows)]
    most = max(sum(counts.values()) for _, counts in rows)
    head = element(
        "tr",
        element("th", name.capitalize(), scope="col"),
        element("td", class_="bar"),
        *(element("th", label(one, report).capitalize(), scope="col", class_="number") for one in told),
    )
    body = [
        element(
            "tr",
            element("th", element("a", _name(name, key), href=f"#{name}={query(key)}"), scope="row"),
            element("td", _bar(key if name == "severity" else "plain", counts, most), class_="bar"),
            *(element("td", f"{counts[one]:,}", class_=_number(counts[one])) for one in told),
        )
        for key, counts in rows
    ]
    return element("table", element("caption", title), element("thead", head), element("tbody", *body), class_="chart")


def _name(name: str, key: str) -> Markup:
    return severity(key) if name == "severity" else element("span", key)


def _number(count: int) -> str:
    return "number" if count else "number none"


def _bar(tone: str, counts: Mapping[State, int], most: int) -> Markup:
    """Return a bar of up to three parts."""
    parts, x = [], 0.0
    for one in STATES:
        width = max(_NARROWEST, _WIDTH * counts[one] / most) if counts[one] else 0
        if width:
            parts.append(element("rect", x=f"{x:.2f}", y=0, width=f"{width:.2f}", height=8, class_=one))
        x += width
    return element(
        "svg",
        *parts,
        viewBox=f"0 0 {_WIDTH} 8",
        preserveAspectRatio="none",
        aria_hidden="true",
        class_=tone,
    )
