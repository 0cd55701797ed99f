"""Tests that reports arrive complete or not at all."""

from __future__ import annotations

import io
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from checker import output
from checker.errors import CheckerError
from checker.formats import Options, sarif, text
from checker.output import Destination
from tests.reports import MIXED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checker.report import Report

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_formats_and_their_files_are_read() -> None:
    assert output.destinations(["text", "sarif=results.sarif", "json=a=b.json"]) == (
        Destination("text"),
        Destination("sarif", Path("results.sarif")),
        Destination("json", Path("a=b.json")),
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["sarf"], "there is no format `sarf`: did you mean `sarif`?"),
        (
            ["text", "json"],
            "two formats for standard output: give one of them a file, `--format sarif=FILE`",
        ),
        (["text=a", "json=a"], "two formats for a: give one of them a file, `--format sarif=FILE`"),
        (["json="], "--format json=: is no file"),
        (["json=folder"], "--format json=folder: is no file"),
        (["json=locked/a"], "--format json=locked/a: cannot be written"),
    ],
)
def test_what_cannot_be_written_is_refused_before_a_scan(
    words: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "locked").mkdir()
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path).name != "locked")
    with pytest.raises(CheckerError) as error:
        output.destinations(words)
    assert str(error.value) == message


def test_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckerError) as error:
        output.destinations(["json=missing/a.json"])
    assert str(error.value) == f"--format json=missing/a.json: there is no folder {tmp_path.resolve() / 'missing'}"


def test_each_format_gets_the_whole_report() -> None:
    screen = io.BytesIO()
    output.write(MIXED, output.destinations(["text", "sarif=a.sarif", "json=a.json"]), screen, Options())
    assert screen.getvalue() == (GOLDEN / "mixed.txt").read_bytes()
    assert Path("a.sarif").read_bytes() == (GOLDEN / "mixed.sarif").read_bytes()
    assert Path("a.json").read_bytes() == (GOLDEN / "mixed.json").read_bytes()
    assert sorted(Path().iterdir()) == [Path("a.json"), Path("a.sarif")]


def test_colour_and_width_of_the_screen_do_not_reach_files() -> None:
    output.write(MIXED, output.destinations(["text=a.txt"]), io.BytesIO(), Options(colour=True, width=200))
    assert Path("a.txt").read_bytes() == (GOLDEN / "mixed.txt").read_bytes()


def test_report_that_breaks_off_leaves_the_earlier_file_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(_report: Report, _options: Options) -> Iterator[str]:
        yield "{" * 100_000
        raise OSError(28, "No space left on device")

    Path("a.sarif").write_text("earlier", encoding="utf-8")
    monkeypatch.setattr(sarif, "render", break_off)
    with pytest.raises(CheckerError, match=r"^a\.sarif: cannot be written: No space left on device$"):
        output.write(MIXED, output.destinations(["sarif=a.sarif"]), io.BytesIO(), Options())
    assert list(Path().iterdir()) == [Path("a.sarif")]
    assert Path("a.sarif").read_text(encoding="utf-8") == "earlier"


def test_link_is_followed_not_replaced() -> None:
    Path("real.sarif").touch()
    Path("link.sarif").symlink_to("real.sarif")
    output.write(MIXED, output.destinations(["sarif=link.sarif"]), io.BytesIO(), Options())
    assert Path("link.sarif").is_symlink()
    assert Path("real.sarif").read_bytes() == (GOLDEN / "mixed.sarif").read_bytes()


def test_pipe_is_written_to_not_replaced() -> None:
    os.mkfifo("pipe")
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(Path("pipe").read_bytes()))
    reader.start()
    output.write(MIXED, output.destinations(["json=pipe"]), io.BytesIO(), Options())
    reader.join()
    assert read == [(GOLDEN / "mixed.json").read_bytes()]


def test_characters_that_utf_8_lacks_are_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "render", lambda _report, _options: iter(["a\udcff\n"]))
    screen = io.BytesIO()
    output.write(MIXED, [Destination("text")], screen, Options())
    assert screen.getvalue() == b"a\\udcff\n"
