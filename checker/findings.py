"""Turns what rules answered into findings with a line, a fingerprint and a masked frame."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from checker import masking
from checker.model import CONTAINER_LISTS, Document, Finding, Frame, Path, Rule, SourceFile

if TYPE_CHECKING:
    from checker.engines import Result
    from checker.text import Region

_EMPTY: Final = Frame(first=1, line=1, lines=("",), start=0, end=1)
"""What is shown of a document without text."""


class FileSecrets(NamedTuple):
    """Holds the secret values of one file, which no output may show: where they stand and what they are."""

    places: tuple[tuple[Region, str], ...]
    values: tuple[str, ...]

    @classmethod
    def of(cls, documents: Sequence[Document]) -> FileSecrets:
        """Collect the marks of a file's documents; placeholders are no secrets."""
        marks = [(document, mark) for document in documents for mark in document.secrets if mark.type != "placeholder"]
        places = tuple((document.locator.locate(mark.path), mark.value) for document, mark in marks)
        return cls(places, tuple({mark.value for _, mark in marks}))


def make(document: Document, result: Result, rule: Rule, secrets: FileSecrets) -> Finding:
    """Make the finding of one result; raises `LookupError` or `TypeError` for a path that no document can have."""
    region = document.locator.locate(result.path)
    logical = masking.mask(document.locator.name(result.path), secrets.values)
    identity = masking.mask(document.identity, secrets.values)
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        path=document.source.path,
        kind=document.kind,
        identity=identity,
        node=tuple(masking.mask(key, secrets.values) if isinstance(key, str) else key for key in result.path),
        logical=logical,
        region=region,
        message=masking.mask(result.message, secrets.values),
        fingerprint=_digest(rule.id, document.source.path, identity, logical),
        frame=_frame(document.source, region, secrets),
    )


def _frame(source: SourceFile, region: Region, secrets: FileSecrets) -> Frame:
    if not source.content:
        return _EMPTY
    return masking.frame(source.text, region, secrets.places)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def without_implied(results: Iterable[Result], rules: Mapping[str, Rule]) -> list[Result]:
    """Drop the results that a result of another selected rule implies at the same container of one document."""
    all_results = list(results)
    spoken = {(result.rule, _container(result.path)) for result in all_results}
    return [
        result
        for result in all_results
        if not any((implying, _container(result.path)) in spoken for implying in rules[result.rule].implied_by)
    ]


def _container(path: Path) -> Path:
    """Return the path of the container that a path lies in, or the empty path."""
    for position, key in enumerate(path[:-1]):
        if key in CONTAINER_LISTS and isinstance(path[position + 1], int):
            return path[: position + 2]
    return ()


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort findings and number those of equal fingerprint in the order of their places."""
    in_order = sorted(findings, key=lambda one: (one.path, one.region, one.rule, one.logical, one.message))
    seen: Counter[str] = Counter()
    numbered = []
    for finding in in_order:
        seen[finding.fingerprint] += 1
        numbered.append(finding._replace(fingerprint=f"{finding.fingerprint}:{seen[finding.fingerprint]}"))
    return tuple(numbered)
