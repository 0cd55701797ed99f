"""Holds the JSON format to golden reports and to its own schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from checker import resources
from checker.formats import Options
from checker.formats import json as json_format
from tests.reports import BROKEN, CLEAN, EMPTY, MIXED, REPORTS

if TYPE_CHECKING:
    from checker.report import Report

GOLDEN = Path(__file__).parent.parent / "golden"


def rendered(report: Report) -> str:
    return "".join(json_format.render(report, Options()))


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json.loads((resources.SCHEMAS / "report.json").read_bytes())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("name", REPORTS)
def test_object_of_a_report_is_the_golden_one(name: str) -> None:
    assert rendered(REPORTS[name]) == (GOLDEN / f"{name}.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", REPORTS)
def test_object_is_valid_against_its_schema(name: str, validator: Draft202012Validator) -> None:
    report = json.loads(rendered(REPORTS[name]))
    assert [error.message for error in validator.iter_errors(report)] == []
    assert [error.message for error in validator.iter_errors(report | {"surprise": 1})] == [
        "Additional properties are not allowed ('surprise' was unexpected)"
    ]
    assert [error.message for error in validator.iter_errors(report | {"schema_version": "2.0"})] == [
        "'1.1' was expected"
    ]


def test_verdict_says_what_the_exit_code_means() -> None:
    failed = MIXED._replace(problems=())
    reports = [CLEAN, failed, failed._replace(fail_on="never"), BROKEN, EMPTY]
    told = [json.loads(rendered(report)) for report in reports]
    assert [(report["exit_code"], report["verdict"]) for report in told] == [
        (0, "passed"),
        (1, "failed"),
        (0, "passed"),
        (2, "incomplete"),
        (3, "nothing-checked"),
    ]
