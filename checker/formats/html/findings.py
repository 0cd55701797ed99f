"""Shows findings by file, each with its lines of code."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from checker.formats.html.markdown import lead
from checker.formats.html.markup import Markup, element, end, join, start
from checker.verdict import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checker.model import Finding, Frame, Rule, Suppression
    from checker.report import Report

State: TypeAlias = Literal["new", "known", "suppressed"]
NOBODY: Final = "(nobody)"
"""Stands for the owner of a waiver that names none."""

STATES: Final[tuple[State, ...]] = ("new", "known", "suppressed")


def state(finding: Finding) -> State:
    """Return whether a finding was accepted, was there before, or is neither."""
    if finding.suppression is not None:
        return "suppressed"
    return "known" if finding.is_known else "new"


def owner(finding: Finding) -> str | None:
    """Return who answers for a finding: whoever waived it, and nobody for those that are open."""
    return None if finding.suppression is None else finding.suppression.owner or NOBODY


def label(one: State, report: Report) -> str:
    """Return how people name a state: without a comparison nothing is new, only open."""
    return "open" if one == "new" and not report.compared else one


def link(address: str) -> Markup:
    """Return a link to a page, or the text alone of an address that a browser would not fetch as one."""
    if address.startswith(("https://", "http://")):
        return element("a", address, href=address)
    return element("span", address)


def files(report: Report) -> Iterator[str]:
    """Yield one group for each file that has findings."""
    shown = Findings(report)
    for path, findings in groupby(report.findings, key=lambda finding: finding.path):
        told = list(findings)
        yield start("details", class_="file", open=True) + "\n"
        heading = element("h3", path, class_="path")
        yield element("summary", heading, " ", element("span", count(len(told), "finding"), class_="count")) + "\n"
        yield from (shown.finding(finding) + "\n" for finding in told)
        yield end("details") + "\n"


class Findings:
    """Gives each finding of a report an anchor of its own."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._advice = {rule.id: _advice(rule) for rule in report.rules}
        self._anchors: set[str] = set()

    def finding(self, finding: Finding) -> Markup:
        """Return one finding."""
        region, suppression = finding.region, finding.suppression
        anchor = self._anchor(finding)
        place = f"{region.start_line}:{region.start_column}"
        return element(
            "article",
            element(
                "h4",
                join(
                    element("a", place, class_="place", href=f"#{anchor}"),
                    severity(finding.severity),
                    element("span", finding.message, class_="message"),
                    *self._badge(finding),
                    between=" ",
                ),
            ),
            _frame(finding.frame),
            element(
                "p",
                element("a", finding.rule, class_="rule", href=f"#rule-{finding.rule}"),
                " ",
                element("span", finding.logical, class_="logical"),
                class_="where",
            ),
            *([] if suppression is None else [waiver(suppression)]),
            self._advice[finding.rule],
            id=anchor,
            class_="finding",
            data_severity=finding.severity,
            data_state=state(finding),
            data_kind=finding.kind,
            data_rule=finding.rule,
            data_owner=owner(finding),
        )

    def _anchor(self, finding: Finding) -> str:
        """Return the fingerprint as the name of a place in the page, so that a link outlives the next scan."""
        anchor = plain = f"finding-{finding.fingerprint.replace(':', '-')}"
        number = 1
        while anchor in self._anchors:
            number += 1
            anchor = f"{plain}-{number}"
        self._anchors.add(anchor)
        return anchor

    def _badge(self, finding: Finding) -> list[Markup]:
        one = state(finding)
        is_told = one != "new" or self._report.compared
        return [element("span", label(one, self._report), class_=f"state {one}")] if is_told else []


def severity(word: str) -> Markup:
    """Return a severity as a word with its colour."""
    return element("span", word, class_=f"severity {word}")


def waiver(suppression: Suppression) -> Markup:
    """Return why a finding does not count."""
    told = [suppression.reason]
    told += [suppression.owner] * bool(suppression.owner)
    until = [join(", until ", ending(suppression.until))] if suppression.until else []
    return element("p", element("b", "Waived: "), ", ".join(told), *until, class_="waiver")


def ending(until: str) -> Markup:
    """Return the last day of a waiver; the page's script tells how far it is off, which a report cannot know."""
    return element("time", until, datetime=until)


def _frame(frame: Frame) -> Markup:
    """Return the lines of code as a list that counts as the file does."""
    items = []
    for number, line in enumerate(frame.lines, frame.first):
        if number == frame.line:
            before, marked, after = line[: frame.start], line[frame.start : frame.end], line[frame.end :]
            # past the end of a line there is nothing to underline but a space
            items.append(element("li", element("code", before, element("mark", marked or " "), after), class_="at"))
        else:
            items.append(element("li", element("code", line)))
    return element("ol", *items, class_="frame", start=frame.first)


def _advice(rule: Rule) -> Markup:
    """Return what to do; of longer advice the first paragraph, which opens the rest."""
    first, rest = lead(rule.remediation)
    links = [element("p", link(address), class_="reference") for address in rule.references[:1]]
    if not rest:
        return element("div", element("p", first), *links, class_="advice")
    return element("div", element("details", element("summary", first), *rest), *links, class_="advice")
