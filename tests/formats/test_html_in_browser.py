"""Tests the HTML page in Chromium: it fetches nothing, is whole without its script, and is narrowed with it."""

from __future__ import annotations

import datetime as dt
import functools
import http.server
import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from checker.formats import Options, html
from checker.formats.html.findings import owner, state
from checker.model import Finding, Suppression
from checker.report import Report
from tests.reports import BROKEN, CLEAN, COMPARED, EMPTY, MIXED

Scheme: TypeAlias = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")

ACCEPTED = {
    "valid-id": "ids of rules hold a slash, which HTML permits",
    "wcag/h32": "the form is sent nowhere, each of its controls acts at once",
}
"""What the validator advises and we leave, with the reason."""

WAIVERS = (
    Suppression("external", "the vendor fixes it", "bob", "2026-12-01", ".checker-waivers.yaml:3"),
    Suppression("external", "was fixed twice", "", "2026-10-31", ".checker-waivers.yaml:9"),
    Suppression("external", "is by design", "eve", "2026-11-24", ".checker-waivers.yaml:15"),
)


def everything() -> Report:
    """Return a report in which each filter leaves some findings and takes others."""
    waived = tuple(
        MIXED.findings[number]._replace(path="other.yaml", fingerprint=f"{number:016x}:1", suppression=one)
        for number, one in enumerate(WAIVERS)
    )
    known = tuple(one._replace(path="known.yaml", is_known=True) for one in COMPARED.findings)
    return MIXED._replace(
        findings=(*MIXED.findings, *known, *waived),
        notices=COMPARED.notices,
        compared=COMPARED.compared,
        fixed=COMPARED.fixed,
    )


EVERYTHING = everything()
REPORTS = {"everything": EVERYTHING, "clean": CLEAN, "empty": EMPTY, "broken": BROKEN}


class Opened(NamedTuple):
    """Holds a page with what it said and asked for."""

    page: Page
    address: str
    said: list[str]
    asked: list[str]

    def visible(self) -> list[str]:
        """Return the anchors of the findings that are shown, whether or not they are in sight."""
        shown = "all => all.filter(one => one.checkVisibility()).map(one => one.id)"
        anchors: list[str] = self.page.eval_on_selector_all(".finding", shown)
        return anchors

    def search(self, words: str) -> None:
        before = self.page.url
        self.page.fill("[name=text]", words)
        self.page.wait_for_url(lambda url: url != before)

    def hash(self) -> str:
        return str(self.page.evaluate("location.hash"))


Open: TypeAlias = Callable[..., Opened]


