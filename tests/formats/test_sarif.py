"""Holds the SARIF format to golden logs, to the OASIS schema and to what GitHub code scanning takes in."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from checker import resources
from checker.formats import Options, sarif
from checker.model import SEVERITIES
from checker.report import Report
from checker.text import Region
from tests.reports import CLEAN, MIXED, REPORTS

GOLDEN = Path(__file__).parent.parent / "golden"

ACCEPTED = {
    "SARIF2002": "messages name values; identifiers with arguments would repeat each rule's Rego in Python",
    "SARIF2003": "a scan reads files, not their history",
    "SARIF2005": "the project has no web site yet that an informationUri could name",
    "SARIF2006": "the validator cannot reach the addresses from everywhere",
    "SARIF2009": "ids are `<kind>/<rule>` as CodeQL's are, which code scanning users know",
    "SARIF2010": "snippets must be the file's text, and secrets in it must not be shown",
    "SARIF2011": "snippets must be the file's text, and secrets in it must not be shown",
    "SARIF2012": "a rule has one name, its id, and a help URI where its METADATA gives a reference",
    "SARIF2013": "the files lie in the repository",
}
"""What the validator advises and we leave, with the reason."""


def rendered(report: Report) -> str:
    return "".join(sarif.render(report, Options()))


def run_of(report: Report) -> dict[str, Any]:
    log = json.loads(rendered(report))
    run: dict[str, Any] = log["runs"][0]
    return run


@pytest.fixture
def validate(program: Callable[[str], Path], tmp_path: Path) -> Callable[[str], set[tuple[str, str]]]:
    """Return what GitHub's rules and the specification's say of a log: rule and level of each complaint."""
    multitool = program("sarif-multitool")

    def complaints(log: str) -> set[tuple[str, str]]:
        (tmp_path / "log.sarif").write_text(log, encoding="utf-8")
        # the npm program hands its arguments to a shell, unquoted
        kinds, levels = '"Sarif;Ghas"', '"Error;Warning;Note"'
        options = ["--rule-kind", kinds, "--level", levels, "--output", "answer.sarif", "--log", "ForceOverwrite"]
        subprocess.run([multitool, "validate", "log.sarif", *options], cwd=tmp_path, check=True, capture_output=True)
        run = json.loads((tmp_path / "answer.sarif").read_text(encoding="utf-8-sig"))["runs"][0]
        assert run["invocations"][0]["executionSuccessful"]
        return {(result["ruleId"], result.get("level", "warning")) for result in run["results"]}

    return complaints


@pytest.mark.parametrize("name", REPORTS)
def test_log_of_a_report_is_the_golden_one(name: str) -> None:
    assert rendered(REPORTS[name]) == (GOLDEN / f"{name}.sarif").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", REPORTS)
def test_log_is_valid_against_the_schema_of_the_standard(name: str) -> None:
    schema = json.loads((resources.SCHEMAS / "vendor" / "sarif-2.1.0.json").read_bytes())
    log = json.loads(rendered(REPORTS[name]))
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert [error.message for error in validator.iter_errors(log)] == []
    del log["runs"][0]["tool"]
    assert [error.message for error in validator.iter_errors(log)] == ["'tool' is a required property"]


@pytest.mark.parametrize("name", REPORTS)
def test_github_and_the_specification_accept_the_log(
    name: str, validate: Callable[[str], set[tuple[str, str]]]
) -> None:
    complaints = validate(rendered(REPORTS[name]))
    assert {(rule, level) for rule, level in complaints if rule not in ACCEPTED or level == "error"} == set()


def test_validator_complains_of_a_result_without_a_place(validate: Callable[[str], set[tuple[str, str]]]) -> None:
    log = json.loads(rendered(MIXED))
    del log["runs"][0]["results"][0]["locations"]
    assert {rule for rule, level in validate(json.dumps(log)) if level == "error"} == {"GH1015", "GH1017", "GH2012"}


def test_severity_sets_level_and_score_and_only_security_rules_have_a_score() -> None:
    hardening, resources_rule, _ = CLEAN.rules
    rules = tuple(rule._replace(severity=one) for rule in (hardening, resources_rule) for one in SEVERITIES)
    told = [
        (rule["defaultConfiguration"]["level"], rule["properties"].get("security-severity"), rule["properties"]["tags"])
        for rule in run_of(CLEAN._replace(rules=rules))["tool"]["driver"]["rules"]
    ]
    security = ["security", "hardening", "kubernetes", "pss/baseline", "pss/restricted", "cis-kubernetes/5.2.2"]
    assert told == [
        ("note", "2.0", security),
        ("warning", "5.5", security),
        ("error", "8.0", security),
        ("error", "9.5", security),
        ("note", None, ["resources", "kubernetes"]),
        ("warning", None, ["resources", "kubernetes"]),
        ("error", None, ["resources", "kubernetes"]),
        ("error", None, ["resources", "kubernetes"]),
    ]


def test_rule_has_no_more_tags_than_github_takes_in() -> None:
    rule = CLEAN.rules[0]._replace(frameworks={"many": tuple(str(number) for number in range(30))})
    tags = run_of(CLEAN._replace(rules=(rule,)))["tool"]["driver"]["rules"][0]["properties"]["tags"]
    assert tags == ["security", "hardening", "kubernetes", *(f"many/{number}" for number in range(17))]


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("deploy/bröken #1?.yaml", "deploy/br%C3%B6ken%20%231%3F.yaml"),
        ("a:b.yaml", "a%3Ab.yaml"),
        ("100%.env", "100%25.env"),
        ("漢字/\udcff", "%E6%BC%A2%E5%AD%97/%FF"),
    ],
)
def test_path_becomes_a_relative_uri(path: str, uri: str) -> None:
    report = MIXED._replace(findings=(MIXED.findings[0]._replace(path=path),))
    assert run_of(report)["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_every_result_has_a_region_of_an_artifact_of_the_run() -> None:
    run = run_of(MIXED)
    for result in run["results"]:
        place = result["locations"][0]["physicalLocation"]
        artifact = place["artifactLocation"]
        assert run["artifacts"][artifact["index"]]["location"]["uri"] == artifact["uri"]
        assert place["region"].keys() == {"startLine", "startColumn", "endLine", "endColumn"}


def test_message_is_a_sentence_in_which_no_link_hides() -> None:
    messages = ["is bad", "is it bad?", "see [this](1)", "has args[0] (none)"]
    report = MIXED._replace(findings=tuple(MIXED.findings[0]._replace(message=message) for message in messages))
    assert [result["message"]["text"] for result in run_of(report)["results"]] == [
        "is bad.",
        "is it bad?",
        "see \\[this](1).",
        "has args[0] (none).",
    ]


def test_no_result_has_suppressions_where_none_is_suppressed() -> None:
    report = MIXED._replace(findings=MIXED.findings[:1])
    assert "suppressions" not in run_of(report)["results"][0]


def test_run_failed_where_unrendered_files_count() -> None:
    report = MIXED._replace(problems=(), fail_on_unrendered=True)
    invocation = run_of(report)["invocations"][0]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 2)


def test_place_without_characters_keeps_its_line_and_column() -> None:
    report = MIXED._replace(findings=(MIXED.findings[0]._replace(region=Region(3, 1, 3, 1), logical=""),))
    location = run_of(report)["results"][0]["locations"][0]
    assert location["physicalLocation"]["region"] == {"startLine": 3, "startColumn": 1, "endLine": 3, "endColumn": 1}
    assert "logicalLocations" not in location
