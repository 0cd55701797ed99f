"""Holds the formats that other programs read to golden reports and to what those programs accept."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from lxml import etree

from checker import cli
from checker.formats import Options, load
from checker.model import Problem
from checker.report import Report
from tests.reports import CLEAN, COMPARED, EMPTY, MEMORY, MIXED, PRIVILEGED, REPORTS, finding

TESTS = Path(__file__).parent.parent
GOLDEN = TESTS / "golden"
ENDINGS = {
    "junit": "junit.xml",
    "github": "github.txt",
    "markdown": "md",
    "gitlab-codequality": "codequality.json",
    "gitlab-sast": "sast.json",
    "checkstyle": "checkstyle.xml",
    "csv": "csv",
}
HOSTILE = "a]]>&\"'<b>|`x` ::error::\n%0A,:\r\t=\x00\x1b[31m\ufffe\ud800 漢字-\U0001f680 [l](u) *b* @x ${{ y }}"


def rendered(format_: str, report: Report) -> str:
    return "".join(load(format_).render(report, Options()))


def hostile(text: str = HOSTILE) -> Report:
    """Return a report whose every text comes from somebody who means harm."""
    one = MIXED.findings[2]._replace(path=f"{text}.yaml", message=text, identity=text, logical=text)
    return MIXED._replace(findings=(one,), problems=(Problem(text, text, advice=text),), skipped=(), unrendered=())


def many() -> Report:
    frame = MIXED.findings[2].frame
    found = tuple(
        finding(
            (MEMORY, PRIVILEGED)[number % 100 == 0], number, f"finding {number}", frame, path=f"{number // 50}.yaml"
        )
        for number in range(1, 10_001)
    )
    return CLEAN._replace(findings=found)


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("format_", ENDINGS)
def test_report_is_the_golden_one(format_: str, name: str) -> None:
    golden = (GOLDEN / f"{name}.{ENDINGS[format_]}").read_bytes()
    assert rendered(format_, REPORTS[name]).encode("utf-8", "backslashreplace") == golden


@pytest.fixture(scope="module")
def junit() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(TESTS / "vendor" / "junit-10.xsd")))


@pytest.mark.parametrize("report", [*REPORTS.values(), hostile(), many()], ids=[*REPORTS, "hostile", "many"])
def test_junit_is_what_jenkins_reads(report: Report, junit: etree.XMLSchema) -> None:
    root = etree.fromstring(rendered("junit", report).encode("utf-8", "backslashreplace"))
    junit.assertValid(root)
    counted = sum(report.counts(one) for one in report.findings)
    assert (root.get("failures"), root.get("errors")) == (str(counted), str(len(report.problems)))
    assert len(root.findall(".//failure")) == counted
    files = {one.path for one in report.scanned} | {one.path for one in report.findings}
    assert len(root.findall("testsuite")) == len(files | {one.path or "checker" for one in report.problems})


def test_junit_that_jenkins_would_refuse_is_noticed(junit: etree.XMLSchema) -> None:
    wrong = rendered("junit", MIXED).replace("<failure", "<failed").replace("</failure", "</failed")
    assert not junit.validate(etree.fromstring(wrong.encode()))


def test_finding_that_does_not_count_is_a_test_that_passes() -> None:
    told = rendered("junit", MIXED._replace(fail_on="critical"))
    assert told.count("<failure ") == 1
    assert "medium: container api has no memory limit, which does not count" in told


@pytest.mark.parametrize("report", [*REPORTS.values(), hostile(), many()], ids=[*REPORTS, "hostile", "many"])
def test_checkstyle_tells_what_counts_and_what_was_not_checked(report: Report) -> None:
    root = etree.fromstring(rendered("checkstyle", report).encode("utf-8", "backslashreplace"))
    errors = root.findall("file/error")
    assert len(errors) == sum(report.counts(one) for one in report.findings) + len(report.problems)
    assert {one.get("severity") for one in errors} <= {"info", "warning", "error"}


@pytest.mark.parametrize("report", [*REPORTS.values(), hostile(), many()], ids=[*REPORTS, "hostile", "many"])
def test_values_with_commas_have_a_row_for_everything(report: Report) -> None:
    text = rendered("csv", report)
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    assert len(rows) == len(report.findings) + len(report.problems) + len(report.unrendered)
    assert all(None not in row and None not in row.values() for row in rows)
    assert [row["message"].lstrip("'") for row in rows if row["type"] == "finding"] == [
        one.message for one in report.findings
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1"])
def test_cell_is_no_formula(text: str) -> None:
    rows = list(csv.DictReader(io.StringIO(rendered("csv", hostile(text)), newline="")))
    assert rows[0]["message"] == f"'{text}"


STATES = [("known", "kubernetes/privileged"), ("open", "kubernetes/memory-limit-missing")]


def test_state_of_each_finding_is_told() -> None:
    def states(report: Report) -> list[tuple[str, str]]:
        rows = csv.DictReader(io.StringIO(rendered("csv", report)))
        return [(row["state"], row["rule"]) for row in rows if row["type"] == "finding"]

    assert states(COMPARED) == STATES
    assert states(MIXED._replace(findings=MIXED.findings[-1:])) == [("waived", "kubernetes/memory-limit-missing")]
    assert states(COMPARED._replace(fail_on="high"))[1] == ("below", "kubernetes/memory-limit-missing")


COMMAND = re.compile(r"::(error|warning|notice) ([a-zA-Z]+=[^:,\n]*(?:,[a-zA-Z]+=[^:,\n]*)*)::([^\n]*)\n")


@pytest.mark.parametrize("report", [*REPORTS.values(), hostile(), many()], ids=[*REPORTS, "hostile", "many"])
def test_workflow_commands_are_one_a_line_and_as_many_as_github_shows(report: Report) -> None:
    lines = rendered("github", report).splitlines(keepends=True)
    commands = [COMMAND.fullmatch(line) for line in lines]
    assert all(commands)
    levels = [match[1] for match in commands if match]
    assert max(levels.count(level) for level in levels) <= 10
    assert levels[-1] == "notice"


def test_annotations_beyond_what_github_shows_are_counted_and_the_gravest_stay() -> None:
    lines = rendered("github", many()).splitlines()
    assert [line.split("::")[2] for line in lines[:10]] == [f"finding {number}" for number in range(100, 1001, 100)]
    assert lines[-1].endswith("GitHub shows 10 annotations of a level: 9,980 more in the log or the report.")
    troubled = EMPTY._replace(problems=tuple(Problem("a", f"reason {number}") for number in range(12)))
    assert rendered("github", troubled).count("::error ") == 10
    assert "2 more in the log" in rendered("github", troubled)


def test_summary_stays_below_what_github_takes_and_says_what_is_cut() -> None:
    told = rendered("markdown", many())
    assert len(told.encode()) < 1024 * 1024
    assert "do not fit in here" not in told
    long = many()
    long = long._replace(findings=tuple(one._replace(message=one.message * 20) for one in long.findings))
    cut = rendered("markdown", long)
    assert len(cut.encode()) < 1024 * 1024
    left = re.search(r"\*\*([\d,]+) further findings of lower severity do not fit in here\.\*\*", cut)
    assert left
    assert cut.count("- 🟣") == 100
    assert cut.count("- 🟠") + 100 + int(left[1].replace(",", "")) == 10_000


def test_nothing_of_a_scanned_file_becomes_markdown() -> None:
    told = rendered("markdown", hostile())
    line = next(line for line in told.splitlines() if line.startswith("- 🟣 line 18"))
    text = line.removeprefix("- 🟣 line 18: ").rpartition(" (")[0]
    assert not re.search(r"(?<!\\)[`*\[\]|]", text)
    assert "<b>" not in told
    assert "\x1b" not in told


def test_long_lists_are_cut_and_counted() -> None:
    skipped = tuple(MIXED.skipped[0]._replace(path=f"{number}/") for number in range(450))
    assert "and 250 more\n" in rendered("markdown", CLEAN._replace(skipped=skipped))


TOOL: dict[str, Any] = {
    "type": "object",
    "required": ["id", "name", "version", "vendor"],
    "properties": {"vendor": {"type": "object", "required": ["name"]}},
    "additionalProperties": {"type": "string", "minLength": 1},
}
TIME = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$"}
WORD = {"type": "string", "minLength": 1}
URL = {"type": "string", "pattern": "^https?://.+"}
SAST = {
    "type": "object",
    "required": ["scan", "version", "vulnerabilities"],
    "properties": {
        "version": {"pattern": r"^15\.\d+\.\d+$"},
        "scan": {
            "type": "object",
            "required": ["analyzer", "end_time", "scanner", "start_time", "status", "type"],
            "additionalProperties": False,
            "properties": {
                "analyzer": TOOL,
                "scanner": TOOL,
                "type": {"const": "sast"},
                "start_time": TIME,
                "end_time": TIME,
                "status": {"enum": ["success", "failure"]},
                "messages": {
                    "type": "array",
                    "items": {
                        "required": ["level", "value"],
                        "properties": {"level": {"enum": ["info", "warn", "fatal"]}, "value": WORD},
                    },
                },
            },
        },
        "vulnerabilities": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "identifiers", "location"],
                "additionalProperties": False,
                "properties": {
                    "id": WORD,
                    "name": {"type": "string", "maxLength": 255},
                    "description": {"type": "string", "maxLength": 1_048_576},
                    "severity": {"enum": ["Info", "Unknown", "Low", "Medium", "High", "Critical"]},
                    "solution": {"type": "string", "maxLength": 7000},
                    "identifiers": {
                        "type": "array",
                        "minItems": 1,
                        "items": {
                            "required": ["type", "name", "value"],
                            "properties": {"type": WORD, "name": WORD, "value": WORD, "url": URL},
                        },
                    },
                    "links": {"type": "array", "items": {"required": ["url"], "properties": {"url": URL}}},
                    "location": {
                        "type": "object",
                        "properties": {
                            "file": {"type": "string"},
                            "start_line": {"type": "number"},
                            "end_line": {"type": "number"},
                        },
                    },
                },
            },
        },
    },
}
"""What GitLab's own schema (security-report-schemas 15.0.2, sast-report-format.json) asks of the keys that are used."""