@pytest.fixture(scope="module")
def browser(program: Callable[[str], Path]) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program("chromium"))
        yield launched
        launched.close()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Open reports; when the test is over, no page has complained or asked for anything but itself."""
    pages: list[Opened] = []

    def open_report(report: Report, hash_: str = "", *, height: int = 900, **options: Any) -> Opened:
        path = tmp_path / f"report-{len(pages)}.html"
        path.write_text("".join(html.render(report, Options())), "utf-8")
        context = browser.new_context(viewport={"width": 1280, "height": height}, **options)
        page = context.new_page()
        one = Opened(page, path.as_uri(), [], [])
        page.on("console", lambda message: one.said.append(message.text))
        page.on("pageerror", lambda error: one.said.append(error.message))
        page.on("request", lambda request: one.asked.append(request.url))
        page.clock.set_fixed_time(dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC))
        page.goto(f"{one.address}{hash_}")
        pages.append(one)
        return one

    yield open_report
    for one in pages:
        assert one.said == []
        assert {url.partition("#")[0] for url in one.asked} == {one.address}
        one.page.context.close()


@functools.cache
def anchors() -> dict[str, Finding]:
    """Return the findings of the report by the names of their places in the page."""
    shown = html.findings.Findings(EVERYTHING)
    return {shown.finding(finding).partition('id="')[2].partition('"')[0]: finding for finding in EVERYTHING.findings}


def those(wanted: Callable[[Finding], bool]) -> list[str]:
    return [anchor for anchor, finding in anchors().items() if wanted(finding)]


@pytest.mark.parametrize("name", REPORTS)
def test_page_is_valid(name: str, program: Callable[[str], Path], tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("".join(html.render(REPORTS[name], Options())), "utf-8")
    (tmp_path / ".htmlvalidate.json").write_text('{"root": true, "extends": ["html-validate:standard"]}')
    command = [str(program("html-validate")), "--formatter", "json", "report.html"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    complaints = [(one["ruleId"], one["message"]) for file in json.loads(done.stdout) for one in file["messages"]]
    assert [(rule, message) for rule, message in complaints if rule not in ACCEPTED] == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", REPORTS)
def test_axe_finds_no_barrier(name: str, scheme: Scheme, opened: Open, program: Callable[[str], Path]) -> None:
    page = opened(REPORTS[name], height=6000, color_scheme=scheme).page
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    page.evaluate(program("axe-core").read_text("utf-8"))
    answer = page.evaluate("axe.run(document)")
    assert {one["id"]: [node["html"] for node in one["nodes"]] for one in answer["violations"]} == {}
    assert "color-contrast" in {one["id"] for one in answer["passes"]}


def test_axe_finds_a_barrier_where_there_is_one(opened: Open, program: Callable[[str], Path]) -> None:
    page = opened(CLEAN).page
    page.evaluate("document.documentElement.style.setProperty('--quiet', '#ccc')")
    page.evaluate(program("axe-core").read_text("utf-8"))
    assert [one["id"] for one in page.evaluate("axe.run(document)")["violations"]] == ["color-contrast"]


def test_everything_is_there_without_javascript(opened: Open) -> None:
    page = opened(EVERYTHING, java_script_enabled=False).page
    assert page.locator(".finding").count() == len(EVERYTHING.findings)
    assert page.locator(".finding .message").all_text_contents()[2] == "container api runs privileged"
    assert page.locator(".frame .at mark").all_text_contents()[:3] == [
        "********",
        "-----BEGIN PRIVATE KEY-----",
        "true",
    ]
    assert page.locator("section h2").all_inner_texts() == [
        "Findings",
        "Not checked",
        "Waivers",
        "Waivers to look at",
        "Fixed since checker-baseline.json",
        "What was checked",
    ]
    assert page.locator("form").filter(visible=True).count() == 0


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("severity", "critical", lambda one: one.severity == "critical"),
        ("severity", "high", lambda one: one.severity == "high"),
        ("state", "new", lambda one: state(one) == "new"),
        ("state", "known", lambda one: state(one) == "known"),
        ("state", "suppressed", lambda one: state(one) == "suppressed"),
        ("kind", "env", lambda one: one.kind == "env"),
        ("rule", "kubernetes/memory-limit-missing", lambda one: one.rule == "kubernetes/memory-limit-missing"),
        ("owner", "bob", lambda one: owner(one) == "bob"),
        ("owner", "(nobody)", lambda one: owner(one) == "(nobody)"),
    ],
)
def test_filter_leaves_what_has_its_value(
    name: str, value: str, wanted: Callable[[Finding], bool], opened: Open
) -> None:
    one = opened(EVERYTHING)
    assert one.visible() == list(anchors())
    control = one.page.locator(f'[name="{name}"]')
    if name in {"severity", "state"}:
        one.page.check(f'[name="{name}"][value="{value}"]')
    else:
        control.select_option(value)
    left = those(wanted)
    assert 0 < len(left) < len(anchors())
    assert one.visible() == left
    assert one.page.locator("output").inner_text() == f"{len(left)} of {len(anchors())} findings"
    assert one.page.locator("details.file").filter(visible=True).count() == len({anchors()[one].path for one in left})
    one.page.get_by_role("button", name="Show all").click()
    assert (one.visible(), one.hash()) == (list(anchors()), "")
    assert one.page.get_by_role("button", name="Show all").is_disabled()


def test_filters_narrow_together_and_each_count_tells_what_a_value_would_show(opened: Open) -> None:
    one = opened(EVERYTHING)
    counts = "all => Object.fromEntries(all.map(one => [one.querySelector('input').value, one.lastChild.textContent]))"
    one.page.check('[value="critical"]')
    one.page.check('[value="high"]')
    one.page.check('[value="known"]')
    assert one.visible() == those(lambda found: found.severity in {"critical", "high"} and state(found) == "known")
    assert one.page.eval_on_selector_all("fieldset label", counts) == {
        "critical": "1",
        "high": "0",
        "medium": "1",
        "new": "3",
        "known": "1",
        "suppressed": "3",
    }
    assert one.page.locator("[name=kind] option").all_inner_texts() == ["all", "env (0)", "kubernetes (1)"]
    assert one.hash() == "#severity=critical,high&state=known"


def test_search_finds_all_words_in_messages_paths_rules_and_code(opened: Open) -> None:
    one = opened(EVERYTHING)
    for words, wanted in (
        ("PRIVILEGED known.yaml", lambda found: found.path == "known.yaml" and "privileged" in found.message),
        ("--flag-20", lambda found: "container flags" in found.message),
        ("ticket 12", lambda found: found.suppression is not None and "ticket" in found.suppression.reason),
        ("nowhere at all", lambda _: False),
    ):
        one.search(words)
        one.page.keyboard.press("Enter")
        assert one.visible() == those(wanted)


def test_address_says_what_is_shown_and_shows_what_it_says(opened: Open) -> None:
    first = opened(EVERYTHING)
    first.page.check('[value="medium"]')
    first.page.select_option("[name=rule]", "kubernetes/memory-limit-missing")
    first.search("container & more, 50% é")
    second = opened(EVERYTHING, first.hash())
    assert first.hash().startswith("#severity=medium&rule=kubernetes/memory-limit-missing&text=container")
    assert second.page.is_checked('[value="medium"]')
    assert second.page.input_value("[name=rule]") == "kubernetes/memory-limit-missing"
    assert second.page.input_value("[name=text]") == "container & more, 50% é"
    third = opened(EVERYTHING, "#severity=high&kind=no-such-kind&owner=")
    assert third.visible() == those(lambda found: found.severity == "high")
    assert third.page.locator("[name=kind] option:checked").inner_text() == "all"
    assert opened(EVERYTHING, "#%E0%A4%A").visible() == list(anchors())


def test_address_of_a_finding_shows_it_though_a_filter_hides_it(opened: Open) -> None:
    one = opened(EVERYTHING, "#severity=high")
    target = those(lambda found: found.path == "known.yaml")[0]
    assert target not in one.visible()
    one.page.get_by_role("button", name="Fold files").click()
    one.page.evaluate("anchor => { location.hash = anchor; }", target)
    one.page.locator(f"#{target}").wait_for()
    assert one.visible() == those(lambda found: found.path == "known.yaml")
    assert one.page.locator(f"#{target}").evaluate("one => one.getBoundingClientRect().top < innerHeight")


def test_address_of_a_finding_unfolds_its_file_where_the_browser_does_not(opened: Open) -> None:
    one = opened(EVERYTHING)
    target = those(lambda found: found.path == "known.yaml")[0]
    one.page.get_by_role("button", name="Fold files").click()
    one.page.evaluate("anchor => history.replaceState(null, '', `#${anchor}`)", target)
    one.page.evaluate("dispatchEvent(new Event('hashchange'))")
    assert one.visible() == those(lambda found: found.path == "known.yaml")


def test_links_of_figures_and_charts_filter(opened: Open) -> None:
    one = opened(EVERYTHING)
    one.page.locator(".chart").get_by_role("link", name="bob").click()
    one.page.locator("output", has_text="1 of 12 findings").wait_for()
    assert one.visible() == those(lambda found: owner(found) == "bob")
    one.page.locator(".figures div", has_text="known").get_by_role("link").click()
    one.page.locator("output", has_text="2 of 12 findings").wait_for()
    assert one.visible() == those(lambda found: state(found) == "known")


def test_filters_are_used_by_keyboard(opened: Open) -> None:
    one = opened(EVERYTHING)
    names = []
    one.page.focus("[name=text]")
    for _ in range(11):
        names.append(one.page.evaluate("document.activeElement.name"))
        outline = one.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
        if one.page.evaluate("document.activeElement.value") in {"critical", "known"}:
            one.page.keyboard.press("Space")
        one.page.keyboard.press("Tab")
    assert names == ["text", *["severity"] * 3, *["state"] * 3, "kind", "rule", "owner", "clear"]
    assert one.visible() == those(lambda found: found.severity == "critical" and found.is_known)
    one.page.focus("details.file:not([hidden]) summary")
    one.page.keyboard.press("Enter")
    assert one.visible() == []


def test_lines_open_in_the_program_of_the_reader_who_is_asked_once(opened: Open) -> None:
    one = opened(EVERYTHING._replace(root="C:\\shop #1"))
    place = one.page.locator("a.place").nth(2)
    assert place.get_attribute("href") == "#finding-0123456789abcdef-1"
    one.page.select_option("[name=program]", "vscode")
    assert place.get_attribute("href") == "vscode://file/C:/shop%20%231/deploy/api.yaml:18:23"
    one.page.select_option("[name=program]", "jetbrains")
    one.page.fill("[name=where]", "/home/bob/")
    one.page.press("[name=where]", "Enter")
    assert place.get_attribute("href") == "idea://open?file=/home/bob/deploy/api.yaml&line=18"
    one.page.reload()
    assert place.get_attribute("href") == "idea://open?file=/home/bob/deploy/api.yaml&line=18"
    one.page.select_option("[name=program]", "web")
    assert place.get_attribute("href") == "https://git.example/shop/blob/main/deploy/api.yaml#L18"
    one.page.fill("[name=where]", "javascript:alert({line})")
    one.page.press("[name=where]", "Enter")
    assert place.get_attribute("href") == "#finding-0123456789abcdef-1"


def test_waivers_that_end_soon_are_marked_by_the_readers_clock(opened: Open) -> None:
    page = opened(EVERYTHING).page
    rows = page.locator("#waivers tbody tr td:first-child").all_inner_texts()
    assert rows == ["2026-10-31 has ended", "2026-11-24 ends today", "2026-12-01 ends in 7 days", "2027-01-31"]


def test_print_shows_the_findings_that_are_shown_in_full_and_says_how_many_they_are(opened: Open) -> None:
    one = opened(EVERYTHING, "#kind=env")
    one.page.get_by_role("button", name="Fold files").click()
    one.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert one.page.locator("#findings details:not([open])").count() == 0
    one.page.emulate_media(media="print")
    assert one.visible() == those(lambda found: found.kind == "env")
    assert one.page.locator(".finding .advice pre").first.is_visible()
    assert one.page.locator("form :visible").evaluate_all("all => all.map(one => one.localName)") == ["output"]
    note = "getComputedStyle(document.querySelector('output'), '::after').content"
    assert one.page.evaluate(note) == '" (kind: env)"'
    one.page.emulate_media(media="screen")
    one.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert one.visible() == []


def test_code_and_tables_stay_within_a_narrow_page(opened: Open) -> None:
    page = opened(EVERYTHING).page
    for width in (1280, 768, 400, 320):
        page.set_viewport_size({"width": width, "height": 6000})
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_page_from_a_server_asks_for_nothing_else(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("".join(html.render(EVERYTHING, Options())), "utf-8")
    asked: list[str] = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:  # noqa: ARG002 - the face of the base
            asked.append(f"{code} {self.path}")

    handler = functools.partial(Handler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/report.html", wait_until="networkidle")
        context.close()
        server.shutdown()
        thread.join()
    assert asked == ["200 /report.html"]


def test_hostile_texts_run_nothing_and_ask_for_nothing(opened: Open) -> None:
    hostile = "</script></style><script>console.log(1)</script><img src='//a.example/x' onerror='console.log(2)'>"
    found = MIXED.findings[2]._replace(message=hostile, path=hostile, kind=hostile, logical=hostile)
    page = opened(MIXED._replace(findings=(found,), root=hostile)).page
    assert page.locator(".message").inner_text() == hostile
    assert page.locator("img").count() == 0


def test_policy_of_the_page_lets_no_other_script_run(browser: Browser, tmp_path: Path) -> None:
    page_text = "".join(html.render(CLEAN, Options()))
    (tmp_path / "report.html").write_text(page_text.replace("</body>", "<script>window.ran = true</script></body>"))
    context = browser.new_context()
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto((tmp_path / "report.html").as_uri())
    assert page.evaluate("window.ran") is None
    assert [text for text in said if "Content Security Policy" in text] == said != []
    context.close()


def test_ten_thousand_findings_are_filtered_and_only_those_in_sight_are_drawn(opened: Open) -> None:
    told = tuple(
        MIXED.findings[number % 5]._replace(path=f"{number // 8:05}.yaml", fingerprint=f"{number:016x}:1")
        for number in range(10_000)
    )
    one = opened(MIXED._replace(findings=told))
    assert one.page.locator("output").inner_text() == "All 10,000 findings"
    drawn = "all => all.filter(one => one.checkVisibility({contentVisibilityAuto: true})).length"
    assert 0 < one.page.eval_on_selector_all(".finding", drawn) < 200
    one.page.check('[value="critical"]')
    assert one.page.locator("output").inner_text() == "2,000 of 10,000 findings"
    assert one.page.locator(".finding:not([hidden])").count() == 2000
    one.search("00007.yaml")
    assert one.page.locator("output").inner_text() == "2 of 10,000 findings"
    last = f"finding-{9999:016x}-1"
    one.page.evaluate("anchor => { location.hash = anchor; }", last)
    assert one.page.locator(f"#{last}").evaluate("one => one.getBoundingClientRect().top < innerHeight")
