"""Tests that debugging measures each rule and changes no verdict."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from checker import cli
from tests.scans import POD


def test_debug_tells_how_long_each_rule_took(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.yaml", "b.yaml"):
        Path(name).write_text(POD, encoding="utf-8")
    answers = []
    for options in ((), ("--debug",)):
        with pytest.raises(SystemExit) as exit_:
            cli.main(["scan", "--format", "json", *options])
        answers.append((exit_.value.code, capfd.readouterr()))
    (code, plain), (debug_code, debug) = answers
    assert (debug_code, debug.out) == (code, plain.out)
    lines = debug.err.splitlines()
    assert all(re.fullmatch(r" +\d+\.\d{3} s  [a-z]+/[a-z0-9-]+ \(\d+ documents\)", line) for line in lines)
    assert sum("(2 documents)" in line and " kubernetes/" in line for line in lines) > 15
    assert any("project/env-key-missing (1 documents)" in line for line in lines)
    seconds = [float(line.split()[0]) for line in lines]
    assert seconds == sorted(seconds, reverse=True)
