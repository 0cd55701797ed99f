"""Tests that whole scans give the same report on both engines, rules over several files and parameters included."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from checker import bundles
from checker.config import Settings
from checker.engines.opa import OpaEngine, Server
from checker.engines.wasm import WasmEngine
from checker.request import ScanRequest
from checker.scan import scan

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
TREES = [
    FIXTURES / "projects" / "go-service",
    *sorted(path for path in (FIXTURES / "project").glob("*/*") if path.is_dir()),
]
SETTINGS = Settings(
    profiles=("strict",),
    severities={"kubernetes/privileged": "low"},
    parameters={"sbom/license-not-allowed": {"denied": ["BSD-3-Clause"]}},
)


@pytest.mark.parametrize("tree", TREES, ids=lambda tree: f"{tree.parent.name}/{tree.name}")
def test_both_engines_give_the_same_report(tree: Path, opa_server: str) -> None:
    bundle = bundles.builtin()
    request = partial(ScanRequest, catalog=bundle.catalog, paths=(str(tree),), root=tree, settings=SETTINGS)
    embedded = scan(request(open_engine=partial(WasmEngine, bundle)))
    served = scan(request(open_engine=lambda selection: OpaEngine(bundle, selection, [Server(opa_server)])))
    assert embedded.problems == ()
    assert served == embedded
    if not tree.name.startswith("pass_"):
        assert any(finding.rule.startswith("project/") for finding in embedded.findings)
