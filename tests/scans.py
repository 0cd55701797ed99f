"""Scans folders of tests with the built-in policies."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from checker import bundles
from checker.config import Settings
from checker.engines.wasm import WasmEngine
from checker.request import ScanRequest
from checker.scan import scan

if TYPE_CHECKING:
    from pathlib import Path

    from checker.bundles import Bundle
    from checker.report import Report

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: 'i:1'}]}\n"
GOOD = "z.yaml"
"""The name under which `beside_good` lays a manifest with findings."""


@cache
def bundle() -> Bundle:
    """Load the built-in policies once."""
    return bundles.builtin()


def scanned(folder: Path, settings: Settings = Settings()) -> Report:  # noqa: B008 - it cannot change
    """Scan a folder, with the default rules unless the settings name others."""
    return scan(
        ScanRequest(
            open_engine=partial(WasmEngine, bundle()),
            catalog=bundle().catalog,
            paths=(str(folder),),
            root=folder,
            settings=settings,
        )
    )


def beside_good(folder: Path, name: str, content: bytes) -> Report:
    """Scan a file beside a good manifest, whose findings must be there."""
    (folder / name).write_bytes(content)
    (folder / GOOD).write_text(POD, encoding="utf-8")
    report = scanned(folder)
    assert GOOD in {finding.path for finding in report.findings}
    return report
