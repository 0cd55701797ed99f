"""Tests that rules over many keys take time in proportion: within a bound that a quadratic rule misses by far."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from checker import bundles
from checker.config import Settings
from checker.engines.wasm import MEMORY, WasmEngine
from checker.request import ScanRequest
from checker.scan import scan

KEYS = 6_000
REPETITIONS = 30_000
LICENCES = 5_000
MEMORY_OF_A_BOM = 64 * 2**20


def findings(folder: Path, rule: str, memory: int = MEMORY) -> tuple[list[tuple[str, int]], list[str]]:
    """Return the places that a rule finds in a folder, and the problems."""
    bundle = bundles.builtin()
    others = tuple(name for name in bundle.catalog.rules if name != rule)
    report = scan(
        ScanRequest(
            open_engine=partial(WasmEngine, bundle, memory=memory, seconds=10.0),
            catalog=bundle.catalog,
            paths=(str(folder),),
            root=folder,
            settings=Settings(select=(rule,), ignore=others),
        )
    )
    places = [(finding.path, finding.region.start_line) for finding in report.findings]
    return places, [problem.reason for problem in report.problems]


def test_a_key_set_very_often_is_found_at_each_further_line(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("K=v\n" * REPETITIONS)
    expected = [(".env", line) for line in range(2, REPETITIONS + 1)]
    assert findings(tmp_path, "env/env-key-duplicate") == (expected, [])


def test_environments_with_very_many_keys_are_compared(tmp_path: Path) -> None:
    lines = [f"KEY{number}=v\n" for number in range(KEYS)]
    (tmp_path / ".env.production").write_text("".join(lines))
    (tmp_path / ".env.staging").write_text("".join(lines[1:]))
    (tmp_path / ".env.example").write_text("".join(lines[:-1]))
    expected = [(".env.production", 1), (".env.production", KEYS)]
    assert findings(tmp_path, "project/env-key-missing") == (expected, [])


def test_components_under_very_many_licences_are_judged_in_little_memory(tmp_path: Path) -> None:
    components = [
        {"type": "library", "name": f"n{number}", "licenses": [{"license": {"name": f"Licence of {number}"}}]}
        for number in range(LICENCES)
    ]
    bom = {"bomFormat": "CycloneDX", "specVersion": "1.5", "components": components}
    (tmp_path / "a.cdx.json").write_text(json.dumps(bom))
    assert findings(tmp_path, "sbom/license-not-allowed", memory=MEMORY_OF_A_BOM) == ([], [])
