"""Defines what a scan is asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from checker.config import Settings
from checker.tree import DEFAULT_MAX_FILE_SIZE

if TYPE_CHECKING:
    from checker.catalog import Catalog
    from checker.engines import Engine
    from checker.model import Selection


class StandardInput(NamedTuple):
    """Holds what came on standard input: its content, its kind where the user named one, and the name to report."""

    content: bytes
    kind: str | None = None
    name: str = "stdin"

    def __repr__(self) -> str:
        return f"StandardInput(name={self.name!r})"


class ScanRequest(NamedTuple):
    """Says what to scan; `open_engine` makes the engine for what the settings select, and can be pickled."""

    open_engine: Callable[[Selection], Engine]
    catalog: Catalog
    paths: tuple[str, ...] = (".",)
    standard_input: StandardInput | None = None
    root: Path | None = None
    settings: Settings = Settings()
    jobs: int = 1
    """How many processes may check files; 0 means as many as there are processors."""
    max_file_size: int = DEFAULT_MAX_FILE_SIZE
    ignore_files: bool = True
    fail_on_unrendered: bool = False
    trivy: bool = False
    trivy_timeout: float = 300.0
    today: str = ""
    """The date in UTC, which ends waivers, as in `2026-11-30`; without one no waiver counts."""
    started: str = ""
    """When the scan begins, in UTC, as in `2026-11-30T23:59:59`."""
    waivers: Path | None = None
    """A file of waivers."""
    import_ignores: bool = False
    """Whether what other tools were told to ignore counts as well."""
    progress: Callable[[int], None] | None = None
    """Called with the number of files done so far."""
