"""Finds and reads the files of a scan; no other module reads them."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

from checker.errors import CheckerError
from checker.model import Problem, Skipped, SourceFile, TreeEntry
from checker.worktree import IgnoreRules, WorkTree, find_work_tree, rules_above

DEFAULT_MAX_FILE_SIZE: Final = 64 * 1024 * 1024

_DEPENDENCIES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "node_modules": (),
        "bower_components": (),
        "site-packages": (),
        "__pycache__": (),
        ".terraform": (),
        ".tox": (),
        ".nox": (),
        ".venv": ("pyvenv.cfg",),
        "venv": ("pyvenv.cfg",),
        "env": ("pyvenv.cfg",),
        "vendor": ("modules.txt", "autoload.php", "bundle"),
    }
)
"""Folders that hold other people's files: the name, and for ambiguous names what must lie in them."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Names a file that may be checked; its content is not read yet."""

    path: str
    shown: str
    absolute: Path


Found: TypeAlias = Candidate | Problem | Skipped


@dataclass(frozen=True, slots=True)
class _Folder:
    """Holds the state of the walk at one folder; `path` and `shown` stand before the names of its files."""

    absolute: Path
    path: str
    shown: str
    rules: IgnoreRules
    work_tree: WorkTree | None
    is_ignored: bool = False


