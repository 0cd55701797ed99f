"""Tests every rule on its own fixtures: what is found, at which line and column, with which message."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tools.expected import FIXTURES, KINDS, expectations

RULES = sorted(
    f"{kind}/{folder.name}" for kind in KINDS if (FIXTURES / kind).is_dir() for folder in (FIXTURES / kind).iterdir()
)


@cache
def found(kind: str) -> dict[str, list[str]]:
    return expectations(kind)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_finds_what_its_fixtures_expect(rule: str) -> None:
    kind, _, name = rule.partition("/")
    expected = (FIXTURES / rule / "expected.txt").read_text("utf-8").splitlines(keepends=True)
    assert found(kind)[name] == expected


@pytest.mark.parametrize("rule", RULES)
def test_every_fail_fixture_has_a_finding_and_no_pass_fixture_has_one(rule: str) -> None:
    cases = {path.name for path in (FIXTURES / rule).iterdir() if path.name != "expected.txt"}
    lines = (FIXTURES / rule / "expected.txt").read_text("utf-8").splitlines()
    named = {Path(line.partition(":")[0]).parts[0] for line in lines}
    assert named == {case for case in cases if case.startswith("fail_")}
    assert {case for case in cases if not case.startswith(("fail_", "pass_"))} == set()
    assert any(case.startswith("pass_") for case in cases)
