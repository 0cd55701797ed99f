"""Holds the Dockerfile rules to the verdicts of trivy-checks' own examples, or to a reason for each that differs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from checker import bundles
from checker.config import Settings
from checker.engines.wasm import WasmEngine
from checker.request import ScanRequest
from checker.scan import scan

REASONS: Final[dict[str, str]] = json.loads(Path(__file__).with_name("labelled_dockerfile.json").read_text("utf-8"))


def cases(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "trivychecks.jsonl").read_text("utf-8").splitlines()
    return [case for case in map(json.loads, lines) if case["kind"] == "dockerfile"]


def verdicts(labelled: list[dict[str, Any]], root: Path) -> dict[str, str]:
    """Return by case whether a rule that names the case's control as its equivalent finds anything."""
    folders = {}
    for number, case in enumerate(labelled):
        folder = root / str(number)
        folder.mkdir()
        folders[f"{number}/Dockerfile"] = case["case_id"]
        (folder / "Dockerfile").write_text(case["input"], "utf-8")
    bundle = bundles.builtin()
    report = scan(
        ScanRequest(
            open_engine=lambda selection: WasmEngine(bundle, selection),
            catalog=bundle.catalog,
            paths=(str(root),),
            root=root,
            settings=Settings(profiles=("strict",)),
        ),
    )
    assert report.problems == ()
    controls = {rule.id: rule.equivalents.get("trivy", ()) for rule in report.rules}
    found = {(folders[finding.path], control) for finding in report.findings for control in controls[finding.rule]}
    return {case["case_id"]: "fail" if (case["case_id"], case["control"]) in found else "pass" for case in labelled}


def test_every_verdict_that_differs_has_a_reason(corpus: Callable[[str], Path], tmp_path: Path) -> None:
    labelled = cases(corpus("labelled"))
    ours = verdicts(labelled, tmp_path.resolve())
    differing = {case["case_id"] for case in labelled if ours[case["case_id"]] != case["verdict"]}
    assert differing == set(REASONS)


def test_the_corpus_holds_what_was_reviewed(corpus: Callable[[str], Path]) -> None:
    assert len(cases(corpus("labelled"))) == 45
