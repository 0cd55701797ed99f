"""Accepts connections, as many as there may be, and ends those that take too long."""

from __future__ import annotations

import asyncio
import logging
import ssl
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from aiohttp import web

from checker.server.protocol import HEAD_SECONDS, IDLE_SECONDS, STUCK_SECONDS, Connection, Stage

if TYPE_CHECKING:
    import socket
    from collections.abc import Awaitable, Callable

_LINGERING_SECONDS: Final = 2.0
"""How long what a client still sends is thrown away, so that it comes to read why it was refused."""

_GOODBYE_SECONDS: Final = 1.0
"""How long a client may take to agree to the end of a connection, or to use one that it just opened."""

_PAUSE_SECONDS: Final = 0.2
"""How long nothing is accepted after that failed: what waits would be tried again at once, and fail again."""

_logger: Final = logging.getLogger("checker.server")


class Connections(web.Server):
    """Holds the connections of a worker."""

    def __init__(
        self,
        handle: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]],
        refused: Callable[[int], None],
        most: int,
    ) -> None:
        """Take what answers requests, what is told the status of an answer that it did not give, and a bound."""
        super().__init__(
            handle,
            access_log=None,
            auto_decompress=False,
            keepalive_timeout=IDLE_SECONDS,
            lingering_time=_LINGERING_SECONDS,
            logger=_logger,
        )
        self._refused = refused
        self._most = most
        self._greetings: dict[asyncio.Task[None], float] = {}
        """The handshakes that go on, and since when."""
        self._pause: asyncio.TimerHandle | None = None

    def __call__(self) -> Connection:
        """Return what speaks with a new client."""
        return Connection(self, self._refused, loop=self._loop, **self._kwargs)

    def accept_from(self, listener: socket.socket, context: Callable[[], ssl.SSLContext]) -> None:
        """Accept connections from now on, each with the context of its time.

        One is accepted at a time: what else waits is for whichever process comes first.
        """
        self._pause = None
        self._loop.add_reader(listener, self._accept, listener, context)

    def stop_accepting(self, listener: socket.socket, context: Callable[[], ssl.SSLContext]) -> None:
        """Leave new connections to others, but for those that are there already."""
        self._loop.remove_reader(listener)
        while self._accept(listener, context):
            pass
        if self._pause is not None:
            self._pause.cancel()
        listener.close()

    def sweep(self) -> None:
        """End the connections that take too long."""
        now = self._loop.time()
        for one in self._all():
            if now - one.since > one.limit:
                one.drop()

    async def finish(self, seconds: float) -> int:
        """Wait for requests to be answered, end everything, and return how many were not."""
        end = self._loop.time() + seconds
        while (busy := self._end_idle()) and self._loop.time() < end:  # noqa: ASYNC110 - any of many may be the last
            await asyncio.sleep(0.02)
        for one in self._all():
            one.drop()
        for task in self._greetings:
            task.cancel()
        return busy

    def _all(self) -> list[Connection]:
        return [one for one in self.connections if isinstance(one, Connection)]

    def _end_idle(self) -> int:
        """End what no request is awaited from, and return how many connections are left."""
        now = self._loop.time()
        busy = len(self._greetings)
        for one in self._all():
            is_waiting = one.limit < STUCK_SECONDS
            if one.stage is Stage.IDLE or (is_waiting and now - one.since > _GOODBYE_SECONDS):
                one.force_close()
            else:
                busy += 1
        return busy

    def _accept(self, listener: socket.socket, context: Callable[[], ssl.SSLContext]) -> bool:
        """Accept one connection, and return whether there was one."""
        try:
            accepted, _ = listener.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return False
        except OSError as error:  # such as too many open files
            _logger.warning("a connection cannot be accepted", extra={"error": error.strerror})
            self._make_room()
            self._loop.remove_reader(listener)
            self._pause = self._loop.call_later(_PAUSE_SECONDS, self.accept_from, listener, context)
            return False
        accepted.setblocking(False)  # noqa: FBT003 - the standard library's signature
        if len(self._connections) + len(self._greetings) >= self._most:
            self._make_room()
        task = self._loop.create_task(self._greet(accepted, context()))
        self._greetings[task] = self._loop.time()
        task.add_done_callback(lambda done: self._greetings.pop(done, None))
        return True

    async def _greet(self, accepted: socket.socket, context: ssl.SSLContext) -> None:
        with suppress(OSError, asyncio.TimeoutError):
            await self._loop.connect_accepted_socket(
                self, accepted, ssl=context, ssl_handshake_timeout=HEAD_SECONDS, ssl_shutdown_timeout=_GOODBYE_SECONDS
            )

    def _make_room(self) -> None:
        """End the connection that has waited longest for a whole request; failing that, the one idle for longest."""
        waiting = [one for one in self._all() if one.stage is not Stage.DECIDING]
        oldest = min(waiting, key=lambda one: (one.stage, one.since), default=None)
        task, since = next(iter(self._greetings.items()), (None, 0.0))
        if task is not None and (oldest is None or (Stage.INCOMPLETE, since) < (oldest.stage, oldest.since)):
            self._greetings.pop(task)
            task.cancel()
        elif oldest is not None:
            oldest.drop()
