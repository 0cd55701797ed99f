"""Tests the command on hostile files with little memory: each is told, and what lies beside it is checked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scans import POD

ROOT = Path(__file__).parents[2]
BOMB = "a0: &a0 [x, x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
ENTITIES = (
    '<?xml version="1.0"?>\n<!DOCTYPE bom [<!ENTITY a "'
    + "x" * 1000
    + '">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(8))
    + ']>\n<bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="1">&i;</bom>\n'
)
MANIFEST = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: p}\n"
FILES = {
    "aliases.yaml": MANIFEST + BOMB,
    "brackets.yaml": MANIFEST + "data: " + "[" * 200_000,
    "brackets.json": '{"apiVersion": "v1", "kind": "Pod", "spec": ' + "[" * 200_000,
    "deep.cdx.json": '{"bomFormat": "CycloneDX", "specVersion": "1.5", "components": ' + "[" * 200_000,
    "deep.cdx.xml": '<bom xmlns="http://cyclonedx.org/schema/bom/1.5">' + "<a>" * 200_000,
    "entities.cdx.xml": ENTITIES,
    "large.env": "A=" + "x" * 2_000_000 + "\n",
    "Dockerfile": "FROM scratch\nARG A0=xxxxxxxxxx\n" + "".join(f"ARG A{n}={f'$A{n - 1}' * 10}\n" for n in range(1, 9)),
}
LIMITED = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_DATA, (512 * 2**20, 512 * 2**20))
sys.argv = ["checker", *sys.argv[1:]]
runpy.run_module("checker", run_name="__main__")
"""
"""The address space stays unlimited: WebAssembly reserves much of it and uses little."""


@pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_DATA counts all of a process's own memory on Linux only")
def test_hostile_files_cost_themselves_only(tmp_path: Path) -> None:
    for name, content in FILES.items():
        (tmp_path / name).write_text(content)
    os.mkfifo(tmp_path / "fifo.yaml")
    (tmp_path / "z.yaml").write_text(POD)
    command = [
        sys.executable,
        "-c",
        LIMITED,
        "scan",
        "--no-config",
        "--max-file-size=1M",
        "--jobs=1",
        "--format=json",
        ".",
    ]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "")
    report = json.loads(done.stdout)
    assert {problem["path"] for problem in report["problems"]} == set(FILES)
    assert {file["path"]: file["reason"] for file in report["skipped"]} == {"fifo.yaml": "is no regular file"}
    assert "z.yaml" in {finding["path"] for finding in report["findings"]}
    again = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert again.stdout == done.stdout
