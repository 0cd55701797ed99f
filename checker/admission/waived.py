"""Accepts findings for which an object has a waiver that its cluster allows."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from checker.waivers import Waiver
from checker.waivers.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from checker.config import WaiverEntry
    from checker.model import Document, Finding
    from checker.waivers import Terms


def apply(
    found: Iterable[Finding], document: Document, namespace: str, allowed: Sequence[WaiverEntry], terms: Terms
) -> list[Finding]:
    """Return the findings as the annotations of the object leave them; whoever writes those allows nothing."""
    from checker.waivers import annotated

    patterns = [
        pattern
        for entry in allowed
        if any(fnmatchcase(namespace, one) for one in entry.namespaces)
        for pattern in entry.rules
    ]
    secrets = tuple({mark.value for mark in document.secrets if mark.type != "placeholder"})
    ledger = Ledger()
    for one in annotated.find(document, terms, secrets):
        if isinstance(one, Waiver):
            rules = tuple(rule for rule in one.rules if any(fnmatchcase(rule, pattern) for pattern in patterns))
            ledger.add([one._replace(rules=rules)])
    return [ledger.apply(finding) for finding in found]
