"""Tests that what the page about waivers and baselines tells people to write works as it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from checker import cli
from checker.arguments import parser
from tests.waivers.test_waivers import notices, scanned, suppressed

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = (Path(__file__).parent.parent / "docs" / "waivers.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def file(name: str) -> str:
    """Return the block that begins with a file's name."""
    return str(next(text for language, text in BLOCKS if language == "yaml" and text.startswith(f"# {name}\n")))


def commands() -> Iterator[list[str]]:
    for language, text in BLOCKS:
        if language == "console":
            yield from (line.split()[2:] for line in text.splitlines() if line.startswith("$ checker "))


def test_comments_and_annotations_of_the_page_accept_what_they_say(tmp_path: Path) -> None:
    web = scanned(tmp_path, "web.yaml", file("web.yaml"))
    assert suppressed(web) == [("kubernetes/host-namespace-shared", 7), ("kubernetes/privileged", 13)]
    assert notices(web) == []
    (tmp_path / "web.yaml").unlink()
    agent = scanned(tmp_path, "agent.yaml", file("annotated.yaml"))
    assert suppressed(agent) == [("kubernetes/host-namespace-shared", 11), ("kubernetes/privileged", 16)]
    assert notices(agent) == []


def test_file_of_waivers_of_the_page_is_read(tmp_path: Path) -> None:
    waivers = tmp_path / ".checker-waivers.yaml"
    waivers.write_text(file(".checker-waivers.yaml"), encoding="utf-8")
    (tmp_path / "examples").mkdir()
    env = "DATABASE_URL=postgres://localhost/shop\nDEBUG=true\n"
    report = scanned(tmp_path, "examples/production.env", env, waivers=waivers)
    assert suppressed(report) == [("env/localhost-in-production", 1), ("env/debug-in-production", 2)]
    assert notices(report) == [(3, "the waiver of kubernetes/host-path-mounted accepts nothing: remove it")]


def test_commands_of_the_page_run_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("web.yaml").write_text(file("web.yaml"), encoding="utf-8")
    Path(".checker.yaml").write_text(file(".checker.yaml"), encoding="utf-8")
    codes = []
    for command in commands():
        with pytest.raises(SystemExit) as exit_:
            cli.main(command)
        codes.append(exit_.value.code)
    assert codes == [0, 0]


def test_options_that_the_page_names_are_there() -> None:
    options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", PAGE))
    assert options == {"--waivers", "--no-waivers", "--import-ignores", "--baseline", "--since"}
    parser().parse_args(["scan", "--waivers", "f", "--since", "main", "--import-ignores"])
    parser().parse_args(["diff", "BEFORE.sarif", "AFTER.sarif"])
