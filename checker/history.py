"""Takes files out of the history of a git repository."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from checker.errors import CheckerError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dulwich.objects import Commit, ObjectID
    from dulwich.repo import Repo

_EXECUTABLE: Final = 0o755


class Past(NamedTuple):
    """Names the commit that a folder was filled from, and by the paths of today those that files had then."""

    commit: str
    renames: Mapping[str, str]


def extract(top: Path, revision: str, folder: Path) -> Past:
    """Fill a folder with the files of the commit that a revision and today's commit have in common.

    So a branch is blamed for what it brings, not for what was mended elsewhere since it began. Links and submodules
    are left out, as a scan does not follow them. Raises `CheckerError` where the clone does not have that commit.
    """
    from dulwich.errors import NotGitRepository
    from dulwich.graph import find_merge_base
    from dulwich.repo import Repo

    try:
        repository = Repo(str(top))
    except NotGitRepository:
        message = f"--since {revision}: {top} is no git repository"
        raise CheckerError(message) from None
    with repository:
        try:
            head, given = _commit(repository, "HEAD"), _commit(repository, revision)
            bases = find_merge_base(repository, [head.id, given.id])
            base = _commit(repository, bases[0].decode())
        except (KeyError, ValueError, IndexError, AttributeError):
            message = (
                f"--since {revision}: this clone has no such commit, or no ancestor in common with it:"
                " fetch the history (`fetch-depth: 0`)"
            )
            raise CheckerError(message) from None
        _fill(repository, base.tree, folder)
        return Past(base.id.decode(), dict(_renames(repository, base.tree, head.tree)))


def _commit(repository: Repo, revision: str) -> Commit:
    """Return the commit that a revision names, such as `HEAD~1`, a branch, a tag or the beginning of an id."""
    from dulwich.objects import Commit
    from dulwich.objectspec import parse_commit, parse_object

    found = parse_object(repository, revision) if set(revision) & set("~^@:") else parse_commit(repository, revision)
    if not isinstance(found, Commit):
        raise ValueError(revision)  # noqa: TRY004 - a word that means no commit
    return found


def _fill(repository: Repo, tree: ObjectID, folder: Path) -> None:
    for entry in repository.object_store.iter_tree_contents(tree):
        if not stat.S_ISREG(entry.mode):
            continue
        file = folder / os.fsdecode(entry.path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(repository[entry.sha].as_raw_string())
        if entry.mode & stat.S_IXUSR:
            file.chmod(_EXECUTABLE)


def _renames(repository: Repo, before: ObjectID, after: ObjectID) -> Iterator[tuple[str, str]]:
    from dulwich.diff_tree import CHANGE_RENAME, RenameDetector

    detector = RenameDetector(repository.object_store)
    for change in detector.changes_with_renames(before, after):
        if change.type == CHANGE_RENAME and change.new is not None and change.old is not None:
            yield os.fsdecode(change.new.path), os.fsdecode(change.old.path)
