"""Tests that each broken file of fixtures/broken is told with its place and reason, and hides no other."""

from __future__ import annotations

from pathlib import Path

from tests.scans import scanned

BROKEN = Path(__file__).parent.parent.parent / "fixtures" / "broken"


def test_every_broken_file_is_told_with_place_and_reason() -> None:
    report = scanned(BROKEN)
    lines = []
    for problem in report.problems:
        region = problem.region
        place = "" if region is None else f":{region.start_line}:{region.start_column}"
        lines.append(f"{problem.path}{place}: {problem.reason}\n")
    expected = (BROKEN / "expected.txt").read_text("utf-8").splitlines(keepends=True)
    assert sorted(lines) == expected
    names = {path.name for path in BROKEN.iterdir()} - {"expected.txt"}
    assert {problem.path for problem in report.problems} == names
    assert report.exit_code == 2


def test_the_good_parts_of_a_broken_file_are_checked() -> None:
    found = {finding.path for finding in scanned(BROKEN).findings if finding.rule == "kubernetes/runs-as-root"}
    parts = ["duplicate_key", "infinite", "nul", "recursive", "tab", "unknown_alias"]
    parts += ["unterminated_flow", "unterminated_quote"]
    assert found == {f"{part}.yaml" for part in parts}
