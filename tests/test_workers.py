"""Tests that files are checked once, wherever, also when a process dies."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest

from checker import workers
from checker.files import Checked
from checker.model import Skipped
from checker.tree import Candidate

CANDIDATES = [Candidate(f"{number}.yaml", f"{number}.yaml", Path(f"/{number}.yaml")) for number in range(400)]


def seen(candidates: Sequence[Candidate]) -> Checked:
    checked = Checked()
    checked.skipped = [Skipped(candidate.path, str(os.getpid())) for candidate in candidates]
    return checked


def dies(_candidates: Sequence[Candidate]) -> Checked:
    os._exit(9)


def start(check: Callable[[Sequence[Candidate]], Checked]) -> Callable[[Sequence[Candidate]], Checked]:
    return check


def refuses_to_start() -> Callable[[Sequence[Candidate]], Checked]:
    raise RuntimeError


def outcome(checked: Sequence[Checked]) -> list[str]:
    return sorted((one.path for part in checked for one in part.skipped), key=lambda path: int(path.partition(".")[0]))


def test_few_files_stay_in_this_process() -> None:
    checked = workers.check(CANDIDATES[:10], seen, partial(start, dies), 8)
    assert [part.skipped for part in checked] == [seen(CANDIDATES[:10]).skipped]


def test_every_file_is_checked_once_in_some_process() -> None:
    checked = workers.check(CANDIDATES, seen, partial(start, seen), 3)
    assert outcome(checked) == [candidate.path for candidate in CANDIDATES]


def test_what_a_dead_process_left_is_done_here() -> None:
    checked = workers.check(CANDIDATES, seen, partial(start, dies), 2)
    assert outcome(checked) == [candidate.path for candidate in CANDIDATES]
    assert {one.reason for part in checked for one in part.skipped} == {str(os.getpid())}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_process_that_cannot_start_is_done_without() -> None:
    checked = workers.check(CANDIDATES, seen, refuses_to_start, 2)
    assert outcome(checked) == [candidate.path for candidate in CANDIDATES]


def test_an_error_here_ends_all() -> None:
    def fails(_candidates: Sequence[Candidate]) -> Checked:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        workers.check(CANDIDATES, fails, partial(start, seen), 2)


def test_a_process_prepares_itself_and_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr(workers, "_worker", None, raising=False)
    workers._start(partial(start, seen), gc.get_threshold())  # noqa: SLF001 - what another process runs leaves no trace in coverage
    assert workers._check(CANDIDATES[:2]).skipped == seen(CANDIDATES[:2]).skipped  # noqa: SLF001


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere processes are always started anew")
@pytest.mark.parametrize(
    ("before", "method"),
    [
        ("pass", "fork"),
        ("import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()", "spawn"),
        ("import dockerfile; dockerfile.parse_string('FROM scratch')", "spawn"),
    ],
)
def test_only_a_process_of_one_thread_is_copied(before: str, method: str) -> None:
    program = f"from checker import workers\n{before}\nprint(workers._method())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == f"{method}\n"


def test_elsewhere_processes_are_started_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert workers._method() == "spawn"  # noqa: SLF001


def test_a_process_that_cannot_count_its_threads_is_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_path: str) -> list[str]:
        raise OSError

    monkeypatch.setattr(os, "listdir", fails)
    assert workers._method() == "spawn"  # noqa: SLF001
