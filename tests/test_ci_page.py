"""Follows the page about pipelines word for word in a repository that never saw this program."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import yaml

from tests.upload.fake_github import ACCEPTED, COMPLETE, TOKEN, serving

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")
WALK = PAGE.split("\n## From nothing to a gate\n")[1].split("\n## ")[0]
STEP = re.compile(
    r"^\$ (?P<command>.+?)$|^`(?P<file>[^`\n]+)`:\n\n```yaml\n(?P<content>.*?)^```$"
    r"|^```yaml\n(?P<line> +privileged: [^\n]*)\n```$",
    re.MULTILINE | re.DOTALL,
)
CODES = [0, 1, 0, 0, 0, 1, 0, 0, 0]
"""What each command of the walk exits with."""


def test_page_leads_from_nothing_to_a_gate(tmp_path: Path, installed: Path) -> None:
    repository = Path(shutil.copytree(ROOT / "fixtures" / "projects" / "go-service", tmp_path / "service"))
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("GIT", "CI"))}
    environment |= {
        "PATH": f"{installed}:{environment['PATH']}",
        "PIP_FIND_LINKS": str(installed.parent.parent / "links"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "GITHUB_TOKEN": TOKEN,
        "GITHUB_REPOSITORY": "owner/name",
    }

    def run(command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", command], cwd=repository, env=environment, capture_output=True, text=True, check=False
        )

    identity = "-c user.name=ana -c user.email=ana@example.com -c commit.gpgsign=false"
    assert run(f"git init -qb main && git add -A && git {identity} commit -qm Begin").returncode == 0
    told: list[subprocess.CompletedProcess[str]] = []
    with serving([ACCEPTED, COMPLETE]) as github:
        environment["GITHUB_API_URL"] = github.url
        for step in STEP.finditer(WALK):
            if step["command"]:
                told.append(run(step["command"]))
                continue
            file = repository / (step["file"] or "deploy/debug.yaml")
            old = file.read_text() if file.exists() else ""
            file.write_text(step["content"] or re.sub(r"^ +privileged: .*$", step["line"], old, flags=re.MULTILINE))
    assert [one.returncode for one in told] == CODES, [one.stderr for one in told]
    assert "kubernetes/privileged" in told[5].stdout
    assert "Failed: 1 finding (1 high)" in told[5].stdout
    assert "the on-call shell, see ticket 31, platform, until" in " ".join(told[6].stdout.split())
    results = json.loads((repository / "checker.sarif").read_bytes())["runs"][0]["results"]
    assert [one["ruleId"] for one in results if one["suppressions"]] == ["kubernetes/privileged"]
    assert {one["baselineState"] for one in results if not one["suppressions"]} == {"unchanged"}
    assert "1 suppressed result is left out" in told[7].stderr
    assert (repository / "checker.html").read_text().startswith("<!DOCTYPE html>")


def test_inputs_of_the_page_are_those_of_the_action() -> None:
    section = PAGE.split("\n## GitHub Actions\n")[1].split("\n## ")[0]
    rows = dict(re.findall(r"^\| `([\w-]+)` \| (?:`([^`]*)`)?.*\|$", section, re.MULTILINE))
    inputs = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
    assert rows.keys() == inputs.keys()
    unsaid = {"token", "python"}
    assert {name: text for name, text in rows.items() if name not in unsaid} == {
        name: one["default"] for name, one in inputs.items() if name not in unsaid
    }


def test_hooks_of_the_page_are_there() -> None:
    hooks = {one["id"] for one in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    section = PAGE.split("\n## pre-commit\n")[1].split("\n## ")[0]
    assert set(re.findall(r"\bchecker-files\b|(?<=id: )[\w-]+", section)) == hooks
