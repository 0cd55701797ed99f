"""Offers what a reader can choose; the page's script shows the forms, since nothing else can use them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from checker.formats.html.findings import STATES, label, owner, severity, state
from checker.formats.html.markup import Markup, element, start
from checker.model import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from checker.report import Report

_PROGRAMS: Final = {"vscode": "VS Code", "jetbrains": "a JetBrains editor", "web": "a web page"}
"""What opens the line of a file, by the names that the page's script knows."""


def filters(report: Report) -> Markup:
    """Return the form, without those choices that would leave all findings or none."""
    told = report.findings
    severities = [(word, severity(word)) for word in reversed(SEVERITIES)]
    states = [(one, element("span", label(one, report))) for one in STATES]
    return element(
        "form",
        element(
            "label",
            element("span", "Search", class_="legend"),
            start("input", type="search", name="text", autocomplete="off", spellcheck="false"),
            class_="search",
        ),
        *_ticks("severity", "Severity", severities, {finding.severity for finding in told}),
        *_ticks("state", "State", states, {state(finding) for finding in told}),
        *_choice("kind", "Kind", {finding.kind for finding in told}),
        *_choice("rule", "Rule", {finding.rule for finding in told}),
        *_choice("owner", "Owner", {owner(finding) for finding in told}),
        element("button", "Show all", type="button", name="clear"),
        element("button", "Fold files", type="button", name="fold", data_fold="Fold files", data_unfold="Unfold files"),
        element("output", name="shown"),
        class_="filters",
        hidden=True,
        role="search",
        aria_label="Filter the findings",
    )


def lines() -> Markup:
    """Return the form that says where the place of a finding leads, which only its reader knows."""
    return element(
        "form",
        element(
            "label",
            element("span", "Lines open in ", class_="legend"),
            element(
                "select",
                element("option", "this page", value=""),
                *(element("option", title, value=name) for name, title in _PROGRAMS.items()),
                name="program",
            ),
        ),
        start("input", type="text", name="where", spellcheck="false", autocomplete="off", hidden=True),
        class_="lines",
        hidden=True,
        aria_label="Where lines open",
    )


def _ticks(name: str, title: str, words: Iterable[tuple[str, Markup]], there: Collection[str]) -> list[Markup]:
    if len(there) == 1:
        return []
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
    return [element("fieldset", element("legend", title, class_="legend"), *boxes)]


def _choice(name: str, title: str, there: Collection[str | None]) -> list[Markup]:
    if len(there) == 1:
        return []
    options = [element("option", value, value=value) for value in sorted(filter(None, there))]
    listed = element("select", element("option", "all", value=""), *options, name=name)
    return [element("label", element("span", title, class_="legend"), listed)]
