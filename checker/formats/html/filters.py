"""Offers what findings can be narrowed to; the page's script shows the form, since nothing else can use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.formats.html.findings import STATES, label, owner, severity, state
from checker.formats.html.markup import Markup, element, start
from checker.model import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from checker.report import Report


def filters(report: Report) -> Markup:
    """Return the form; what all findings share cannot be chosen."""
    told = report.findings
    severities = [(word, severity(word)) for word in reversed(SEVERITIES)]
    states = [(one, element("span", label(one, report))) for one in STATES]
    owners = {answers for answers in map(owner, told) if answers is not None}
    return element(
        "form",
        element(
            "label",
            element("span", "Search", class_="legend"),
            start("input", type="search", name="text", autocomplete="off", spellcheck="false"),
            class_="search",
        ),
        _ticks("severity", "Severity", severities, {finding.severity for finding in told}),
        _ticks("state", "State", states, {state(finding) for finding in told}),
        _choice("kind", "Kind", {finding.kind for finding in told}),
        _choice("rule", "Rule", {finding.rule for finding in told}),
        _choice("owner", "Owner", owners),
        element("button", "Show all", type="button", name="clear"),
        element("button", "Fold files", type="button", name="fold", data_fold="Fold files", data_unfold="Unfold files"),
        element("output", name="shown"),
        class_="filters",
        hidden=True,
        role="search",
        aria_label="Filter the findings",
    )


def _ticks(name: str, title: str, words: Iterable[tuple[str, Markup]], there: set[str]) -> Markup:
    boxes = [
        element(
            "label",
            start("input", type="checkbox", name=name, value=value),
            shown,
            element("span", class_="count"),
        )
        for value, shown in words
        if value in there
    ]
    return element("fieldset", element("legend", title, class_="legend"), *boxes)


def _choice(name: str, title: str, there: set[str]) -> Markup:
    options = [element("option", value, value=value) for value in sorted(there)]
    return element(
        "label",
        element("span", title, class_="legend"),
        element("select", element("option", "all", value=""), *options, name=name),
        hidden=not there,
    )
