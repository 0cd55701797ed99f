"""Finds all waivers that a scanned file holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from checker.model import Document
    from checker.report import Notice
    from checker.waivers import Terms, Waiver

_HINTS: Final = (b"checker:", b"checker/ignore")
_FOREIGN_HINTS: Final = (b"hadolint", b"trivy:ignore", b"checkov", b"kics-scan", b"kube-linter.io")


def in_file(documents: Sequence[Document], terms: Terms, secrets: Sequence[str]) -> Iterator[Waiver | Notice]:
    """Yield what the documents of one file say in comments and annotations; most files say nothing."""
    source, kind = documents[0].source, documents[0].kind
    if any(hint in source.content for hint in _HINTS):
        from checker.waivers import annotated, inline

        yield from inline.find(source, kind, terms, secrets)
        for document in documents:
            if kind == "kubernetes":
                yield from annotated.find(document, terms, secrets)
    if terms.meanings is not None and any(hint in source.content for hint in _FOREIGN_HINTS):
        from checker.waivers import foreign

        yield from foreign.find(source, documents, terms.meanings, terms, secrets)
