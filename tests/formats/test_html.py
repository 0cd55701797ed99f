"""Holds the HTML format to golden pages, which leave its style sheet and script out, and its text to being text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from checker.formats import Options, html
from checker.formats.html import markup
from checker.formats.html.markdown import blocks, lead
from checker.model import Frame, Problem, Suppression
from checker.report import Notice, Report
from tests.reports import CLEAN, COMPARED, MIXED, PRIVILEGED, REPORTS

GOLDEN = Path(__file__).parent.parent / "golden"
PACKAGE = Path(html.__file__).parent
HOSTILE = "</script><img src=x onerror=alert(1)>\"'`--><!--&amp;"


def rendered(report: Report) -> str:
    return "".join(html.render(report, Options()))


def bare(page: str) -> str:
    """Return a page without its style sheet, its script and their digests."""
    page = re.sub(r"<(style|script)>.*?</\1>", r"<\1></\1>", page, flags=re.DOTALL)
    return re.sub(r"sha256-[\w+/=]+", "sha256", page)


class Elements(HTMLParser):
    """Collects the elements of a page, and complains of tags that do not match."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in {"meta", "link", "input"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def attributes(page: str, tag: str, name: str) -> list[str | None]:
    return [values[name] for found, values in Elements(page).found if found == tag and name in values]


@pytest.mark.parametrize("name", REPORTS)
def test_page_of_a_report_is_the_golden_one(name: str) -> None:
    assert bare(rendered(REPORTS[name])) == (GOLDEN / f"{name}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", REPORTS)
def test_pieces_end_at_the_end_of_a_line_and_tags_match(name: str) -> None:
    pieces = list(html.render(REPORTS[name], Options()))
    assert [piece for piece in pieces if not piece.endswith("\n")] == []
    assert Elements("".join(pieces)).open == []


def hostile() -> Report:
    """Return a report whose every text tries to become markup."""
    rule = PRIVILEGED._replace(
        id=f"kubernetes/{HOSTILE}",
        title=HOSTILE,
        description=f"{HOSTILE}\n\n- `{HOSTILE}`\n\n```\n{HOSTILE}\n```\n",
        remediation=f"{HOSTILE}\n```{HOSTILE}\n{HOSTILE}\n```\n",
        references=("javascript:alert(1)", HOSTILE, f"https://a.example/{HOSTILE}"),
        category=HOSTILE,
        frameworks={HOSTILE: (HOSTILE,)},
    )
    finding = MIXED.findings[2]._replace(
        rule=rule.id,
        path=HOSTILE,
        kind=HOSTILE,
        message=HOSTILE,
        logical=HOSTILE,
        fingerprint=HOSTILE,
        frame=Frame(1, 1, (HOSTILE, HOSTILE), 3, 9),
        suppression=Suppression("external", HOSTILE, HOSTILE, HOSTILE, HOSTILE),
    )
    return COMPARED._replace(
        version=HOSTILE,
        revision=HOSTILE,
        root=HOSTILE,
        rules=(rule,),
        findings=(finding,),
        problems=(Problem(HOSTILE, HOSTILE, advice=HOSTILE),),
        unrendered=tuple(one._replace(path=HOSTILE, reason=HOSTILE) for one in MIXED.unrendered),
        skipped=tuple(one._replace(path=HOSTILE, reason=HOSTILE) for one in MIXED.skipped),
        scanned=tuple(one._replace(path=HOSTILE, kind=HOSTILE) for one in MIXED.scanned),
        notices=(Notice(HOSTILE, HOSTILE),),
        compared=HOSTILE,
        fixed=tuple(one._replace(rule=HOSTILE, path=HOSTILE, message=HOSTILE) for one in COMPARED.fixed),
    )


def test_no_text_of_a_scanned_file_or_a_rule_becomes_markup() -> None:
    page = rendered(hostile())
    names = [tag for tag, _ in Elements(page).found]
    assert (names.count("img"), names.count("script"), names.count("style")) == (0, 1, 1)
    assert {name for _, values in Elements(page).found for name in values if name.startswith("on")} == set()
    assert Elements(page).open == []
    assert [link for link in attributes(page, "a", "href") if not (link or "").startswith(("#", "https://"))] == []
    assert page.count(markup.text("javascript:alert(1)")) == 2


def test_what_cannot_be_seen_or_turns_the_direction_of_writing_is_shown_as_an_escape() -> None:
    page = bare(rendered(MIXED))
    assert [character for character in page if ord(character) < 32 and character != "\n"] == []
    assert "\u202e" not in page
    assert r"\u202eevil" in page


def test_bytes_that_are_no_text_are_written_as_escapes() -> None:
    odd = "a\udcff b"
    report = waived(Suppression("external", odd, odd, place=odd))
    named = report.findings[0]._replace(path=odd, message=odd)
    page = (
        rendered(report._replace(findings=(named, MIXED.findings[0]), root=odd))
        .encode("utf-8", "backslashreplace")
        .decode()
    )
    assert r"a\udcff b" in attributes(page, "option", "value")
    assert [link for link in attributes(page, "a", "href") if "owner" in (link or "")] == ["#owner=a%5Cudcff%20b"]


