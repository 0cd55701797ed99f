"""Tests that whole scans give the same report on both engines, rules over several files and parameters included."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from checker import bundles
from checker.config import Settings
from checker.engines.opa import OpaEngine, Server
from checker.engines.wasm import WasmEngine
from checker.scan import ScanRequest, scan

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


@pytest.fixture(scope="module")
def server(program: Callable[[str], Path]) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [str(program("opa")), "run", "--server", "--addr", address, "--log-level", "error"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        for _ in range(200):
            try:
                with urllib.request.urlopen(f"http://{address}/health", timeout=1):
                    break
            except OSError:
                time.sleep(0.05)
        yield f"http://{address}"
        process.kill()


@pytest.mark.parametrize("tree", TREES, ids=lambda tree: f"{tree.parent.name}/{tree.name}")
def test_both_engines_give_the_same_report(tree: Path, server: str) -> None:
    bundle = bundles.builtin()
    request = partial(ScanRequest, catalog=bundle.catalog, paths=(str(tree),), root=tree, settings=SETTINGS)
    embedded = scan(request(open_engine=partial(WasmEngine, bundle)))
    served = scan(request(open_engine=lambda selection: OpaEngine(bundle, selection, Server(server))))
    assert embedded.problems == ()
    assert served == embedded
    if not tree.name.startswith("pass_"):
        assert any(finding.rule.startswith("project/") for finding in embedded.findings)
