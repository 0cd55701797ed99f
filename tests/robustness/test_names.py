"""Tests that names and contents of files cannot write to a terminal or break a format."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.scans import POD

BIDI = "\u202egnp.\u2066x\u2069"
NAMES = (b"line\nend.yaml", b"tab\there.yaml", b"bell\x07\x1b[31m.yaml", f"{BIDI}.yaml".encode(), b"latin-\xe9.yaml")
HOSTILE = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec: {{containers: [{{name: '{BIDI}', image: i}}]}}\n"
SHOWN = {"\n", "\r"}


def unsafe(text: str) -> set[str]:
    """Return the characters that a terminal would act on, or that turn the direction of text."""
    return {character for character in text if unicodedata.category(character) in {"Cc", "Cf"}} - SHOWN


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return what the command writes in each format about files of hostile names and contents."""
    folder = tmp_path_factory.mktemp("names")
    for name in NAMES:
        (folder / os.fsdecode(name)).write_text(HOSTILE, encoding="utf-8")
    (folder / "z.yaml").write_text(POD, encoding="utf-8")
    out = tmp_path_factory.mktemp("reports")
    formats = [f"--format={name}={out / name}" for name in ("text", "json", "sarif")]
    command = [sys.executable, "-m", "checker", "scan", "--no-config", "--root", ".", *formats, "."]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    return {name: (out / name).read_text("utf-8") for name in ("text", "json", "sarif")}


def test_text_holds_nothing_that_a_terminal_acts_on(reports: dict[str, str]) -> None:
    assert unsafe(reports["text"]) == set()


def test_json_names_each_file_and_holds_its_findings(reports: dict[str, str]) -> None:
    found = json.loads(reports["json"])
    names = {name.decode("utf-8", "backslashreplace") for name in NAMES} | {"z.yaml"}
    assert {finding["path"] for finding in found["findings"]} == names
    assert {finding["path"] for finding in found["findings"] if finding["rule"] == "kubernetes/image-tag-missing"} == (
        names - {"z.yaml"}
    )


def test_sarif_names_each_file_as_the_other_formats_do(reports: dict[str, str]) -> None:
    (run,) = json.loads(reports["sarif"])["runs"]
    places = [result["locations"][0]["physicalLocation"]["artifactLocation"] for result in run["results"]]
    assert {place["uri"] for place in places} == {
        quote(name.decode("utf-8", "backslashreplace")) for name in (*NAMES, b"z.yaml")
    }
