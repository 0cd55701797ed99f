"""Tests which files a scan finds, which it leaves out, and that it says so."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from checker.discovery import Discovery, Found
from checker.errors import CheckerError
from checker.model import Problem, Skipped
from checker.tree import Candidate


def discovery(
    root: Path, *, ignore_files: bool = True, exclude: tuple[str, ...] = (), max_file_size: int = 100
) -> Discovery:
    return Discovery(
        root,
        lambda name: name.endswith((".env", ".yaml")),
        lambda name: name.endswith(".env"),
        ignore_files=ignore_files,
        exclude=exclude,
        max_file_size=max_file_size,
    )


def write(root: Path, *names: str, content: str = "A=1\n") -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)


def paths(found: Iterable[Found]) -> list[str]:
    return [one.path for one in found if isinstance(one, Candidate)]


def notes(found: Iterable[Found]) -> list[Found]:
    return sorted((one for one in found if not isinstance(one, Candidate)), key=lambda one: one.path)


@pytest.fixture
def repository(tmp_path: Path, program: Callable[[str], Path]) -> Path:
    subprocess.run([program("git"), "init", "--quiet", tmp_path], check=True)
    return tmp_path


def track(repository: Path, *names: str) -> None:
    subprocess.run(["git", "-C", repository, "add", "--force", *names], check=True)


def test_files_come_in_one_order_files_before_folders(tmp_path: Path) -> None:
    write(tmp_path, "b.env", "a/z.yaml", "a/b/c.env", "c.yaml", "B.env", "notes.txt")
    walk = discovery(tmp_path)
    assert paths(walk.walk((str(tmp_path),))) == ["B.env", "b.env", "c.yaml", "a/z.yaml", "a/b/c.env"]
    assert walk.unclaimed == 1


def test_paths_are_relative_to_the_root_and_shown_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "src/a.env")
    monkeypatch.chdir(tmp_path / "src")
    for argument, shown in ((".", "a.env"), ("./", "a.env"), ("../src", "../src/a.env"), ("a.env", "a.env")):
        assert list(discovery(tmp_path).walk((argument,))) == [
            Candidate("src/a.env", shown, tmp_path / "src" / "a.env")
        ]


def test_a_file_named_twice_is_found_once(tmp_path: Path) -> None:
    write(tmp_path, "a.env")
    assert paths(discovery(tmp_path).walk((f"{tmp_path}/a.env", str(tmp_path), f"{tmp_path}/a.env"))) == ["a.env"]


def test_what_does_not_exist_is_an_error_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(CheckerError, match="gone: no such file or folder"):
        next(discovery(tmp_path).walk((str(tmp_path), str(tmp_path / "gone"))))


def test_ignored_files_are_told_and_tracked_ones_found(repository: Path) -> None:
    write(repository, ".env", "committed.env", "x.yaml", "out/a.yaml", "kept/b.env", "kept/c.env")
    (repository / ".gitignore").write_text("*.env\nout/\nkept/\nx.yaml\n")
    track(repository, "committed.env", "kept/b.env")
    walk = discovery(repository)
    found = list(walk.walk((str(repository),)))
    assert paths(found) == ["committed.env", "kept/b.env"]
    assert notes(found) == [
        Skipped(".env", "ignored by an ignore file"),
        Skipped("kept/c.env", "ignored by an ignore file"),
        Skipped("out/", "ignored by an ignore file"),
    ]
    assert [(path, walk.tracks(path), walk.ignores(path)) for path in (".env", "committed.env")] == [
        (".env", False, True),
        ("committed.env", True, False),
    ]


def test_without_ignore_files_everything_is_found_and_the_tree_still_knows(repository: Path) -> None:
    write(repository, "a.env", "out/b.env")
    (repository / ".gitignore").write_text("*.env\nout/\n")
    walk = discovery(repository, ignore_files=False)
    assert paths(walk.walk((str(repository),))) == ["a.env", "out/b.env"]
    assert walk.ignores("a.env")
    assert walk.ignores("out/b.env")


def test_a_file_named_on_purpose_is_found_though_it_is_ignored(repository: Path) -> None:
    write(repository, "a.env", "b.env")
    (repository / ".gitignore").write_text("*.env\n")
    walk = discovery(repository)
    assert paths(walk.walk((f"{repository}/a.env",))) == ["a.env"]
    assert set(walk.entries) == {".gitignore", "a.env", "b.env"}
    assert walk.ignores("a.env")


def test_a_repository_inside_another_has_its_own_rules(repository: Path) -> None:
    write(repository, "inner/a.env")
    (repository / ".gitignore").write_text("*.env\n")
    subprocess.run(["git", "init", "--quiet", repository / "inner"], check=True)
    assert paths(discovery(repository).walk((str(repository),))) == ["inner/a.env"]


@pytest.mark.parametrize(
    ("folder", "sign"),
    [("node_modules", "x.env"), (".venv", "pyvenv.cfg"), ("vendor", "modules.txt"), ("site-packages", "x.env")],
)
def test_folders_of_dependencies_are_told_and_left_out(tmp_path: Path, folder: str, sign: str) -> None:
    write(tmp_path, f"a/{folder}/x.env", f"a/{folder}/{sign}")
    assert list(discovery(tmp_path).walk((str(tmp_path),))) == [Skipped(f"a/{folder}/", "folder of dependencies")]


def test_what_shows_that_dependencies_are_vendored_is_known_to_the_tree(tmp_path: Path) -> None:
    write(tmp_path, "a/vendor/modules.txt", "a/vendor/x.env", "node_modules/x.env")
    walk = discovery(tmp_path)
    list(walk.walk((str(tmp_path),)))
    assert sorted(walk.entries) == ["a/vendor/modules.txt"]


def test_a_folder_of_an_ambiguous_name_is_searched(tmp_path: Path) -> None:
    write(tmp_path, "vendor/x.env", "env/y.env")
    assert paths(discovery(tmp_path).walk((str(tmp_path),))) == ["env/y.env", "vendor/x.env"]


def test_excluded_files_and_folders_are_told(tmp_path: Path) -> None:
    write(tmp_path, "a.env", "old/b.env", "new/c.env")
    found = list(discovery(tmp_path, exclude=("old/", "*/c.env")).walk((str(tmp_path),)))
    assert paths(found) == ["a.env"]
    assert notes(found) == [
        Skipped("new/c.env", "excluded by the configuration"),
        Skipped("old/", "excluded by the configuration"),
    ]


def test_folders_nested_as_deep_as_paths_go_are_walked(tmp_path: Path) -> None:
    depth = 1500
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir("d", dir_fd=here)
        here, above = os.open("d", os.O_RDONLY, dir_fd=here), here
        os.close(above)
    os.close(os.open("a.env", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.close(here)
    found = paths(discovery(tmp_path).walk((str(tmp_path),)))
    subprocess.run(["rm", "-rf", str(tmp_path / "d")], check=True)  # shutil.rmtree gives up at such a depth
    assert found == ["d/" * depth + "a.env"]


def test_links_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path, "tree/a.env", "outside.env", "tree/note.txt")
    for name, target in (("in.env", "a.env"), ("out.env", "../outside.env"), ("loop", "."), ("in.yaml", "a.env")):
        (tmp_path / "tree" / name).symlink_to(target)
    found = list(discovery(tmp_path / "tree").walk((str(tmp_path / "tree"),)))
    assert paths(found) == ["a.env"]
    assert notes(found) == [
        Skipped("in.env", "link; its target is checked where it lies"),
        Skipped("out.env", "link to a file outside the tree"),
    ]


def test_what_is_no_regular_file_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.env")
    os.mkfifo(tmp_path / "pipe")
    assert list(discovery(tmp_path).walk((str(tmp_path),))) == [Skipped("pipe.env", "is no regular file")]
    named = list(discovery(tmp_path).walk((f"{tmp_path}/pipe",)))
    assert named == [Problem("pipe", "is no regular file", advice="Give its content on standard input: `-`.")]


def test_a_file_over_the_limit_is_a_problem_before_and_while_it_is_read(tmp_path: Path) -> None:
    write(tmp_path, "a.env", content="A=" + "1" * 99)
    walk = discovery(tmp_path)
    expected = Problem("a.env", "is larger than 100 bytes", advice="Raise `--max-file-size`, or exclude the file.")
    assert list(walk.walk((str(tmp_path),))) == [expected]
    assert walk.load(Candidate("a.env", "a.env", tmp_path / "a.env")) == expected


def test_a_folder_that_cannot_be_read_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a/x.env", "b/y.env")
    scandir = os.scandir

    def refuse(path: str | Path) -> object:
        if Path(path).name == "a":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = list(discovery(tmp_path).walk((str(tmp_path),)))
    assert notes(found) == [Problem("a", "folder cannot be read: Permission denied")]
    assert paths(found) == ["b/y.env"]


def test_a_file_that_vanished_is_a_problem(tmp_path: Path) -> None:
    gone = Candidate("a.env", "a.env", tmp_path / "a.env")
    assert discovery(tmp_path).load(gone) == Problem("a.env", "cannot be read: No such file or directory")
    (tmp_path / "dangling.env").symlink_to("nowhere")
    named = list(discovery(tmp_path).walk((f"{tmp_path}/dangling.env",)))
    assert named == [Problem("dangling.env", "cannot be read: No such file or directory")]


def test_the_tree_reads_what_the_walk_saw(tmp_path: Path) -> None:
    write(tmp_path, "a.env", "big.txt", content="A=1\n")
    (tmp_path / "big.txt").write_text("x" * 200)
    walk = discovery(tmp_path)
    list(walk.walk((str(tmp_path),)))
    found = walk.read("a.env")
    assert found
    assert (found.path, found.content, found.shown) == ("a.env", b"A=1\n", "a.env")
    assert walk.read("big.txt") is None
    assert walk.read("gone") is None


def test_a_name_that_is_no_utf8_is_shown_escaped(tmp_path: Path) -> None:
    with open(os.fsencode(tmp_path) + b"/\xff.env", "wb") as file:  # noqa: PTH123 - a path of bytes
        file.write(b"A=1\n")
    walk = discovery(tmp_path)
    assert paths(walk.walk((str(tmp_path),))) == ["\\xff.env"]
    assert walk.read("\\xff.env") is not None
