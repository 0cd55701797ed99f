"""Runs the workers of a server, and starts again those that die."""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from time import monotonic
from typing import IO, TYPE_CHECKING, Final, NamedTuple, cast

from checker.errors import CheckerError
from checker.server import logs, metrics, tracing
from checker.server.certificates import Certificates, Pair
from checker.server.listeners import listen
from checker.server.scrapes import Scrapes

if TYPE_CHECKING:
    from collections.abc import Callable

    from checker.server.options import Options
    from checker.server.policies import Policies

_WRONG: Final = 2
_AGAIN_SECONDS: Final = 1.0
"""How long after its start a worker that died is started again at the earliest."""

_GRACE_SECONDS: Final = 2
"""How much longer than it may take a worker is waited for."""

_AWAITED: Final = {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD, signal.SIGALRM} if sys.platform != "win32" else set()
_logger: Final = logging.getLogger("checker.server")

_PROGRAM: Final = (sys.executable, "-c", "from checker.server.processes import work; work()")


def serve(options: Options, open_policies: Callable[[], Policies]) -> int:
    """Serve until SIGTERM or SIGINT, and return the exit code.

    `open_policies` is called in each worker, so it must be possible to pickle it.
    Raises `CheckerError` for options that cannot be used.
    """
    Certificates(Pair(options.certificate, options.key, options.client_authorities))
    if options.workers > 1 and sys.platform == "win32":
        message = "--workers: there can be only one on Windows"
        raise CheckerError(message)
    tracing.is_asked_for(os.environ)
    listener = listen(options.listen)
    logs.configure(sys.stdout)
    counted = metrics.Metrics()
    if options.metrics:
        Scrapes(listen(options.metrics), counted.exposition, metrics.CONTENT_TYPE).start()
    if options.workers == 1:
        return _run(options, open_policies, listener, counted)
    signal.pthread_sigmask(signal.SIG_BLOCK, _AWAITED)
    signal.signal(signal.SIGCHLD, lambda *_: None)  # what is ignored by default is not waited for everywhere
    with metrics.share():
        return _Parent(options, open_policies, listener).run()


def work() -> None:
    """Serve as the worker that a parent started: what it is to do comes as a pickle on standard input.

    The end of standard input is the end of the parent.
    """
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    logs.configure(sys.stdout)
    options, open_policies, number = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by the parent
    try:
        listener = socket.socket(fileno=number)
        code = _run(options, open_policies, listener, None, parent=sys.stdin.fileno())
    except CheckerError as error:
        sys.stderr.write(f"checker: {error}\n")
        code = _WRONG
    sys.exit(code)


def _run(
    options: Options,
    open_policies: Callable[[], Policies],
    listener: socket.socket,
    counted: metrics.Metrics | None,
    parent: int | None = None,
) -> int:
    from checker.server.worker import Worker

    policies = open_policies()
    counting = counted or metrics.Metrics()  # leaves files behind, so only once it is certain that this process serves

    async def run() -> None:
        worker = Worker(options, policies, counting, tracing.Tracing())
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(worker.stop))
        if parent is not None:
            loop.add_reader(parent, _ended, loop, parent, worker.stop)
        await worker.serve(listener)

    # a selector is what listening sockets can be given to, on every system
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        runner.run(run())
    return 0


def _ended(loop: asyncio.AbstractEventLoop, parent: int, stop: Callable[[], None]) -> None:
    loop.remove_reader(parent)
    stop()


class _Child(NamedTuple):
    """Holds one worker's process."""

    process: subprocess.Popen[bytes]
    begin: float
    is_first: bool
    """Whether it started with the server, whose options may then be wrong."""


class _Parent:
    """Keeps as many workers running as there shall be."""

    def __init__(self, options: Options, open_policies: Callable[[], Policies], listener: socket.socket) -> None:
        self._options = options
        self._listener = listener
        self._task = pickle.dumps((options, open_policies, listener.fileno()))
        self._children = [self._child(is_first=True) for _ in range(options.workers)]
        self._next = 0.0
        self._is_ending = False
        self._code = 0

    def run(self) -> int:
        """Run the workers until a signal ends them, or they say that they cannot start."""
        while self._children or not self._is_ending:
            number = signal.sigwait(_AWAITED)
            if number in (signal.SIGTERM, signal.SIGINT):
                self._end()
            elif number == signal.SIGALRM and self._is_ending:
                self._tell(signal.SIGKILL)
            self._reap()
            if not self._is_ending:
                self._fill()
        return self._code

    def _child(self, *, is_first: bool) -> _Child:
        process = subprocess.Popen(
            _PROGRAM, stdin=subprocess.PIPE, pass_fds=(self._listener.fileno(),), start_new_session=True
        )
        with suppress(BrokenPipeError):  # it is dead already, which is seen when it is waited for
            cast("IO[bytes]", process.stdin).write(self._task)
            cast("IO[bytes]", process.stdin).flush()
        return _Child(process, monotonic(), is_first)

    def _fill(self) -> None:
        """Start what is missing, but later where what was started last died at once."""
        missing = self._options.workers - len(self._children)
        if not missing:
            return
        wait = self._next - monotonic()
        if wait > 0:
            signal.setitimer(signal.ITIMER_REAL, wait)
            return
        self._children += [self._child(is_first=False) for _ in range(missing)]

    def _reap(self) -> None:
        for child in [one for one in self._children if one.process.poll() is not None]:
            self._children.remove(child)
            metrics.died(child.process.pid)
            self._next = child.begin + _AGAIN_SECONDS
            if self._is_ending:
                continue
            if child.is_first and child.process.returncode == _WRONG:
                self._code = _WRONG
                self._end()
            else:
                _logger.error("worker died", extra={"pid": child.process.pid, "code": child.process.returncode})

    def _end(self) -> None:
        """Tell the workers to end, and close the socket so that it is theirs alone.

        The second signal is another one than the first: two of a kind that come before a worker looks are one.
        """
        self._tell(signal.SIGINT if self._is_ending else signal.SIGTERM)
        self._is_ending = True
        self._listener.close()
        signal.setitimer(signal.ITIMER_REAL, self._options.shutdown_seconds + _GRACE_SECONDS)

    def _tell(self, number: int) -> None:
        for child in self._children:
            child.process.send_signal(number)
