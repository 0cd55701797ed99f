"""Tells what stands around the findings: what was not checked, waivers, what is gone, what was checked with what."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from checker.formats.html.findings import ending, link, severity
from checker.formats.html.markdown import blocks, inline
from checker.formats.html.markup import Markup, element, end, join, query, start, text
from checker.verdict import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from checker.model import Finding, Rule, Skipped, Suppression, Unrendered
    from checker.report import Report
    from checker.text import Region


def section(name: str, title: str, parts: Iterable[str]) -> Iterator[str]:
    """Yield a section with its heading."""
    yield start("section", id=name, aria_labelledby=f"{name}-title") + "\n"
    yield element("h2", title, id=f"{name}-title") + "\n"
    yield from parts
    yield end("section") + "\n"


def unchecked(report: Report) -> Iterator[str]:
    """Yield problems with what helps, then files that were not rendered and files that were left out."""
    if not report.problems and not report.unrendered and not report.skipped:
        return
    yield from section("unchecked", "Not checked", _unchecked(report))


def _unchecked(report: Report) -> Iterator[str]:
    if report.problems:
        rows = [
            (_place(one.path, one.region), join(_reason(one.reason), *_paragraph(one.advice)))
            for one in report.problems
        ]
        yield from _table(f"{count(len(report.problems), 'problem')}", ("Where", "What"), rows)
    if report.unrendered:
        yield from _by_reason("Must be rendered first", report.unrendered)
    if report.skipped:
        yield from _by_reason("Left out", report.skipped)


def _by_reason(title: str, files: Sequence[Unrendered] | Sequence[Skipped]) -> Iterator[str]:
    """Yield one row for each reason, with the files that it concerns."""
    paths: defaultdict[str, list[Markup]] = defaultdict(list)
    for file in files:
        paths[file.reason].append(element("li", file.path))
    rows = [(_reason(reason), element("ul", *named, class_="paths")) for reason, named in paths.items()]
    yield from _table(f"{title}: {len(files):,}", ("Why", "What"), rows)


def waivers(report: Report) -> Iterator[str]:
    """Yield each waiver with what it suppresses: those that end first, then those without an end."""
    suppressed: defaultdict[Suppression, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        if finding.suppression is not None:
            suppressed[finding.suppression].append(finding)
    if not suppressed:
        return
    order = sorted(suppressed, key=lambda one: (not one.until, one.until, one.owner, one.place, one))
    rows = [
        (
            ending(one.until) if one.until else text("no end"),
            text(one.owner or "nobody"),
            join(_reason(one.reason), *_paragraph(one.place, "place")),
            join(*(_waived(rule, number) for rule, number in _rules(suppressed[one]))),
        )
        for one in order
    ]
    table = _table(count(len(rows), "waiver"), ("Ends", "Owner", "Reason", "Findings"), rows)
    yield from section("waivers", "Waivers", table)


def _rules(findings: Iterable[Finding]) -> list[tuple[str, int]]:
    return sorted(Counter(finding.rule for finding in findings).items())


def _waived(rule: str, number: int) -> Markup:
    shown = element("a", rule, class_="code", href=f"#rule={query(rule)}&state=suppressed")
    return element("p", shown, f" ({number:,})" if number > 1 else "")


def notices(report: Report) -> Iterator[str]:
    """Yield what is amiss with waivers."""
    if report.notices:
        rows = [(_place(one.path, one.region), _reason(one.reason)) for one in report.notices]
        table = _table(count(len(rows), "notice"), ("Where", "What"), rows)
        yield from section("notices", "Waivers to look at", table)


def fixed(report: Report) -> Iterator[str]:
    """Yield the findings that are gone."""
    if report.fixed:
        rows = [(_place(one.path, None), _reason(one.message), _code(one.rule)) for one in report.fixed]
        table = _table(count(len(rows), "finding"), ("Where", "What", "Rule"), rows)
        yield from section("fixed", f"Fixed since {report.compared}", table)


def checked(report: Report) -> Iterator[str]:
    """Yield the rules that found something in full, then all rules and all files."""
    if report.rules or report.scanned:
        yield from section("checked", "What was checked", _checked(report))


def _checked(report: Report) -> Iterator[str]:
    found = Counter(finding.rule for finding in report.findings)
    yield from (_rule(rule) + "\n" for rule in report.rules if found[rule.id])
    yield start("details") + element("summary", f"All {count(len(report.rules), 'rule')}") + "\n"
    rows = [
        (_code(rule.id), severity(rule.severity), text(rule.title), _number(found[rule.id])) for rule in report.rules
    ]
    yield from _table("Rules", ("Rule", "Severity", "Title", "Findings"), rows)
    yield end("details") + "\n"
    if report.scanned:
        yield start("details") + element("summary", f"All {count(len(report.scanned), 'file')}") + "\n"
        files = [(_code(one.path), text(one.kind), _number(one.documents), _number(one.size)) for one in report.scanned]
        yield from _table("Files", ("File", "Kind", "Documents", "Bytes"), files)
        yield end("details") + "\n"


def _rule(rule: Rule) -> Markup:
    """Return why a rule matters and what to read about it."""
    controls = [f"{name} {', '.join(values)}" for name, values in rule.frameworks.items()]
    return element(
        "article",
        element("h3", rule.title),
        element("p", join(severity(rule.severity), _code(rule.id), rule.category, between=" "), class_="where"),
        *blocks(rule.description),
        *blocks(rule.remediation),
        *(element("p", link(address), class_="reference") for address in rule.references),
        *([element("p", "; ".join(controls), class_="controls")] if controls else []),
        id=f"rule-{rule.id}",
        class_="explained",
    )


def _table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[Markup]]) -> Iterator[str]:
    yield start("table") + element("caption", caption) + "\n"
    yield element("thead", element("tr", *(element("th", head, scope="col") for head in heads))) + "<tbody>\n"
    for row in rows:
        yield element("tr", *(element("td", cell) for cell in row)) + "\n"
    yield end("tbody") + end("table") + "\n"


def _place(path: str, region: Region | None) -> Markup:
    if not path:
        return element("span", "the whole scan", class_="muted")
    return _code(path if region is None else f"{path}:{region.start_line}:{region.start_column}")


def _code(value: str) -> Markup:
    return element("span", value, class_="code")


def _number(value: int) -> Markup:
    return element("span", f"{value:,}", class_="number")


def _reason(reason: str) -> Markup:
    return element("p", inline(reason))


def _paragraph(value: str, name: str = "advice") -> list[Markup]:
    return [element("p", inline(value), class_=name)] if value else []
