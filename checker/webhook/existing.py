"""Reads existing objects from files, folders and what kubectl prints."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from checker.discovery import Discovery
from checker.files import FileReader
from checker.model import Problem, Skipped, SourceFile
from checker.normalizers import kubernetes
from checker.tree import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from checker.files import Checked
    from checker.model import Document

STANDARD_INPUT: Final = "standard input"
"""What reports call it."""

MAX_SIZE: Final = 2**28
"""The largest file that is read: 256 MiB are some 40,000 pods, and take seven times as much memory."""


class Reader:
    """Reads objects one after another; what else came out of the files stands in `checked`."""

    def __init__(self, max_size: int = MAX_SIZE, exclude: tuple[str, ...] = ()) -> None:
        self._discovery = Discovery(Path.cwd(), _is_wanted, lambda _: False, exclude=exclude, max_file_size=max_size)
        self._files = FileReader(self._discovery)

    @property
    def checked(self) -> Checked:
        """Return what was met beside objects; complete once all objects are read."""
        return self._files.checked

    def objects(self, paths: Sequence[str], standard_input: bytes | None) -> Iterator[Document]:
        """Yield the objects of standard input and of files and folders; raises `CheckerError` for a missing path."""
        if standard_input is not None:
            source = SourceFile(STANDARD_INPUT, standard_input, STANDARD_INPUT)
            del standard_input
            yield from self._files.documents(source, kubernetes.KIND)
        for found in list(self._discovery.walk(tuple(paths))):
            if isinstance(found, Candidate):
                yield from self._file(found)
            else:
                self._note(found)
        self.checked.unclaimed += self._discovery.unclaimed

    def _file(self, candidate: Candidate) -> Iterator[Document]:
        loaded = self._discovery.load(candidate)
        if isinstance(loaded, Problem):
            self._note(loaded)
            return
        for document in self._files.documents(loaded):
            if document.kind == kubernetes.KIND:
                yield document
            else:
                self._note(Skipped(candidate.path, f"is of the kind {document.kind}, which no cluster takes"))

    def _note(self, item: Problem | Skipped) -> None:
        if isinstance(item, Problem):
            self.checked.problems.append(item)
        else:
            self.checked.skipped.append(item)


def _is_wanted(name: str) -> bool:
    return name.lower().endswith(kubernetes.SUFFIXES)
