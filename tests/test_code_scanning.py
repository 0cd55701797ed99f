"""Tests what of a log GitHub is sent."""

from __future__ import annotations

import copy
import gzip
import json
import random
from typing import Any

import pytest

from checker import code_scanning
from checker.errors import CheckerError
from checker.formats import Options, sarif
from tests.reports import REPORTS

RULES = [
    {"id": "a", "defaultConfiguration": {"level": "error"}, "properties": {"security-severity": "9.5"}},
    {"id": "b", "defaultConfiguration": {"level": "error"}, "properties": {"security-severity": "8.0"}},
    {"id": "c", "defaultConfiguration": {"level": "note"}},
    {"id": "d"},
]


def result(rule: str, path: str = "f", line: int = 1, **more: object) -> dict[str, Any]:
    place = {"artifactLocation": {"uri": path}, "region": {"startLine": line}}
    return {"ruleId": rule, "locations": [{"physicalLocation": place}], **more}


def log_of(*runs: list[dict[str, Any]]) -> dict[str, Any]:
    driver = {"name": "checker", "rules": RULES}
    return {"version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results} for results in runs]}


def sent(log: dict[str, Any]) -> list[list[tuple[str, str, int]]]:
    """Return rule, path and line of the results that are sent, a list a run."""
    before = copy.deepcopy(log)
    fitting, _ = code_scanning.prepared(log)
    assert log == before
    places = [[(one, one["locations"][0]["physicalLocation"]) for one in run["results"]] for run in fitting["runs"]]
    return [
        [(one["ruleId"], place["artifactLocation"]["uri"], place["region"]["startLine"]) for one, place in run]
        for run in places
    ]


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_scanning, "RESULTS", 3)
    monkeypatch.setattr(code_scanning, "SHOWN", 2)
    monkeypatch.setattr(code_scanning, "RUNS", 2)


@pytest.mark.parametrize("name", REPORTS)
def test_log_of_a_report_is_sent_without_what_is_suppressed_and_otherwise_as_it_is(name: str) -> None:
    log = json.loads("".join(sarif.render(REPORTS[name], Options())))
    before = copy.deepcopy(log)
    fitting, told = code_scanning.prepared(log)
    assert log == before
    suppressed = [one for one in log["runs"][0]["results"] if one.get("suppressions")]
    assert len(told) == bool(suppressed)
    for one in suppressed:
        log["runs"][0]["results"].remove(one)
    assert fitting == log


def test_suppression_counts_only_once_all_of_a_result_are_accepted() -> None:
    accepted, review = {"kind": "inSource"}, {"kind": "external", "status": "underReview"}
    log = log_of(
        [
            result("a", line=1, suppressions=[]),
            result("a", line=2, suppressions=[accepted]),
            result("a", line=3, suppressions=[accepted, review]),
            result("a", line=4, suppressions=[{"kind": "external", "status": "accepted"}]),
            result("a", line=5),
        ]
    )
    assert sent(log) == [[("a", "f", 1), ("a", "f", 3), ("a", "f", 5)]]
    assert code_scanning.prepared(log)[1] == [
        "2 suppressed results are left out: GitHub would open alerts for them",
    ]


def test_one_suppressed_result_is_told_in_the_singular() -> None:
    log = log_of([result("a", suppressions=[{"kind": "inSource"}])])
    assert code_scanning.prepared(log)[1] == ["1 suppressed result is left out: GitHub would open alerts for them"]


@pytest.mark.usefixtures("limits")
def test_least_severe_results_are_left_out_and_the_order_stays() -> None:
    results = [result("c"), result("b"), result("d"), result("a", "z"), result("c", level="error"), result("b", "e")]
    assert sent(log_of(results)) == [[("b", "f", 1), ("a", "z", 1), ("b", "e", 1)]]
    assert code_scanning.prepared(log_of(results))[1] == [
        "GitHub shows 2 of the 3 results, the most severe ones",
        "3 of 6 results are left out, the least severe ones: GitHub takes 3 of a run",
    ]


