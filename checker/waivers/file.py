"""Reads `.checker-waivers.yaml`, which says what a team accepts."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, NamedTuple

from checker import written_files
from checker.model import Suppression
from checker.report import Notice
from checker.waivers import Terms, Waiver, WaiverError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path as File

    from checker.model import Finding
    from checker.written_files import Written


class Selected(NamedTuple):
    """Covers what meets each condition; a condition left empty is met by all. Paths and objects are patterns."""

    paths: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    fingerprints: tuple[str, ...] = ()

    def covers(self, finding: Finding) -> bool:
        """Tell whether a finding meets the conditions."""
        return (
            _meets(finding.path, self.paths)
            and _meets(finding.identity, self.objects)
            and (not self.fingerprints or finding.fingerprint in self.fingerprints)
        )


def read(file: File, path: str, terms: Terms) -> Iterator[Waiver | Notice]:
    """Yield the waivers of a file that reports call `path`, and why one does not count.

    Raises `CheckerError` with file and line for what is no file of waivers.
    """
    written = written_files.read(file, "waivers.json", "a file of waivers")
    if written is None:
        return
    for index in range(len(written.data["waivers"])):
        try:
            yield _waiver(written, index, path, terms)
        except WaiverError as error:
            yield Notice(path, f"the waiver does not count: {error}", written.region(("waivers", index)))


def _waiver(written: Written, index: int, path: str, terms: Terms) -> Waiver:
    entry: dict[str, Any] = written.data["waivers"][index]
    rules, until = _words(entry, "rule"), entry.get("until", "")
    terms.check(rules, until)
    region = written.region(("waivers", index))
    suppression = Suppression("external", entry["reason"], entry.get("owner", ""), until, f"{path}:{region.start_line}")
    scope = Selected(_words(entry, "path"), _words(entry, "object"), _words(entry, "fingerprint"))
    return Waiver(rules, scope, suppression, path, region)


def _words(entry: dict[str, Any], key: str) -> tuple[str, ...]:
    value = entry.get(key, ())
    return (value,) if isinstance(value, str) else tuple(value)


def _meets(value: str, patterns: tuple[str, ...]) -> bool:
    return not patterns or any(fnmatchcase(value, pattern) for pattern in patterns)
