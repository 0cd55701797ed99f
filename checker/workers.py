"""Spreads files over processes."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections import deque
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future, ProcessPoolExecutor

    from checker.files import Checked
    from checker.tree import Candidate

_CHUNK: Final = 48
"""How many files travel to a process at once: few enough that all end at about the same time."""

_AHEAD: Final = 2
"""How many chunks a process is given before it has done the first of them."""

_WORTHWHILE: Final = 300
"""How many files pay for the start of a second process."""

_worker: Callable[[Sequence[Candidate]], Checked]


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def check(
    candidates: Sequence[Candidate],
    here: Callable[[Sequence[Candidate]], Checked],
    start: Callable[[], Callable[[Sequence[Candidate]], Checked]],
    jobs: int,
) -> list[Checked]:
    """Check files in this process and in up to `jobs - 1` others; what comes out of a file is the same in each.

    `here` checks some files in this process; `start` makes, in another process, what does it there. What another
    process cannot do, since it did not start or was ended, is done here.
    """
    if jobs <= 1 or len(candidates) < _WORTHWHILE:
        return [here(candidates)]
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    waiting = deque(candidates[first : first + _CHUNK] for first in range(0, len(candidates), _CHUNK))
    checked: list[Checked] = []
    with ProcessPoolExecutor(jobs - 1, get_context(_method()), _start, (start, gc.get_threshold())) as pool:
        try:
            elsewhere: list[tuple[Future[Checked], Sequence[Candidate]]] = []
            while waiting:
                _feed(pool, waiting, elsewhere, _AHEAD * (jobs - 1))
                if waiting:
                    checked.append(here(waiting.pop()))
            checked += [_outcome(future, chunk, here) for future, chunk in elsewhere]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return checked


def _method() -> Literal["fork", "spawn"]:
    """Return how to start processes: a copy of this one works at once, a new one imports and reads everything again.

    A copy lacks the threads of the original, of Python as of the runtimes of Go and WebAssembly: it is made only while
    there are none. Outside Linux the system's own libraries may have some.
    """
    if sys.platform != "linux":
        return "spawn"
    try:
        return "fork" if len(os.listdir("/proc/self/task")) == 1 else "spawn"  # noqa: PTH208 - names are enough
    except OSError:
        return "spawn"


def _feed(
    pool: ProcessPoolExecutor,
    waiting: deque[Sequence[Candidate]],
    elsewhere: list[tuple[Future[Checked], Sequence[Candidate]]],
    ahead: int,
) -> None:
    """Give the other processes work for the time that this one is busy.

    What was given is not taken back: a pool whose process died in that moment would wait for it for ever.
    """
    from concurrent.futures.process import BrokenProcessPool

    unfinished = sum(not future.done() for future, _ in elsewhere)
    try:
        while waiting and unfinished < ahead:
            elsewhere.append((pool.submit(_check, waiting[0]), waiting[0]))
            waiting.popleft()
            unfinished += 1
    except BrokenProcessPool:
        return


def _outcome(
    future: Future[Checked], chunk: Sequence[Candidate], here: Callable[[Sequence[Candidate]], Checked]
) -> Checked:
    from concurrent.futures.process import BrokenProcessPool

    try:
        return future.result()
    except BrokenProcessPool:
        return here(chunk)


def _start(start: Callable[[], Callable[[Sequence[Candidate]], Checked]], threshold: tuple[int, int, int]) -> None:
    """Prepare a process; an interrupt from the terminal reaches it too, and is the first process's to handle."""
    global _worker  # noqa: PLW0603 - a process of a pool keeps what it needs in its module
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(*threshold)
    _worker = start()


def _check(candidates: Sequence[Candidate]) -> Checked:
    return _worker(candidates)
