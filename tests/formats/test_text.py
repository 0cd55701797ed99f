"""Holds the text format to complete golden reports."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from checker.display import columns
from checker.formats import Options, text
from tests.reports import MIXED, REPORTS

if TYPE_CHECKING:
    from checker.report import Report

GOLDEN = Path(__file__).parent.parent / "golden"


def rendered(report: Report, *, colour: bool = False, width: int = 80) -> str:
    return "".join(text.render(report, Options(colour, width)))


@pytest.mark.parametrize("name", REPORTS)
def test_text_of_a_report_is_the_golden_one(name: str) -> None:
    assert rendered(REPORTS[name]) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def test_colours_are_added_only_where_asked_for() -> None:
    coloured = rendered(MIXED, colour=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == rendered(MIXED)
    assert "\x1b[1;31mcritical\x1b[0m: container api runs privileged\n" in coloured


@pytest.mark.parametrize("width", [40, 80, 132])
def test_no_line_is_wider_than_the_terminal_but_for_words_that_cannot_be_broken(width: int) -> None:
    lines = rendered(MIXED, width=width).splitlines()
    assert [line for line in lines if columns(line) > width and len(line.split()) > 2] == []


def test_advice_and_link_of_a_rule_are_told_once() -> None:
    told = rendered(MIXED)
    assert told.count("Set `resources.limits.memory`") == 1
    assert told.count("= kubernetes/memory-limit-missing\n") == 3


def test_nothing_that_a_file_holds_reaches_the_terminal_unescaped() -> None:
    assert [character for character in rendered(MIXED) if ord(character) < 32 and character != "\n"] == []
    assert "\u202e" not in rendered(MIXED)


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ({}, "Failed: 6 findings (1 critical, 2 high, 3 medium), 6 at or above low."),
        ({"fail_on": "high"}, "Failed: 6 findings (1 critical, 2 high, 3 medium), 3 at or above high."),
        ({"fail_on": "never"}, "Passed: 6 findings (1 critical, 2 high, 3 medium), --fail-on is never."),
        (
            {"fail_on_unrendered": True},
            (
                "Incomplete: not everything could be checked (1 file not rendered); 6 findings (1\n"
                "  critical, 2 high, 3 medium)."
            ),
        ),
    ],
)
def test_last_line_tells_the_verdict(values: dict[str, object], verdict: str) -> None:
    report = MIXED._replace(problems=(), **values)  # type: ignore[arg-type]
    assert rendered(report).endswith(f"1 suppressed.\n{verdict}\n")


def test_findings_below_the_threshold_pass() -> None:
    report = MIXED._replace(problems=(), findings=MIXED.findings[3:5], fail_on="high")
    assert rendered(report).endswith("\nPassed: 2 findings (2 medium), none at or above high.\n")


def test_ten_thousand_findings_are_told_in_order() -> None:
    one = MIXED.findings[2]
    findings = tuple(one._replace(path=f"{number:05}.yaml") for number in range(10_000))
    told = rendered(MIXED._replace(findings=findings, problems=(), shown_paths={}))
    assert re.findall(r"^(\d{5})\.yaml$", told, re.MULTILINE) == [f"{number:05}" for number in range(10_000)]
    assert told.endswith("\nFailed: 10,000 findings (10,000 critical), 10,000 at or above low.\n")
