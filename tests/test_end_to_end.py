"""Tests whole scans, from the command line to the exit code."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft202012Validator

from checker.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent

ROLE = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: shop}
rules:
  - {apiGroups: [""], resources: [pods], verbs: [%s]}
"""


def scan(folder: Path, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "checker", "scan", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, check=False, cwd=folder, input=stdin, capture_output=True, env=environment)


def report(folder: Path, *arguments: str, stdin: bytes = b"") -> dict[str, Any]:
    told: dict[str, Any] = json.loads(scan(folder, *arguments, "--format", "json", stdin=stdin).stdout)
    return told


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Return a git work tree with one manifest that grants too much, in a folder with a telling name."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8")
    folder = tmp_path / "röles #1"
    folder.mkdir()
    (folder / "reader.yaml").write_text(ROLE % '"*"', encoding="utf-8")
    return tmp_path


def test_exit_codes_tell_found_clean_broken_and_empty_apart(shop: Path) -> None:
    manifest = shop / "röles #1" / "reader.yaml"
    assert scan(shop).returncode == 1
    assert scan(shop, "--fail-on", "critical").returncode == 0
    manifest.write_text(ROLE % "get", encoding="utf-8")
    assert scan(shop).returncode == 0
    manifest.write_text(ROLE % "get" + "rules: []\n", encoding="utf-8")
    assert scan(shop).returncode == 2
    manifest.unlink()
    assert scan(shop).returncode == 3
    assert scan(shop, "missing").returncode == 2


def test_paths_are_relative_to_the_work_tree_and_text_shows_them_as_given(shop: Path) -> None:
    folder = shop / "röles #1"
    assert scan(folder, "reader.yaml").stdout.decode().startswith("reader.yaml\n\n  5:50 high: ")
    assert scan(folder, "../röles #1").stdout.decode().startswith("../röles #1/reader.yaml\n\n")
    assert [one["path"] for one in report(folder)["findings"]] == ["röles #1/reader.yaml"]
    assert [one["path"] for one in report(folder, "--root", ".")["findings"]] == ["reader.yaml"]
    sarif = json.loads(scan(folder, "--format", "sarif").stdout)
    place = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "r%C3%B6les%20%231/reader.yaml"


def test_standard_input_gives_the_findings_of_the_same_file(shop: Path) -> None:
    manifest = shop / "röles #1" / "reader.yaml"
    from_file = report(shop)["findings"]
    from_input = report(shop, "-", "--stdin-name", "röles #1/reader.yaml", stdin=manifest.read_bytes())["findings"]
    assert from_input == from_file
    with_kind = report(shop, "-", "--kind", "kubernetes", stdin=manifest.read_bytes())["findings"]
    assert [one["path"] for one in with_kind] == ["stdin"]


def test_configuration_of_the_work_tree_holds_in_its_folders(shop: Path) -> None:
    (shop / ".checker.yaml").write_text(
        "severity: {kubernetes/role-wildcard: low}\nfail-on: medium\n", encoding="utf-8"
    )
    weighed = report(shop / "röles #1")
    assert [(one["severity"], one["counts"]) for one in weighed["findings"]] == [("low", False)]
    assert weighed["exit_code"] == 0
    (shop / ".checker.yaml").write_text("ignore: kubernetes/role-wildcrd\n", encoding="utf-8")
    failed = scan(shop / "röles #1")
    nearest = "did you mean `kubernetes/role-wildcard`?"
    told = f"checker: ../.checker.yaml:1: no rule matches `kubernetes/role-wildcrd`: {nearest}\n"
    assert (failed.returncode, failed.stdout, failed.stderr.decode()) == (2, b"", told)


def test_any_number_of_workers_gives_the_same_bytes() -> None:
    project = ROOT / "fixtures" / "projects" / "go-service"
    assert scan(project, "--format", "json", "--jobs", "1").stdout == scan(project, "--format", "json").stdout


def test_every_result_of_a_project_is_in_a_line_of_an_existing_file(tmp_path: Path) -> None:
    project = shutil.copytree(ROOT / "fixtures" / "projects" / "go-service", tmp_path / "go-service")
    run = json.loads(scan(project, "--profile", "strict", "--format", "sarif").stdout)["runs"][0]
    assert run["results"]
    for result in run["results"]:
        place = result["locations"][0]["physicalLocation"]
        text = Text.decode((project / unquote(place["artifactLocation"]["uri"])).read_bytes())
        region = place["region"]
        assert 1 <= region["startLine"] <= region["endLine"] <= text.line_count
        width = len(text.line(region["endLine"]).encode("utf-16-le")) // 2
        assert region["startColumn"] >= 1
        assert region["endColumn"] <= width + 1
    hashes = [result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]]
    assert len(set(hashes)) == len(hashes)


def test_secrets_of_a_project_are_in_no_output(shop: Path) -> None:
    secret = "k7Wq9zL2mXpR4t"
    (shop / ".env").write_text(f"DB_PASSWORD={secret}\nDSN='postgres://shop:{secret}@db/shop'\n", encoding="utf-8")
    assert [one["rule"] for one in report(shop)["findings"]].count("env/secret-value") == 2
    for name in ("text", "json", "sarif"):
        told = scan(shop, "--profile", "strict", "--format", name)
        assert secret not in told.stdout.decode() + told.stderr.decode()


def test_log_of_a_project_is_accepted_by_github_and_the_specification(
    tmp_path: Path, program: Callable[[str], Path]
) -> None:
    project = ROOT / "fixtures" / "projects" / "go-service"
    scan(project, "--profile", "strict", "--format", f"sarif={tmp_path / 'log.sarif'}")
    options = ["--rule-kind", '"Sarif;Ghas"', "--level", '"Error"', "--output", "answer.sarif"]
    multitool = program("sarif-multitool")
    subprocess.run([multitool, "validate", "log.sarif", *options], cwd=tmp_path, check=True, capture_output=True)
    run = json.loads((tmp_path / "answer.sarif").read_text("utf-8-sig"))["runs"][0]
    assert (run["invocations"][0]["executionSuccessful"], run["results"]) == (True, [])


def test_rules_listed_for_machines_have_the_shape_of_those_in_reports() -> None:
    schema = json.loads((ROOT / "schemas" / "report.json").read_bytes())
    listed = json.loads(commands_output("rules", "--format", "json"))
    validator = Draft202012Validator({**schema["$defs"]["rule"], "$defs": schema["$defs"]})
    assert [error.message for rule in listed for error in validator.iter_errors(rule)] == []
    assert commands_output("rules").count("\n") == len(listed)


def commands_output(*arguments: str) -> str:
    command = [sys.executable, "-m", "checker", *arguments]
    return subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True).stdout


def test_every_rule_is_explained_by_its_page() -> None:
    name = commands_output("rules").split()[0]
    assert commands_output("explain", name) == (ROOT / "policies" / name / "README.md").read_text("utf-8")