class Discovery:
    """Walks files and folders below a root in a fixed order, and answers as the `Tree` that the walk saw.

    `wanted` tells by name whether some kind could claim a file, `claimed` whether one does for certain; `exclude` holds
    patterns on paths relative to the root (`fnmatch`; one that matches a folder excludes what is in it).
    """

    def __init__(  # noqa: PLR0913 - each is one thing that the command line sets
        self,
        root: Path,
        wanted: Callable[[str], bool],
        claimed: Callable[[str], bool],
        *,
        ignore_files: bool = True,
        exclude: tuple[str, ...] = (),
        max_file_size: int = DEFAULT_MAX_FILE_SIZE,
    ) -> None:
        self._root = root
        self._wanted = wanted
        self._claimed = claimed
        self._ignore_files = ignore_files
        self._exclude = exclude
        self._max_file_size = max_file_size
        self._entries: dict[str, TreeEntry] = {}
        self._places: dict[str, tuple[_Folder, str]] = {}
        self._done: set[str] = set()
        self.unclaimed = 0
        """Counts the files whose name no kind could claim."""

    @property
    def entries(self) -> Mapping[str, TreeEntry]:
        """Return every regular file that was seen so far, ignored ones too."""
        return self._entries

    def walk(self, arguments: tuple[str, ...]) -> Iterator[Found]:
        """Yield what the arguments name, each file once; raises `CheckerError` for an argument that does not exist."""
        for argument in arguments:
            if not os.path.lexists(argument):
                message = f"{argument}: no such file or folder"
                raise CheckerError(message)
        for argument in arguments:
            absolute = Path(os.path.abspath(argument))  # noqa: PTH100 - resolve() would follow links
            if absolute.is_dir():
                folder = absolute.resolve()
                shown = "" if argument in (".", "./") else argument.rstrip("/") + "/"
                work_tree = find_work_tree(folder)
                rules = rules_above(folder, work_tree)
                yield from self._walk_folder(_Folder(folder, self._prefix(folder), shown, rules, work_tree))
            else:
                yield from self._named_file(absolute, argument)

    def load(self, candidate: Candidate) -> SourceFile | Problem:
        """Read a file once, up to the size limit."""
        try:
            with open(candidate.absolute, "rb", buffering=0) as file:  # noqa: PTH123 - half the time of Path.open
                is_larger = os.fstat(file.fileno()).st_size > self._max_file_size
                content = b"" if is_larger else file.readall()
        except OSError as error:
            return Problem(candidate.path, f"cannot be read: {error.strerror}")
        if is_larger or len(content) > self._max_file_size:
            return self._too_large(candidate.path)
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

    def _too_large(self, path: str) -> Problem:
        reason = f"is larger than {self._max_file_size:,} bytes"
        return Problem(path, reason, advice="Raise `--max-file-size`, or exclude the file.")

    def _path(self, absolute: Path) -> str:
        """Return the path relative to the root; bytes that are no UTF-8 are shown escaped."""
        relative = Path(os.path.relpath(absolute, self._root)).as_posix()
        return _printable(relative)

    def _prefix(self, folder: Path) -> str:
        """Return what stands before the names of a folder's files in their paths."""
        path = self._path(folder)
        return "" if path == "." else f"{path}/"

    def _named_file(self, absolute: Path, argument: str) -> Iterator[Found]:
        """Yield a file that the user named: neither ignore files nor its name keep it from being looked at."""
        path = self._path(absolute)
        if path in self._done:
            return
        self._done.add(path)
        try:
            status = absolute.stat()
        except OSError as error:
            yield Problem(path, f"cannot be read: {error.strerror}")
            return
        if not stat.S_ISREG(status.st_mode):
            yield Problem(path, "is no regular file", advice="Give its content on standard input: `-`.")
            return
        if path not in self._entries:
            self._remember_neighbours(absolute)
        yield self._sized(Candidate(path, argument, absolute), status.st_size)

    def _remember_neighbours(self, absolute: Path) -> None:
        """Let the tree know the files beside a named file, which its rules may ask for."""
        work_tree = find_work_tree(absolute.parent)
        rules = rules_above(absolute.parent, work_tree).below(absolute.parent)
        folder = _Folder(absolute.parent, self._prefix(absolute.parent), "", rules, work_tree)
        entries = self._list(folder)
        if not isinstance(entries, OSError):
            for entry in entries:
                if entry.is_file(follow_symlinks=False):
                    self._remember(entry, folder)

    def _remember_signs(self, folder: _Folder) -> None:
        """Let the tree know the files that show a folder to hold dependencies: `vendor/modules.txt`."""
        signs = _DEPENDENCIES[folder.absolute.name]
        entries = self._list(folder) if signs else []
        if not isinstance(entries, OSError):
            for entry in entries:
                if entry.name in signs and entry.is_file(follow_symlinks=False):
                    self._remember(entry, folder)

    def _sized(self, candidate: Candidate, size: int) -> Found:
        return self._too_large(candidate.path) if size > self._max_file_size else candidate

    def _list(self, folder: _Folder) -> list[os.DirEntry[str]] | OSError:
        try:
            with os.scandir(folder.absolute) as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            return error

    def _walk_folder(self, start: _Folder) -> Iterator[Found]:
        """Yield what a folder holds: its own files before those of its folders, without recursion."""
        waiting = [start]
        while waiting:
            folder = waiting.pop()
            entries = self._list(folder)
            if isinstance(entries, OSError):
                yield Problem(folder.path.rstrip("/") or ".", f"folder cannot be read: {entries.strerror}")
                continue
            if any(entry.name == ".gitignore" for entry in entries):
                folder = replace(folder, rules=folder.rules.below(folder.absolute))
            inner = []
            for entry in entries:
                if not entry.is_dir(follow_symlinks=False):
                    yield from self._entry(entry, folder)
                elif entry.name != ".git":
                    entered = self._enter(entry, folder)
                    if isinstance(entered, Skipped):
                        yield entered
                    else:
                        inner.append(entered)
            waiting += reversed(inner)

    def _enter(self, entry: os.DirEntry[str], parent: _Folder) -> _Folder | Skipped:
        """Return a folder below another one, or why nothing in it is the project's own."""
        absolute = parent.absolute / entry.name
        path = f"{parent.path}{_printable(entry.name)}/"
        if _holds_dependencies(absolute):
            self._remember_signs(replace(parent, absolute=absolute, path=path))
            return Skipped(path, "folder of dependencies")
        if self._is_excluded(path):
            return Skipped(path, "excluded by the configuration")
        is_ignored = parent.is_ignored or parent.rules.ignores(absolute.as_posix(), is_folder=True)
        if is_ignored and self._ignore_files and not _tracks_folder(parent.work_tree, absolute):
            return Skipped(path, "ignored by an ignore file")
        work_tree, rules = parent.work_tree, parent.rules
        if (absolute / ".git").exists() and (own := find_work_tree(absolute)) is not None and own.top == absolute:
            work_tree, rules, is_ignored = own, rules_above(absolute, own), False
        return _Folder(absolute, path, f"{parent.shown}{entry.name}/", rules, work_tree, is_ignored)

    def _entry(self, entry: os.DirEntry[str], folder: _Folder) -> Iterator[Found]:
        """Yield what is no folder."""
        if entry.is_symlink():
            yield from self._link(entry, folder)
            return
        wanted = self._wanted(entry.name)
        if not entry.is_file(follow_symlinks=False):
            if wanted:
                yield Skipped(folder.path + _printable(entry.name), "is no regular file")
            return
        known = self._remember(entry, folder)
        is_ignored = self._ignore_files and self.ignores(known.path)
        if known.path in self._done:
            return
        self._done.add(known.path)
        if is_ignored:
            if self._claimed(entry.name):
                yield Skipped(known.path, "ignored by an ignore file")
        elif not wanted:
            self.unclaimed += 1
        elif self._is_excluded(known.path):
            yield Skipped(known.path, "excluded by the configuration")
        else:
            yield self._sized(
                Candidate(known.path, folder.shown + entry.name, folder.absolute / entry.name), known.size
            )

    def _link(self, entry: os.DirEntry[str], folder: _Folder) -> Iterator[Found]:
        """Tell of a link to a file that would be checked; a target inside the tree is checked where it lies."""
        if not self._wanted(entry.name):
            return
        path = folder.path + _printable(entry.name)
        target = Path(os.path.realpath(folder.absolute / entry.name))
        if not target.is_relative_to(self._root):
            yield Skipped(path, "link to a file outside the tree")
        elif self._claimed(entry.name):
            yield Skipped(path, "link; its target is checked where it lies")

    def _remember(self, entry: os.DirEntry[str], folder: _Folder) -> TreeEntry:
        path = folder.path + _printable(entry.name)
        status = entry.stat(follow_symlinks=False)
        known = TreeEntry(path, status.st_size, bool(status.st_mode & 0o111))
        self._entries[path] = known
        self._places[path] = folder, entry.name
        return known

    def _is_excluded(self, path: str) -> bool:
        return any(
            fnmatchcase(path, pattern) or fnmatchcase(path.rstrip("/"), pattern.rstrip("/"))
            for pattern in self._exclude
        )


def _printable(path: str) -> str:
    """Return a path in which bytes that are no UTF-8 are escaped."""
    return path if path.isascii() else os.fsencode(path).decode("utf-8", "backslashreplace")


def _holds_dependencies(folder: Path) -> bool:
    signs = _DEPENDENCIES.get(folder.name)
    return signs is not None and (not signs or any((folder / sign).exists() for sign in signs))


def _tracks_folder(work_tree: WorkTree | None, absolute: Path) -> bool:
    return work_tree is not None and absolute.relative_to(work_tree.top).as_posix() in work_tree.tracked_folders