def test_only_the_module_that_escapes_makes_markup() -> None:
    sources = [path for path in PACKAGE.glob("*.py") if path.name != "markup.py"]
    assert [path.name for path in sources if re.search(r"\bMarkup\(", path.read_text("utf-8"))] == []


def test_markup_joined_with_a_text_is_escaped_again_rather_than_trusted() -> None:
    half = markup.element("b", "bold") + "<i>"
    assert markup.element("p", half) == "<p>&lt;b&gt;bold&lt;/b&gt;&lt;i&gt;</p>"


def test_style_or_script_that_would_end_early_is_refused() -> None:
    with pytest.raises(ValueError, match="the script would end early"):
        markup.inline("script", "'</script>'")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("One `a < b`\nand on.\n\nTwo.", "<p>One <code>a &lt; b</code> and on.</p><p>Two.</p>"),
        ("Pick:\n- one,\n  long\n- `two`", "<p>Pick:</p><ul><li>one, long</li><li><code>two</code></li></ul>"),
        ("Write\n```sh\na  <b\n\n  c\n```\nor not", "<p>Write</p><pre><code>a  &lt;b\n\n  c</code></pre><p>or not</p>"),
        ("", ""),
    ],
)
def test_markdown_of_rules_becomes_paragraphs_lists_and_code(written: str, shown: str) -> None:
    assert "".join(blocks(written)) == shown


@pytest.mark.parametrize(
    ("written", "first", "rest"),
    [
        ("Set\n`a`.", "Set <code>a</code>.", ""),
        ("Write:\n```\na\n```\nor not", "Write:", "<pre><code>a</code></pre><p>or not</p>"),
        ("Pick:\n- one\n- two", "Pick:", "<ul><li>one</li><li>two</li></ul>"),
        ("```\na\n```", "What to do", "<pre><code>a</code></pre>"),
    ],
)
def test_longer_advice_is_opened_by_its_first_paragraph(written: str, first: str, rest: str) -> None:
    line, blocks_after = lead(written)
    assert (line, "".join(blocks_after)) == (first, rest)


def test_findings_with_the_same_fingerprint_have_anchors_of_their_own() -> None:
    anchors = attributes(rendered(MIXED), "article", "id")
    assert len(anchors) == len(set(anchors))
    assert anchors[2:5] == [f"finding-0123456789abcdef-1{suffix}" for suffix in ("", "-2", "-3")]


def waived(*suppressions: Suppression) -> Report:
    findings = tuple(MIXED.findings[2]._replace(suppression=one) for one in suppressions)
    return MIXED._replace(findings=findings)


def test_waivers_that_end_first_stand_first_and_those_without_an_end_last() -> None:
    report = waived(
        Suppression("external", "for ever", "eve"),
        Suppression("external", "later", "", "2027-03-01"),
        Suppression("inSource", "soon", "bob", "2026-12-01"),
    )
    table = rendered(report).partition('<section id="waivers"')[2].partition("</section>")[0]
    cells = re.findall(r"<td>(.*?)</td>", table)
    assert [re.sub(r"<[^>]+>", "", cell) for cell in cells] == [
        *("2026-12-01", "bob", "soon", "kubernetes/privileged"),
        *("2027-03-01", "nobody", "later", "kubernetes/privileged"),
        *("no end", "eve", "for ever", "kubernetes/privileged"),
    ]


def test_chart_by_owner_is_about_waivers_and_stands_only_where_there_are_some() -> None:
    def captions(report: Report) -> list[str]:
        return re.findall(r"<table class=\"chart\"><caption>(.*?)</caption>", rendered(report))

    both = ["Findings by severity", "Findings by kind"]
    assert captions(CLEAN) == []
    assert captions(COMPARED) == both
    assert captions(waived(Suppression("external", "why"))) == [*both, "Waived findings by owner"]


def test_ten_thousand_findings_are_told_in_pieces() -> None:
    one = MIXED.findings[2]
    told = tuple(
        one._replace(path=f"{number // 4:04}.yaml", fingerprint=f"{number:016x}:1") for number in range(10_000)
    )
    pieces = list(html.render(MIXED._replace(findings=told), Options()))
    longest = max(len(piece) for piece in pieces if not piece.startswith(("<head>", "<script>")))
    assert len(pieces) > 12_500
    assert longest < 10_000
    assert sum(map(len, pieces)) < 15_000_000


def test_only_what_tells_findings_apart_can_be_chosen() -> None:
    def offered(report: Report) -> list[str]:
        names = [*attributes(rendered(report), "input", "name"), *attributes(rendered(report), "select", "name")]
        return [name for name in dict.fromkeys(names) if name and name not in {"program", "where"}]

    assert offered(CLEAN) == []
    assert offered(COMPARED) == ["text", "severity", "state", "rule"]
    assert offered(COMPARED._replace(findings=COMPARED.findings[:1])) == ["text"]
    assert offered(MIXED) == ["text", "severity", "state", "kind", "rule", "owner"]
