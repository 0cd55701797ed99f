"""Writes the Helm chart that installs what the manifests install."""

from __future__ import annotations

from pathlib import Path
from typing import Final

CHART: Final = Path(__file__).parent / "chart"


def write(folder: Path) -> None:
    """Copy the chart into a folder, over an older one; raises `OSError` where it cannot be written."""
    for source in sorted(CHART.rglob("*")):
        if source.is_file():
            target = folder / source.relative_to(CHART)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
