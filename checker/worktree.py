"""Reads what git knows of a folder: its work tree, its tracked files, its ignore files."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from checker.errors import CheckerError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


def find_work_tree(folder: Path) -> WorkTree | None:
    """Return the innermost git work tree that holds an absolute folder, or None."""
    for candidate in (folder, *folder.parents):
        git = candidate / ".git"
        if git.is_dir() and (git / "HEAD").is_file():
            return WorkTree(candidate, git)
        if git.is_file() and (linked := _linked_directory(git)) is not None:
            return WorkTree(candidate, linked)
    return None


def _linked_directory(git: Path) -> Path | None:
    """Return the directory that the `.git` file of a submodule or a linked work tree names."""
    try:
        text = git.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None
    if not text.startswith("gitdir:"):
        return None
    directory = git.parent / text.removeprefix("gitdir:").strip()
    return directory if directory.is_dir() else None


class WorkTree:
    """Describes one work tree: its top folder and its git directory, both absolute."""

    def __init__(self, top: Path, directory: Path) -> None:
        self.top: Final = top
        self.directory: Final = directory

    @cached_property
    def tracked(self) -> frozenset[str]:
        """Return the tracked files, POSIX and relative to the top.

        Raises `CheckerError` where the index cannot be read: without it a committed file might be taken for ignored.
        """
        index = self.directory / "index"
        if not index.exists():
            return frozenset()
        from dulwich.index import Index

        try:
            return frozenset(os.fsdecode(path) for path in Index(str(index)))
        except Exception as error:
            message = f"cannot read the git index {index}: {type(error).__name__}: {error}"
            raise CheckerError(message) from error

    @cached_property
    def tracked_folders(self) -> frozenset[str]:
        """Return every folder that holds a tracked file at any depth, POSIX and relative to the top."""
        folders: set[str] = set()
        for path in self.tracked:
            folder = path.rpartition("/")[0]
            while folder and folder not in folders:
                folders.add(folder)
                folder = folder.rpartition("/")[0]
        return frozenset(folders)

    @property
    def exclude_file(self) -> Path:
        """Return the ignore file that is private to the clone; linked work trees share it."""
        common = self.directory / "commondir"
        shared = self.directory
        if common.is_file():
            shared = self.directory / common.read_text(encoding="utf-8").strip()
        return shared / "info" / "exclude"


class IgnoreRules(NamedTuple):
    """Holds the ignore files from the top of a work tree down to one folder; paths are absolute POSIX strings.

    Precedence is gitignore(5)'s: the last pattern of the deepest file that says anything decides.
    """

    specs: tuple[tuple[str, GitIgnoreSpec], ...] = ()

    def below(self, folder: Path, names: Iterable[str] = (".gitignore",)) -> IgnoreRules:
        """Return these rules with the ignore files of one more folder, which count more."""
        added = tuple(
            (folder.as_posix().rstrip("/") + "/", spec)
            for name in names
            if (spec := _read_patterns(folder / name)) is not None
        )
        return IgnoreRules(self.specs + added) if added else self

    def ignores(self, path: str, *, is_folder: bool) -> bool:
        """Tell whether git would ignore an untracked path."""
        for base, spec in reversed(self.specs):
            verdict = spec.check_file(path.removeprefix(base) + "/" * is_folder).include
            if verdict is not None:
                return verdict
        return False


def rules_above(folder: Path, work_tree: WorkTree | None) -> IgnoreRules:
    """Return the rules that hold for a folder of a work tree before its own ignore file is read.

    A folder that is itself ignored was named on purpose: then nothing above it counts.
    """
    rules = IgnoreRules()
    if work_tree is None:
        return rules
    exclude = work_tree.exclude_file
    if (spec := _read_patterns(exclude)) is not None:
        rules = IgnoreRules(((work_tree.top.as_posix().rstrip("/") + "/", spec),))
    if folder == work_tree.top:
        return rules
    steps = [work_tree.top, *reversed([parent for parent in folder.parents if work_tree.top in parent.parents]), folder]
    for above, step in pairwise(steps):
        rules = rules.below(above)
        if rules.ignores(step.as_posix(), is_folder=True):
            return IgnoreRules()
    return rules


def _read_patterns(file: Path) -> GitIgnoreSpec | None:
    try:
        text = file.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(text.removeprefix("\ufeff").splitlines())
