"""Writes the Helm chart that installs what the manifests install."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from checker.webhook import registration, scope

if TYPE_CHECKING:
    from checker.catalog import Catalog

CHART: Final = Path(__file__).parent / "chart"


def write(folder: Path, catalog: Catalog) -> None:
    """Write the chart into a folder, over an older one; raises `OSError` where it cannot be written.

    What follows from the policies stands in files of its own, which the templates read.
    """
    for source in sorted(CHART.rglob("*")):
        if source.is_file():
            _put(folder / source.relative_to(CHART), source.read_bytes())
    known = {
        "conditions": registration.conditions(),
        "profiles": scope.profiles(catalog),
        "rules": scope.rules(catalog),
    }
    for name, content in known.items():
        _put(folder / "policies" / f"{name}.json", f"{json.dumps(content, indent=2)}\n".encode("ascii"))


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
