"""Tests that what the pages tell people to do works as they say."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILE = re.compile(r"^`(?P<path>[^`\n]+)`:\n\n```\w+\n(?P<content>.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.+)$", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)(?:#[^)]*)?\)")


def files(page: str) -> Iterator[tuple[str, str]]:
    """Yield the files that a page gives: a line with the path, then a block with the content."""
    for match in FILE.finditer(page):
        yield match["path"], match["content"]


def test_following_the_page_on_rules_makes_a_rule_that_finds_the_line(
    tmp_path: Path, program: Callable[[str], Path]
) -> None:
    page = (ROOT / "docs" / "rules.md").read_text("utf-8")
    for path, content in files(page):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content, "utf-8")
    (command,) = COMMAND.findall(page)
    environment = os.environ | {"PATH": f"{program('opa').parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    arguments = [sys.executable, "-m", *command.split(), "--format", "json"]
    done = subprocess.run(arguments, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    found = [one for one in json.loads(done.stdout)["findings"] if one["rule"] == "kubernetes/external-address-claimed"]
    assert [(one["path"], one["region"]["start_line"], one["message"]) for one in found] == [
        ("service.yaml", 7, "Service claims the address 203.0.113.7")
    ]
    tests = subprocess.run(
        [program("opa"), "test", str(tmp_path / "policies"), str(ROOT / "policies" / "lib")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert tests.returncode == 0, tests.stdout


def test_every_link_between_pages_leads_somewhere() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "policies").rglob("README.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in LINK.findall(page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_the_picture_in_the_readme_is_of_todays_report() -> None:
    command = [sys.executable, "tools/picture.py", "--check"]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0, "run tools/picture.py"
