"""Tests that what people install is whole: the wheel in a fresh environment, without the checkout."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from checker.webhook import charts

ROOT = Path(__file__).parent.parent
SERVICE = ROOT / "fixtures" / "projects" / "go-service"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(command, check=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_one_package_with_its_policies_and_schemas(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {"checker"}
    sources = {path.relative_to(ROOT) for path in (ROOT / "policies").rglob("*") if path.is_file()}
    schemas = {path.relative_to(ROOT) for path in (ROOT / "schemas").rglob("*") if path.is_file()}
    assert {f"checker/{path.as_posix()}" for path in sources | schemas} <= set(names)
    assert {"checker/formats/html/style.css", "checker/formats/html/script.js"} <= set(names)
    assert {"checker/policies.wasm", "checker/catalog.json", "checker/py.typed"} <= set(names)
    chart = {path.relative_to(ROOT).as_posix() for path in charts.CHART.rglob("*") if path.is_file()}
    assert len(chart) > 1
    assert chart <= set(names)


def test_the_installed_wheel_scans_as_the_checkout_does(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", str(wheel)], check=True)
    command = ["scan", "--format", "json", "--fail-on", "never", "."]
    installed = subprocess.run(
        [environment / "bin" / "checker", *command], cwd=SERVICE, capture_output=True, text=True, check=True
    )
    checkout = subprocess.run(
        [sys.executable, "-m", "checker", *command], cwd=SERVICE, capture_output=True, text=True, check=True
    )
    assert json.loads(installed.stdout)["findings"]
    assert json.loads(installed.stdout) == json.loads(checkout.stdout)
