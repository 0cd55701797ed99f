"""Tests what is read from git against git itself."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.errors import CheckerError
from checker.worktree import IgnoreRules, find_work_tree, rules_above

Git = Callable[..., str]
NAMES = st.sampled_from(["a", "b", "build", "x.log", "keep.log", ".env"])
PATTERNS = st.sampled_from(
    ["*.log", "!keep.log", "build/", "/a", "a/b", "**/x.log", "!.env", ".env*", "b/*", "!b/a", "# note", "", "a/**/b"]
)


@pytest.fixture
def git(tmp_path: Path, program: Callable[[str], Path]) -> Git:
    executable = str(program("git"))

    def run(*arguments: str, folder: Path = tmp_path, stdin: str | None = None) -> str:
        command = [executable, "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "core.excludesFile="]
        done = subprocess.run(
            [*command, *arguments], cwd=folder, input=stdin, capture_output=True, text=True, check=False
        )
        assert done.returncode in {0, 1}, done.stderr
        return done.stdout

    run("init", "--quiet")
    return run


def test_the_index_names_the_tracked_files_and_their_folders(git: Git, tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "é.env").write_text("A=1\n")
    (tmp_path / "new.env").write_text("A=1\n")
    git("add", "a")
    work_tree = find_work_tree(tmp_path / "a")
    assert work_tree is not None
    assert work_tree.top == tmp_path
    assert work_tree.tracked == {"a/b/é.env"}
    assert work_tree.tracked_folders == {"a", "a/b"}


def test_a_linked_work_tree_has_its_own_index_and_shares_the_exclude_file(git: Git, tmp_path: Path) -> None:
    (tmp_path / "f.env").write_text("A=1\n")
    git("add", ".")
    git("commit", "--quiet", "--message", "first")
    git("worktree", "add", "--quiet", "--detach", "linked")
    linked = find_work_tree(tmp_path / "linked")
    assert linked is not None
    assert linked.tracked == {"f.env"}
    assert linked.exclude_file.resolve() == tmp_path / ".git" / "info" / "exclude"


def test_a_git_file_that_leads_nowhere_is_no_work_tree(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: gone\n")
    assert find_work_tree(tmp_path) is None
    (tmp_path / ".git").write_text("something else\n")
    assert find_work_tree(tmp_path) is None


def test_an_index_that_cannot_be_read_is_an_error(git: Git, tmp_path: Path) -> None:
    assert git("status", "--short") == ""
    (tmp_path / ".git" / "index").write_bytes(b"DIRC\0\0\0\x63rubbish")
    work_tree = find_work_tree(tmp_path)
    assert work_tree is not None
    with pytest.raises(CheckerError, match="cannot read the git index"):
        _ = work_tree.tracked


def test_a_work_tree_without_commits_tracks_nothing(git: Git, tmp_path: Path) -> None:
    assert git("status", "--short") == ""
    work_tree = find_work_tree(tmp_path)
    assert work_tree is not None
    assert work_tree.tracked == frozenset()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    top=st.lists(PATTERNS, max_size=4),
    below=st.lists(PATTERNS, max_size=4),
    private=st.lists(PATTERNS, max_size=2),
    paths=st.lists(st.lists(NAMES, min_size=1, max_size=4), min_size=1, max_size=8),
)
def test_ignore_rules_are_those_of_git(
    git: Git, tmp_path: Path, top: list[str], below: list[str], private: list[str], paths: list[list[str]]
) -> None:
    (tmp_path / ".gitignore").write_text("\n".join(top))
    (tmp_path / "a").mkdir(exist_ok=True)
    (tmp_path / "a" / ".gitignore").write_text("\n".join(below))
    (tmp_path / ".git" / "info" / "exclude").write_text("\n".join(private))
    names = sorted({"/".join(path) for path in paths if path[0] != "a" or len(path) > 1})
    answer = git("check-ignore", "--no-index", "--stdin", "-z", stdin="\0".join(names))
    assert [name for name in names if _is_ignored(tmp_path, name)] == [
        name for name in names if name in answer.split("\0")
    ]


def _is_ignored(top: Path, name: str) -> bool:
    """Walk down to a path as discovery does."""
    rules: IgnoreRules = rules_above(top, find_work_tree(top)).below(top)
    folder = top
    parts = name.split("/")
    for part in parts[:-1]:
        folder /= part
        if rules.ignores(folder.as_posix(), is_folder=True):
            return True
        rules = rules.below(folder)
    return rules.ignores((folder / parts[-1]).as_posix(), is_folder=False)


def test_rules_above_hold_below_unless_the_folder_is_itself_ignored(git: Git, tmp_path: Path) -> None:
    assert git("status", "--short") == ""
    (tmp_path / ".gitignore").write_text("*.log\nbuild/\n")
    for folder in ("src/deep", "build/out"):
        (tmp_path / folder).mkdir(parents=True)
    work_tree = find_work_tree(tmp_path)
    for folder, expected in (("src/deep", True), ("build", False), ("build/out", False)):
        rules = rules_above(tmp_path / folder, work_tree)
        assert rules.ignores((tmp_path / folder / "x.log").as_posix(), is_folder=False) is expected
