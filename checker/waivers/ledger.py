"""Puts waivers to findings, and keeps which of them did something."""

from __future__ import annotations

from fnmatch import fnmatchcase
from itertools import chain
from typing import TYPE_CHECKING

from checker.report import Notice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from checker.model import Finding
    from checker.waivers import Waiver


class Ledger:
    """Holds waivers, in the order in which they count, and the notices about them."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []
        self._waivers: dict[str, list[Waiver]] = {}
        """By the file in which they count, empty for those that count in all."""
        self._used: set[tuple[str, str]] = set()
        """Where waivers stand that covered something, and what of."""

    def add(self, found: Iterable[Waiver | Notice]) -> None:
        """Take waivers, and what is amiss with others."""
        for one in found:
            if isinstance(one, Notice):
                self.notices.append(one)
            else:
                file = one.path if one.suppression.kind == "inSource" else ""
                self._waivers.setdefault(file, []).append(one)

    def merge(self, other: Ledger) -> None:
        """Take over what another one holds."""
        self.notices += other.notices
        for file, waivers in other._waivers.items():
            self._waivers.setdefault(file, []).extend(waivers)
        self._used |= other._used

    def apply(self, finding: Finding) -> Finding:
        """Return a finding as the first waiver that covers it leaves it, and note that the others say the same."""
        for waiver in (*self._waivers.get(finding.path, ()), *self._waivers.get("", ())):
            if not waiver.covers(finding):
                continue
            place = waiver.suppression.place
            self._used |= {(place, rule) for rule in waiver.rules if waiver._replace(rules=(rule,)).covers(finding)}
            if finding.suppression is None:
                finding = finding._replace(suppression=waiver.suppression)
            elif finding.suppression.place != place and not waiver.is_foreign:
                reason = f"the waiver of {finding.rule} repeats the one at {finding.suppression.place}"
                self.notices.append(Notice(waiver.path, reason, waiver.region))
        return finding

    def unused(self, selected: Sequence[str], *, is_whole: bool) -> Iterator[Notice]:
        """Yield the waivers that accept nothing, for the rules that were selected.

        Those that count in all files are told only where the scan saw all files.
        """
        for waiver in chain.from_iterable(waivers for file, waivers in self._waivers.items() if file or is_whole):
            for rule in waiver.rules:
                is_sought = not waiver.is_foreign and any(fnmatchcase(one, rule) for one in selected)
                if is_sought and (waiver.suppression.place, rule) not in self._used:
                    yield Notice(waiver.path, f"the waiver of {rule} accepts nothing: remove it", waiver.region)