CODE_QUALITY = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": WORD,
            "check_name": WORD,
            "fingerprint": WORD,
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": r"^(?!\./)."},
                    "lines": {"required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}},
                },
            },
        },
    },
}
"""What https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format asks for."""


@pytest.mark.parametrize("report", [*REPORTS.values(), hostile("x"), many()], ids=[*REPORTS, "hostile", "many"])
@pytest.mark.parametrize(("format_", "schema"), [("gitlab-sast", SAST), ("gitlab-codequality", CODE_QUALITY)])
def test_gitlab_takes_it(format_: str, schema: dict[str, Any], report: Report) -> None:
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(rendered(format_, report)))


def test_gitlab_is_told_of_a_scan_that_is_not_complete() -> None:
    told = json.loads(rendered("gitlab-sast", MIXED._replace(started="2026-11-30T10:11:12")))
    assert (told["scan"]["status"], told["scan"]["start_time"]) == ("failure", "2026-11-30T10:11:12")
    assert told["scan"]["messages"][0] == {
        "level": "fatal",
        "value": "deploy/bröken #1.yaml: mapping values are not allowed here",
    }
    assert len(told["vulnerabilities"]) == len(MIXED.findings) - 1
    quality = json.loads(rendered("gitlab-codequality", MIXED))
    assert [one["check_name"] for one in quality].count("checker/problem") == 1


def test_scan_tells_when_it_began(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.env").write_text("A=1\n", encoding="utf-8")
    with pytest.raises(SystemExit):
        cli.main(["scan", "--format", "gitlab-sast=a.json"])
    started = json.loads(Path("a.json").read_bytes())["scan"]["start_time"]
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d", started)
