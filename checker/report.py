"""Defines what a whole scan has to tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from checker.model import SEVERITIES, Finding, Problem, Rule, Severity, Skipped, Unrendered

if TYPE_CHECKING:
    from checker.text import Region

BASELINE: Final = "checker-baseline.json"
"""What a baseline is called where nobody names it."""


class Notice(NamedTuple):
    """Tells what is amiss with a waiver or a baseline: no reason to fail, and nothing that should stay."""

    path: str
    reason: str
    region: Region | None = None


class Fixed(NamedTuple):
    """Names a finding of the baseline, or of the revision compared with, that is not there any more."""

    rule: str
    path: str
    message: str
    fingerprint: str


class Scanned(NamedTuple):
    """Counts the documents of one kind that one file gave."""

    path: str
    kind: str
    documents: int
    size: int


class Report(NamedTuple):
    """Holds everything a scan has to tell, sorted, the same for each engine and number of workers."""

    version: str
    revision: str
    root: str
    fail_on: Severity | Literal["never"]
    fail_on_unrendered: bool
    rules: tuple[Rule, ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    unrendered: tuple[Unrendered, ...]
    skipped: tuple[Skipped, ...]
    scanned: tuple[Scanned, ...]
    unclaimed: int
    """Counts the files that belong to no kind."""
    shown_paths: Mapping[str, str] = {}
    """Gives for a path how the user named it, where that differs."""
    notices: tuple[Notice, ...] = ()
    compared: str = ""
    """Names the baseline or revision that findings were compared with; empty where they were not."""
    fixed: tuple[Fixed, ...] = ()
    started: str = ""
    """When the scan began, in UTC, as in `2026-11-30T23:59:59`; only formats tell it that must."""

    @property
    def exit_code(self) -> int:
        """Return 2 for anything unchecked, 3 where there was nothing to check, 1 for findings that count, else 0."""
        if self.problems or (self.unrendered and self.fail_on_unrendered):
            return 2
        if not self.scanned:
            return 3
        return int(any(self.counts(finding) for finding in self.findings))

    def counts(self, finding: Finding) -> bool:
        """Tell whether a finding turns the build red."""
        if self.fail_on == "never" or finding.suppression is not None or finding.is_known:
            return False
        return SEVERITIES.index(finding.severity) >= SEVERITIES.index(self.fail_on)
