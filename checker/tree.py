"""Reads scanned files; no other module does, and this one only those that a walk saw."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from checker.model import Problem, SourceFile

if TYPE_CHECKING:
    from checker.worktree import IgnoreRules, WorkTree

DEFAULT_MAX_FILE_SIZE: Final = 64 * 1024 * 1024


class TreeEntry(NamedTuple):
    """Describes one file of the scanned tree, read or not; `size` is in bytes."""

    path: str
    size: int
    executable: bool


class Tree(Protocol):
    """Answers what lies beside a file; paths are POSIX and relative to the root."""

    @property
    def entries(self) -> Mapping[str, TreeEntry]:
        """Return every regular file that discovery saw, by path, ignored ones too."""

    def read(self, path: str) -> SourceFile | None:
        """Return a file of the tree, or None where there is none or it cannot be read."""

    def tracks(self, path: str) -> bool:
        """Tell whether the git index holds a file of the tree."""

    def ignores(self, path: str) -> bool:
        """Tell whether ignore files cover a file of the tree; a tracked file is never ignored."""


class Candidate(NamedTuple):
    """Names a file that may be checked; its content is not read yet."""

    path: str
    shown: str
    absolute: Path


class Folder(NamedTuple):
    """Holds the state of the walk at one folder; `path` and `shown` stand before the names of its files."""

    absolute: Path
    path: str
    shown: str
    rules: IgnoreRules
    work_tree: WorkTree | None
    is_ignored: bool = False


class SeenTree:
    """Holds what a walk saw of a tree, as the `Tree` that normalizers ask; `max_file_size` is in bytes."""

    def __init__(self, max_file_size: int) -> None:
        self.max_file_size = max_file_size
        self._entries: dict[str, TreeEntry] = {}
        self._places: dict[str, tuple[Folder, str]] = {}

    @property
    def entries(self) -> Mapping[str, TreeEntry]:
        """Return every regular file that was seen so far, ignored ones too."""
        return self._entries

    def load(self, candidate: Candidate) -> SourceFile | Problem:
        """Read a file once, up to the size limit."""
        try:
            with open(candidate.absolute, "rb", buffering=0) as file:  # noqa: PTH123 - half the time of Path.open
                is_larger = os.fstat(file.fileno()).st_size > self.max_file_size
                content = b"" if is_larger else file.readall()
        except OSError as error:
            return Problem(candidate.path, f"cannot be read: {error.strerror}")
        if is_larger or len(content) > self.max_file_size:
            return self.too_large(candidate.path)
        return SourceFile(candidate.path, content, candidate.shown)

    def read(self, path: str) -> SourceFile | None:
        """Return a file that the walk saw, or None where it did not or the file cannot be read."""
        place = self._places.get(path)
        if place is None:
            return None
        folder, name = place
        loaded = self.load(Candidate(path, path, folder.absolute / name))
        return loaded if isinstance(loaded, SourceFile) else None

    def tracks(self, path: str) -> bool:
        """Tell whether the git index holds a file that the walk saw."""
        folder, name = self._places[path]
        work_tree = folder.work_tree
        if work_tree is None:
            return False
        return (folder.absolute / name).relative_to(work_tree.top).as_posix() in work_tree.tracked

    def ignores(self, path: str) -> bool:
        """Tell whether ignore files cover a file that the walk saw; a tracked file is never ignored."""
        folder, name = self._places[path]
        covered = folder.is_ignored or (
            bool(folder.rules.specs) and folder.rules.ignores((folder.absolute / name).as_posix(), is_folder=False)
        )
        return covered and not self.tracks(path)

    def too_large(self, path: str) -> Problem:
        """Return what is told of a file over the size limit."""
        reason = f"is larger than {self.max_file_size:,} bytes"
        return Problem(path, reason, advice="Raise `--max-file-size`, or exclude the file.")

    def remember(self, entry: os.DirEntry[str], folder: Folder) -> TreeEntry:
        """Take note of a regular file."""
        path = folder.path + printable(entry.name)
        status = entry.stat(follow_symlinks=False)
        known = TreeEntry(path, status.st_size, bool(status.st_mode & 0o111))
        self._entries[path] = known
        self._places[path] = folder, entry.name
        return known


def printable(path: str) -> str:
    """Return a path in which bytes that are no UTF-8 are escaped."""
    return path if path.isascii() else os.fsencode(path).decode("utf-8", "backslashreplace")
