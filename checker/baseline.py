"""Tells findings that were there before from new ones."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from checker.errors import CheckerError
from checker.report import Fixed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path as File

    from checker.model import Finding
    from checker.report import Report

_VERSION: Final = "1.0"


class Entry(NamedTuple):
    """Holds what a baseline keeps of one finding."""

    fingerprint: str
    rule: str
    path: str
    resource: str
    logical: str
    message: str

    @classmethod
    def of(cls, finding: Finding) -> Entry:
        """Return what is kept of a finding."""
        return cls(finding.fingerprint, finding.rule, finding.path, finding.identity, finding.logical, finding.message)


def entries(report: Report) -> list[Entry]:
    """Return the findings that are not accepted for another reason already."""
    return sorted(Entry.of(finding) for finding in report.findings if finding.suppression is None)


def written(report: Report) -> Iterator[str]:
    """Yield the baseline of a report as JSON of the shape of schemas/baseline.json, one finding a line."""
    from checker import outline

    content = {
        "schema_version": _VERSION,
        "tool": {"name": "checker", "version": report.version, "policies": report.revision},
        "findings": [one._asdict() for one in entries(report)],
    }
    yield from outline.write(content, 2)


def read(file: File) -> list[Entry]:
    """Return the findings of a baseline; raises `CheckerError` for what is none."""
    from checker import resources
    from checker.syntax import schema

    try:
        content = json.loads(file.read_bytes())
    except OSError as error:
        message = f"{file}: cannot be read: {error.strerror}"
        raise CheckerError(message) from None
    except ValueError:
        message = f"{file}: is no JSON: write it with `checker baseline`"
        raise CheckerError(message) from None
    fault = schema.fault(schema.compiled(resources.SCHEMAS / "baseline.json"), content)
    if fault is not None:
        message = f"{file}: is no baseline: {fault[1]}"
        raise CheckerError(message)
    return [Entry(**one) for one in content["findings"]]


class Comparison(NamedTuple):
    """Says what findings are compared with; `compared` is what reports call it.

    `renames` names for a path the one it had then. Without it a file that is gone stands for one of the same name, or
    with the same resource, elsewhere.
    """

    compared: str
    before: Iterable[Entry]
    exists: Callable[[str], bool]
    renames: Mapping[str, str] | None = None

    def apply(self, report: Report) -> Report:
        """Return a report that tells known findings from new ones, and what is fixed."""
        known = {entry.fingerprint: entry for entry in self.before}
        found = [(finding, known.pop(finding.fingerprint, None)) for finding in report.findings]
        moved: defaultdict[tuple[str, str, str], list[Entry]] = defaultdict(list)
        for entry in known.values():
            moved[entry.rule, entry.resource, entry.logical].append(entry)
        findings = []
        for finding, same in found:
            earlier = same or self._moved(finding, moved[finding.rule, finding.identity, finding.logical])
            if earlier is not None:
                known.pop(earlier.fingerprint, None)
            findings.append(finding._replace(is_known=earlier is not None))
        return report._replace(
            findings=tuple(findings), compared=self.compared, fixed=tuple(self._fixed(report, known.values()))
        )

    def _moved(self, finding: Finding, candidates: list[Entry]) -> Entry | None:
        """Return and take what stood in the file that is now the finding's."""
        name = finding.path.rpartition("/")[2]
        for entry in candidates:
            if self.renames is not None:
                is_same = self.renames.get(finding.path) == entry.path
            else:
                is_same = bool(entry.resource) or entry.path.rpartition("/")[2] == name
                is_same = is_same and not self.exists(entry.path)
            if is_same:
                candidates.remove(entry)
                return entry
        return None

    def _fixed(self, report: Report, gone: Iterable[Entry]) -> Iterator[Fixed]:
        """Yield what a scan looked for and did not find: its rule was selected, its file checked or is gone."""
        selected = {rule.id for rule in report.rules}
        scanned = {one.path for one in report.scanned}
        for entry in sorted(gone, key=lambda one: (one.path, one.rule, one.fingerprint)):
            if entry.rule in selected and (entry.path in scanned or not self.exists(entry.path)):
                yield Fixed(entry.rule, entry.path, entry.message, entry.fingerprint)
