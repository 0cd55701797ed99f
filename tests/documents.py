"""Reads the documents of whole folders, as a scan does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from checker import normalizers
from checker.discovery import Discovery
from checker.errors import InputError
from checker.model import Document, SourceFile
from checker.tree import Candidate


def documents(folder: Path) -> Iterator[Document]:
    """Yield the documents of every file below a folder."""
    discovery = Discovery(folder, normalizers.is_wanted, lambda _: False, ignore_files=False)
    found = list(discovery.walk((str(folder),)))
    for candidate in found:
        source = discovery.load(candidate) if isinstance(candidate, Candidate) else candidate
        if not isinstance(source, SourceFile):
            continue
        with suppress(InputError):  # bytes that are no text make no document
            normalizer = normalizers.recognize(source)
            if normalizer is None:
                continue
            yield from (one for one in normalizer.normalize(source, discovery) if isinstance(one, Document))
