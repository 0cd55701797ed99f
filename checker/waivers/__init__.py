"""Accepts findings for a reason: what a waiver is, whom it covers and when it counts."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from checker import nearest
from checker.config import WaiverSettings
from checker.errors import CheckerError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from checker.model import Finding, Suppression
    from checker.text import Region
    from checker.waivers.meanings import Meanings

NAME: Final = ".checker-waivers.yaml"


class WaiverError(CheckerError):
    """Tells why a waiver does not count."""


class Scope(Protocol):
    """Describes which findings a waiver is about, whatever their rule."""

    def covers(self, finding: Finding) -> bool:
        """Tell whether a finding stands where the waiver holds."""


class Waiver(NamedTuple):
    """Holds a waiver that counts: `rules` are ids, in a file of waivers `fnmatch` patterns."""

    rules: tuple[str, ...]
    scope: Scope
    suppression: Suppression
    path: str
    region: Region
    is_foreign: bool = False
    """Whether it was written for another tool, which may have found more."""

    def covers(self, finding: Finding) -> bool:
        """Tell whether the waiver accepts a finding."""
        return any(fnmatchcase(finding.rule, rule) for rule in self.rules) and self.scope.covers(finding)


class Terms(NamedTuple):
    """Knows what waivers may say."""

    today: str
    """The date in UTC, as in `2026-11-30`."""
    known: frozenset[str]
    """The ids of all rules."""
    settings: WaiverSettings = WaiverSettings()
    meanings: Meanings | None = None
    """What the ignores of other tools mean, where they count as well."""

    def check(self, rules: Iterable[str], until: str) -> None:
        """Raise `WaiverError` where a waiver of rules, whose last day is `until` or empty, does not count."""
        for rule in rules:
            if not any(fnmatchcase(id_, rule) for id_ in self.known):
                message = f"there is no rule `{rule}`{nearest.hint(rule, self.known)}"
                raise WaiverError(message)
            bound = next((id_ for id_ in sorted(self.known) if fnmatchcase(id_, rule) and self._is_bound(id_)), None)
            if bound is not None:
                message = f"the configuration forbids waivers of {bound}"
                raise WaiverError(message)
        self._check_end(until)

    def _is_bound(self, rule: str) -> bool:
        return any(fnmatchcase(rule, pattern) for pattern in self.settings.never)

    def _check_end(self, until: str) -> None:
        longest = self.settings.max_days
        if not until:
            if longest is not None:
                message = f"the configuration asks for an end, `until=` within {longest} days"
                raise WaiverError(message)
            return
        from datetime import date

        try:
            end = date.fromisoformat(until)
        except ValueError:
            message = f"`{until}` is no date such as 2027-01-31"
            raise WaiverError(message) from None
        today = date.fromisoformat(self.today)
        if end < today:
            message = f"it ended on {until}"
            raise WaiverError(message)
        if longest is not None and (end - today).days > longest:
            message = f"it ends on {until}, later than the {longest} days that the configuration allows"
            raise WaiverError(message)
