"""Tests that the pages about output and configuration tell what the program does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from checker import cli, commands
from checker.arguments import parser
from checker.config import ModeEntry
from tools import reference

if TYPE_CHECKING:
    from checker.request import ScanRequest

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
OUTPUT = (DOCS / "output.md").read_text("utf-8")
CONFIGURATION = (DOCS / "configuration.md").read_text("utf-8")


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def block(page: str, beginning: str) -> str:
    """Return the fenced block of a page that begins with a text."""
    blocks = re.findall(r"^```\w+\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    return str(next(one for one in blocks if one.startswith(beginning)))


def run(*arguments: str) -> int | str | None:
    with pytest.raises(SystemExit) as exit_:
        cli.main(arguments)
    return exit_.value.code


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda page: page.name)
def test_tables_tell_what_the_schemas_say(page: Path) -> None:
    text = page.read_text("utf-8")
    assert reference.rewritten(text) == text


def test_table_that_differs_from_its_schema_is_noticed() -> None:
    wrong = OUTPUT.replace("Counted from 1.", "Counted from 0.")
    assert wrong != OUTPUT
    assert reference.rewritten(wrong) == OUTPUT


def test_text_of_the_example_is_what_a_scan_prints(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    Path("role.yaml").write_text(block(OUTPUT, "apiVersion:"), encoding="utf-8")
    command, _, expected = block(OUTPUT, "$ checker scan role.yaml").partition("\n")
    assert run(*command.split()[2:]) == 1
    printed = capfdbinary.readouterr().out.decode()
    assert re.sub(r"\d+ rules", "60 rules", printed) == expected


def test_finding_of_the_example_is_what_a_scan_tells_machines(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    Path("role.yaml").write_text(block(OUTPUT, "apiVersion:"), encoding="utf-8")
    assert run("scan", "role.yaml", "--format", "json") == 1
    assert json.loads(capfdbinary.readouterr().out)["findings"] == [json.loads(block(OUTPUT, "{"))]


def request() -> ScanRequest:
    from io import BytesIO

    return commands.request(parser().parse_args(["scan"]), BytesIO())


def test_configuration_of_the_example_is_valid() -> None:
    example = block(CONFIGURATION, "# .checker.yaml")
    Path(".checker.yaml").write_text(example, encoding="utf-8")
    keys = set(re.findall(r"^([\w-]+):", example, re.MULTILINE))
    assert request().settings.fail_on == "medium"
    assert keys == set(json.loads((ROOT / "schemas" / "config.json").read_bytes())["properties"])


def test_modes_of_the_example_are_read_in_their_order() -> None:
    Path(".checker.yaml").write_text(block(CONFIGURATION, "# first match decides"), encoding="utf-8")
    assert request().settings.admission.modes == (
        ModeEntry("deny", rules=("kubernetes/secret-in-environment",)),
        ModeEntry("warn", ("high", "critical"), namespaces=("ci-*", "sandbox-*")),
        ModeEntry("warn", ("low",), profiles=("strict",)),
        ModeEntry("ignore", rules=("*/image-tag-*",)),
    )


def test_error_of_the_example_is_what_a_scan_prints(capsys: pytest.CaptureFixture[str]) -> None:
    example = block(CONFIGURATION, "# .checker.yaml").replace("select:", "selct:")
    Path(".checker.yaml").write_text(example, encoding="utf-8")
    assert run("scan") == 2
    assert f"$ checker scan\n{capsys.readouterr().err}" == block(CONFIGURATION, "$ checker scan\n")
