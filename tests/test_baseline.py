"""Tests what counts as known, new and fixed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from checker import baseline, resources
from checker.baseline import Comparison, Entry
from checker.errors import CheckerError
from checker.report import Fixed, Scanned
from tests.reports import CLEAN, MEMORY, MIXED, PRIVILEGED, REPORTS, finding
from tests.reports import COMPARED as REPORT

if TYPE_CHECKING:
    from pathlib import Path

    from checker.model import Finding
    from checker.report import Report


def found(path: str = "a.yaml", fingerprint: str = "a:1", identity: str = "v1/Pod//a") -> Finding:
    return finding(MEMORY, 1, "no limit", CLEAN_FRAME, path=path, fingerprint=fingerprint, identity=identity)


CLEAN_FRAME = REPORT.findings[0].frame


def report(*findings: Finding) -> Report:
    scanned = tuple(Scanned(path, "kubernetes", 1, 9) for path in sorted({"a.yaml", *(one.path for one in findings)}))
    return CLEAN._replace(findings=findings, scanned=scanned)


def entry(path: str = "a.yaml", fingerprint: str = "a:1", resource: str = "v1/Pod//a", rule: str = MEMORY.id) -> Entry:
    return Entry(fingerprint, rule, path, resource, "spec.containers[name=api]", "no limit")


@pytest.mark.parametrize("name", REPORTS)
def test_baseline_of_a_report_has_its_shape_and_makes_all_of_it_known(name: str, tmp_path: Path) -> None:
    file = tmp_path / "b.json"
    file.write_text("".join(baseline.written(REPORTS[name])), encoding="utf-8")
    schema = json.loads((resources.SCHEMAS / "baseline.json").read_bytes())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(file.read_bytes()))
    entries = baseline.read(file)
    assert entries == baseline.entries(REPORTS[name])
    unlike = [one._replace(fingerprint=f"{number}:1") for number, one in enumerate(REPORTS[name].findings)]
    alike = REPORTS[name]._replace(findings=tuple(unlike))
    again = Comparison("b.json", baseline.entries(alike), lambda _: True).apply(alike)
    assert [one.is_known for one in again.findings] == [one.suppression is None for one in unlike]
    assert (again.fixed, again.compared) == ((), "b.json")


def test_what_a_waiver_accepts_is_no_part_of_a_baseline() -> None:
    assert len(baseline.entries(MIXED)) == len(MIXED.findings) - 1


def test_new_known_and_fixed_findings_are_told_apart() -> None:
    gone = entry(fingerprint="gone:1")
    compared = Comparison("b", [entry(), gone], lambda _: True).apply(report(found(), found(fingerprint="new:1")))
    assert [one.is_known for one in compared.findings] == [True, False]
    assert compared.fixed == (Fixed(MEMORY.id, "a.yaml", "no limit", "gone:1"),)
    assert compared.exit_code == 1


@pytest.mark.parametrize(
    ("gone", "exists"),
    [
        (entry("elsewhere.yaml"), True),
        (entry(rule="kubernetes/not-selected"), True),
    ],
)
def test_what_the_scan_did_not_look_for_is_not_fixed(gone: Entry, *, exists: bool) -> None:
    assert Comparison("b", [gone], lambda _: exists).apply(report()).fixed == ()


def test_what_was_in_a_file_that_is_gone_is_fixed() -> None:
    assert len(Comparison("b", [entry("elsewhere.yaml")], lambda _: False).apply(report()).fixed) == 1


@pytest.mark.parametrize(
    ("before", "now", "exists", "is_known"),
    [
        (entry("old/a.yaml", "old:1"), found("new/b.yaml", "new:1"), False, True),
        (entry("old/a.yaml", "old:1"), found("new/b.yaml", "new:1"), True, False),
        (entry("old/Dockerfile", "old:1", ""), found("new/Dockerfile", "new:1", ""), False, True),
        (entry("old/Dockerfile", "old:1", ""), found("new/b.Dockerfile", "new:1", ""), False, False),
        (entry("old/a.yaml", "old:1", "v1/Pod//b"), found("new/b.yaml", "new:1"), False, False),
        (entry("old/a.yaml", "old:1", rule=PRIVILEGED.id), found("new/b.yaml", "new:1"), False, False),
    ],
)
def test_file_that_is_gone_stands_for_the_same_elsewhere(
    before: Entry, now: Finding, *, exists: bool, is_known: bool
) -> None:
    compared = Comparison("b", [before], lambda _: exists).apply(report(now))
    assert compared.findings[0].is_known is is_known
    assert bool(compared.fixed) is not (is_known or exists)


def test_renames_that_git_tells_decide_where_they_are_known() -> None:
    before, now = entry("a.Dockerfile", "old:1", ""), found("b.Dockerfile", "new:1", "")
    for renames, is_known in (({"b.Dockerfile": "a.Dockerfile"}, True), ({"b.Dockerfile": "c"}, False), ({}, False)):
        compared = Comparison("b", [before], lambda _: False, renames).apply(report(now))
        assert compared.findings[0].is_known is is_known


def test_one_old_finding_stands_for_one_new_one() -> None:
    before = entry("old.yaml", "old:1")
    compared = Comparison("b", [before], lambda _: False).apply(report(found("x.yaml", "x:1"), found("y.yaml", "y:1")))
    assert [one.is_known for one in compared.findings] == [True, False]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "cannot be read: No such file or directory"),
        ("{", "is no JSON: write it with `checker baseline`"),
        ("[]", "is no baseline: "),
        ('{"schema_version": "1.0", "tool": {}, "findings": [{"rule": 1}]}', "is no baseline: "),
    ],
)
def test_what_is_no_baseline_is_an_error(tmp_path: Path, content: str | None, reason: str) -> None:
    file = tmp_path / "b.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(CheckerError) as error:
        baseline.read(file)
    assert str(error.value).startswith(f"{file}: {reason}")
