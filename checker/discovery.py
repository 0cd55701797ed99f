"""Finds the files of a scan."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

from checker.errors import CheckerError
from checker.model import Problem, Skipped
from checker.tree import DEFAULT_MAX_FILE_SIZE, Candidate, Folder, SeenTree, printable
from checker.worktree import WorkTree, find_work_tree, rules_above

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


Found: TypeAlias = Candidate | Problem | Skipped


class Discovery(SeenTree):
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
        super().__init__(max_file_size)
        self._root = root
        self._wanted = wanted
        self._claimed = claimed
        self._ignore_files = ignore_files
        self._exclude = exclude
        self._done: set[str] = set()
        self.unclaimed = 0
        """Counts the files whose name no kind could claim."""

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
                yield from self._walk_folder(Folder(folder, self._prefix(folder), shown, rules, work_tree))
            else:
                yield from self._named_file(absolute, argument)

    def _path(self, absolute: Path) -> str:
        """Return the path relative to the root; bytes that are no UTF-8 are shown escaped."""
        relative = Path(os.path.relpath(absolute, self._root)).as_posix()
        return printable(relative)

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
        if path not in self.entries:
            self._remember_neighbours(absolute)
        yield self._sized(Candidate(path, argument, absolute), status.st_size)

    def _remember_neighbours(self, absolute: Path) -> None:
        """Let the tree know the files beside a named file, which its rules may ask for."""
        work_tree = find_work_tree(absolute.parent)
        rules = rules_above(absolute.parent, work_tree).below(absolute.parent)
        folder = Folder(absolute.parent, self._prefix(absolute.parent), "", rules, work_tree)
        entries = self._list(folder)
        if not isinstance(entries, OSError):
            for entry in entries:
                if entry.is_file(follow_symlinks=False):
                    self.remember(entry, folder)

    def _remember_signs(self, folder: Folder) -> None:
        """Let the tree know the files that show a folder to hold dependencies: `vendor/modules.txt`."""
        signs = _DEPENDENCIES[folder.absolute.name]
        entries = self._list(folder) if signs else []
        if not isinstance(entries, OSError):
            for entry in entries:
                if entry.name in signs and entry.is_file(follow_symlinks=False):
                    self.remember(entry, folder)

    def _sized(self, candidate: Candidate, size: int) -> Found:
        return self.too_large(candidate.path) if size > self.max_file_size else candidate

    def _list(self, folder: Folder) -> list[os.DirEntry[str]] | OSError:
        try:
            with os.scandir(folder.absolute) as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            return error

    def _walk_folder(self, start: Folder) -> Iterator[Found]:
        """Yield what a folder holds: its own files before those of its folders, without recursion."""
        waiting = [start]
        while waiting:
            folder = waiting.pop()
            entries = self._list(folder)
            if isinstance(entries, OSError):
                yield Problem(folder.path.rstrip("/") or ".", f"folder cannot be read: {entries.strerror}")
                continue
            if any(entry.name == ".gitignore" for entry in entries):
                folder = folder._replace(rules=folder.rules.below(folder.absolute))
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

    def _enter(self, entry: os.DirEntry[str], parent: Folder) -> Folder | Skipped:
        """Return a folder below another one, or why nothing in it is the project's own."""
        absolute = parent.absolute / entry.name
        path = f"{parent.path}{printable(entry.name)}/"
        if _holds_dependencies(absolute):
            self._remember_signs(parent._replace(absolute=absolute, path=path))
            return Skipped(path, "folder of dependencies")
        if self._is_excluded(path):
            return Skipped(path, "excluded by the configuration")
        is_ignored = parent.is_ignored or parent.rules.ignores(absolute.as_posix(), is_folder=True)
        if is_ignored and self._ignore_files and not _tracks_folder(parent.work_tree, absolute):
            return Skipped(path, "ignored by an ignore file")
        work_tree, rules = parent.work_tree, parent.rules
        if (absolute / ".git").exists() and (own := find_work_tree(absolute)) is not None and own.top == absolute:
            work_tree, rules, is_ignored = own, rules_above(absolute, own), False
        return Folder(absolute, path, f"{parent.shown}{entry.name}/", rules, work_tree, is_ignored)

    def _entry(self, entry: os.DirEntry[str], folder: Folder) -> Iterator[Found]:
        """Yield what is no folder."""
        if entry.is_symlink():
            yield from self._link(entry, folder)
            return
        wanted = self._wanted(entry.name)
        if not entry.is_file(follow_symlinks=False):
            if wanted:
                yield Skipped(folder.path + printable(entry.name), "is no regular file")
            return
        known = self.remember(entry, folder)
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

    def _link(self, entry: os.DirEntry[str], folder: Folder) -> Iterator[Found]:
        """Tell of a link to a file that would be checked; a target inside the tree is checked where it lies."""
        if not self._wanted(entry.name):
            return
        path = folder.path + printable(entry.name)
        target = Path(os.path.realpath(folder.absolute / entry.name))
        if not target.is_relative_to(self._root):
            yield Skipped(path, "link to a file outside the tree")
        elif self._claimed(entry.name):
            yield Skipped(path, "link; its target is checked where it lies")

    def _is_excluded(self, path: str) -> bool:
        return any(
            fnmatchcase(path, pattern) or fnmatchcase(path.rstrip("/"), pattern.rstrip("/"))
            for pattern in self._exclude
        )


def _holds_dependencies(folder: Path) -> bool:
    signs = _DEPENDENCIES.get(folder.name)
    return signs is not None and (not signs or any((folder / sign).exists() for sign in signs))


def _tracks_folder(work_tree: WorkTree | None, absolute: Path) -> bool:
    return work_tree is not None and absolute.relative_to(work_tree.top).as_posix() in work_tree.tracked_folders