@pytest.mark.usefixtures("limits")
def test_of_equally_severe_results_the_last_by_path_and_line_are_left_out() -> None:
    results = [result("a", "b", 2), result("a", "b", 1), result("a", "c", 1), result("a", "a", 9)]
    assert sent(log_of(results)) == [[("a", "b", 2), ("a", "b", 1), ("a", "a", 9)]]


@pytest.mark.usefixtures("limits")
def test_rule_is_found_by_its_index_as_well_and_one_that_is_not_there_is_a_warning() -> None:
    by_index = {"ruleIndex": 0, "locations": result("a")["locations"], "ruleId": "?"}
    nameless = {"message": {"text": "no rule, no place"}, "level": "none"}
    results = [result("c"), result("x"), by_index, nameless, result("d")]
    fitting, _ = code_scanning.prepared(log_of(results))
    assert fitting["runs"][0]["results"] == [results[1], results[2], results[4]]


@pytest.mark.usefixtures("limits")
def test_runs_that_are_too_many_are_left_out() -> None:
    log = log_of([result("a")], [result("b")], [result("c")], [])
    assert sent(log) == [[("a", "f", 1)], [("b", "f", 1)]]
    assert code_scanning.prepared(log)[1] == ["2 of 4 runs are left out, the last ones: GitHub takes 2 of a file"]


def test_compressed_size_decides_what_of_all_runs_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = random.Random(1)  # noqa: S311 - text that cannot be compressed
    runs = [
        [result(rule, f"{number:03}", message={"text": noise.randbytes(200).hex()}) for number in range(50)]
        for rule in ("c", "a")
    ]
    log = log_of(*runs)
    whole = len(code_scanning.packed(log))
    monkeypatch.setattr(code_scanning, "SIZE", whole * 3 // 4)
    fitting, told = code_scanning.prepared(log)
    notes, errors = (run["results"] for run in fitting["runs"])
    assert errors == runs[1]
    assert notes == runs[0][: len(notes)]
    assert told == [
        f"{50 - len(notes)} of 100 results are left out, the least severe ones: GitHub takes 0 MB, compressed"
    ]
    assert len(code_scanning.packed(fitting)) <= code_scanning.SIZE
    fitting["runs"][0]["results"].append(runs[0][len(notes)])
    assert len(code_scanning.packed(fitting)) > code_scanning.SIZE


def test_log_that_is_too_large_without_results_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_scanning, "SIZE", 20)
    with pytest.raises(CheckerError, match="is larger than the 0 MB that GitHub takes in, even compressed and without"):
        code_scanning.prepared(log_of([result("a")]))


def test_twenty_five_thousand_results_are_sent_as_they_are() -> None:
    log = log_of([result("a", line=number) for number in range(25_000)])
    assert code_scanning.prepared(log) == (log, ["GitHub shows 5,000 of the 25,000 results, the most severe ones"])


def test_category_replaces_that_of_every_run() -> None:
    log = log_of([], [])
    log["runs"][0]["automationDetails"] = {"id": "checker/", "guid": "g"}
    before = copy.deepcopy(log)
    told = [
        [run["automationDetails"] for run in code_scanning.prepared(log, category)[0]["runs"]]
        for category in ("deploy", "deploy/", "a/b")
    ]
    assert told == [[{"id": f"{name}/", "guid": "g"}, {"id": f"{name}/"}] for name in ("deploy", "deploy", "a/b")]
    assert log == before


@pytest.mark.parametrize(
    "log", [None, [], {}, {"runs": 1}, {"runs": [1]}, {"runs": [{"results": [1]}]}, {"runs": [{}]}, {"runs": [None]}]
)
def test_what_is_no_log_is_refused(log: object) -> None:
    with pytest.raises(CheckerError, match=r"^is no SARIF$"):
        code_scanning.prepared(log)


def test_log_without_runs_is_refused() -> None:
    with pytest.raises(CheckerError, match=r"^has no runs$"):
        code_scanning.prepared({"runs": []})


def test_packed_log_is_the_log_and_is_the_same_each_time() -> None:
    log = log_of([result("a", "ä\udcff")])
    assert json.loads(gzip.decompress(code_scanning.packed(log))) == log
    assert code_scanning.packed(log) == code_scanning.packed(copy.deepcopy(log))
