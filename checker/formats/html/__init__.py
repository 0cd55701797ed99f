"""Renders a report as one HTML page that fetches nothing and needs no script to be read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from checker.formats.html import findings, sections
from checker.formats.html.charts import charts
from checker.formats.html.filters import filters, lines
from checker.formats.html.markup import Markup, digest, element, end, inline, start, text
from checker.verdict import count, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checker.formats import Options
    from checker.report import Report

_FOLDER: Final = Path(__file__).parent
_VERDICTS: Final = ("passed", "failed", "incomplete", "nothing")
"""How the style sheet names what each exit code means."""
_NOUNS: Final = {"problem", "file", "document", "rule"}
"""The names of figures that have a plural."""


def render(report: Report, _options: Options) -> Iterator[str]:
    """Yield the page: the verdict, figures, findings by file, what was not checked, waivers, and what was checked."""
    style, script = ((_FOLDER / name).read_text("utf-8") for name in ("style.css", "script.js"))
    yield "<!DOCTYPE html>\n"
    yield start("html", lang="en", data_root=report.root) + "\n"
    yield _head(report, style, script) + "\n"
    yield start("body") + "\n"
    yield _header(report) + "\n"
    yield start("main") + "\n"
    yield from _findings(report)
    yield from sections.unchecked(report)
    yield from sections.waivers(report)
    yield from sections.notices(report)
    yield from sections.fixed(report)
    yield from sections.checked(report)
    yield end("main") + "\n"
    yield _footer(report) + "\n"
    yield inline("script", script) + "\n"
    yield end("body") + end("html") + "\n"


def _head(report: Report, style: str, script: str) -> Markup:
    """Return the head, whose policy lets nothing in but the page's own style and script."""
    policy = (
        f"default-src 'none'; style-src {digest(style)}; script-src {digest(script)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return element(
        "head",
        start("meta", charset="utf-8"),
        start("meta", http_equiv="Content-Security-Policy", content=policy),
        start("meta", name="viewport", content="width=device-width, initial-scale=1"),
        start("meta", name="color-scheme", content="light dark"),
        start("meta", name="referrer", content="no-referrer"),
        # without an icon of its own a page from a server makes the browser ask for one
        start("link", rel="icon", href="data:,"),
        element("title", f"{verdict(report).partition(':')[0]} - checker"),
        inline("style", style),
    )


def _header(report: Report) -> Markup:
    word, colon, rest = verdict(report).partition(":")
    return element(
        "header",
        element("p", "checker ", element("span", report.root, class_="code"), class_="name"),
        element("h1", element("span", word, class_="word"), f"{colon}{rest}", class_=_VERDICTS[report.exit_code]),
        _figures(report),
        charts(report),
    )


def _figures(report: Report) -> Markup:
    """Return what the verdict leaves untold as figures; those of what was not checked stand even where they are 0."""
    states = [findings.state(finding) for finding in report.findings]
    told: list[tuple[str, int, str]] = [
        (findings.label("new", report), states.count("new"), "state=new"),
        *([("known", states.count("known"), "state=known")] if report.compared else []),
        ("suppressed", states.count("suppressed"), "state=suppressed"),
        *([("fixed", len(report.fixed), "fixed")] if report.compared else []),
        ("problem", len(report.problems), "unchecked"),
        ("not rendered", len(report.unrendered), "unchecked"),
        ("left out", len(report.skipped), "unchecked"),
        ("of no known kind", report.unclaimed, ""),
        ("file", len({one.path for one in report.scanned}), "checked"),
        ("document", sum(one.documents for one in report.scanned), "checked"),
        ("rule", len(report.rules), "checked"),
    ]
    return element("dl", *(_figure(*one) for one in told), class_="figures")


def _figure(name: str, number: int, target: str) -> Markup:
    noun = count(number, name).partition(" ")[2] if name in _NOUNS else name
    shown = text(f"{number:,}")
    linked = element("a", shown, href=f"#{target}") if number and target else shown
    return element("div", element("dt", noun), element("dd", linked), class_=None if number else "none")


def _findings(report: Report) -> Iterator[str]:
    title = element("h2", "Findings", id="findings-title")
    yield start("section", id="findings", aria_labelledby="findings-title") + "\n"
    if report.findings:
        yield element("div", title, lines(), class_="title") + "\n"
        yield filters(report) + "\n"
        yield from findings.files(report)
    else:
        yield title + element("p", "No findings.", class_="muted") + "\n"
    yield end("section") + "\n"


def _footer(report: Report) -> Markup:
    return element(
        "footer",
        element("p", f"checker {report.version}, policies {report.revision}."),
        element("p", f"{count(len(report.rules), 'rule')}; fails on {report.fail_on}."),
    )
