"""Accepts connections, as many as there may be, and ends those that say nothing."""

from __future__ import annotations

import asyncio
import logging
import ssl
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

if TYPE_CHECKING:
    import socket
    from collections.abc import Awaitable, Callable, Sequence

HEAD_SECONDS: Final = 10.0
"""How long the head of a request may take, and the TLS handshake before the first."""

IDLE_SECONDS: Final = 120.0
"""How long a connection is kept without a request: longer than an API server keeps it (90 s in net/http), so that
it is the client who closes."""

STUCK_SECONDS: Final = 60.0
"""How long a request may take in all: only one whose client takes no answer reaches this."""

_LINGERING_SECONDS: Final = 2.0
"""How long what a client still sends is thrown away, so that it comes to read why it was refused."""

_logger: Final = logging.getLogger("checker.server")


class Connection(RequestHandler):
    """Speaks HTTP with one client, and knows since when its next request is awaited."""

    __slots__ = ("awaited_since", "has_begun")

    def __init__(self, manager: Connections, **options: Any) -> None:
        super().__init__(manager, **options)
        self.awaited_since = self._loop.time()
        self.has_begun = True
        """Whether the head of a request is expected now, rather than some time."""

    @property
    def is_waiting(self) -> bool:
        """Tell whether no request is being read to its end or answered."""
        return self._waiter is not None and not self._waiter.done()

    def data_received(self, data: bytes) -> None:
        """Take what the client says."""
        if self.is_waiting and not self.has_begun:
            self.has_begun, self.awaited_since = True, self._loop.time()
        super().data_received(data)

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Send an answer, after which the next request may take its time."""
        finished = await super().finish_response(request, resp, start_time)
        self.has_begun, self.awaited_since = False, self._loop.time()
        return finished

    def is_overdue(self, now: float) -> bool:
        """Tell whether the client has been silent for too long."""
        limit = STUCK_SECONDS
        if self.is_waiting:
            limit = HEAD_SECONDS if self.has_begun else IDLE_SECONDS
        return now - self.awaited_since > limit

    def handle_error(
        self,
        request: web.BaseRequest,  # noqa: ARG002 - the signature is that of the library
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what is no HTTP, or a fault in here, without quoting either."""
        if exc is not None and status >= 500:  # noqa: PLR2004 - a fault of this server
            self.log_exception(exc_info=exc)
        text = "this is no HTTP request that can be read\n" if message is not None else "something failed in here\n"
        response = web.Response(status=status, text=text)
        response.force_close()
        return response

    def log_exception(self, *_: Any, exc_info: BaseException | None = None, **__: Any) -> None:
        """Log what kind of error happened where: its message may quote an object."""
        import traceback

        places = traceback.extract_tb(exc_info.__traceback__) if exc_info else []
        where = [f"{one.filename}:{one.lineno}" for one in places[-5:]]
        _logger.error("internal error", extra={"error": type(exc_info).__name__, "where": where})


class Connections(web.Server):
    """Holds the connections of a worker."""

    def __init__(self, handle: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]], most: int) -> None:
        super().__init__(
            handle,
            access_log=None,
            auto_decompress=False,
            keepalive_timeout=IDLE_SECONDS,
            lingering_time=_LINGERING_SECONDS,
            logger=_logger,
        )
        self._most = most
        self._handshakes: set[asyncio.Task[None]] = set()
        self._listeners: Sequence[socket.socket] = ()

    def __call__(self) -> Connection:
        """Return what speaks with a new client."""
        return Connection(self, loop=self._loop, **self._kwargs)

    def accept_from(self, listeners: Sequence[socket.socket], context: Callable[[], ssl.SSLContext]) -> None:
        """Accept connections from now on, each with the context of its time."""
        self._listeners = listeners
        for listener in listeners:
            self._loop.add_reader(listener, self._accept, listener, context)

    def stop_accepting(self) -> None:
        """Leave new connections to others."""
        for listener in self._listeners:
            self._loop.remove_reader(listener)
        self._listeners = ()

    def sweep(self) -> None:
        """Close the connections whose clients have been silent for too long."""
        now = self._loop.time()
        for one in self.connections:
            if isinstance(one, Connection) and one.is_overdue(now):
                one.force_close()

    async def finish(self, seconds: float) -> int:
        """Wait for requests that are being answered, close everything, and return how many had to be cut off."""
        end = self._loop.time() + seconds
        while (busy := self._close_idle()) and self._loop.time() < end:  # noqa: ASYNC110 - many things end, and none tells
            await asyncio.sleep(0.02)
        for one in self.connections:
            one.force_close()
        return busy

    def _close_idle(self) -> int:
        busy = 0
        for one in self.connections:
            if isinstance(one, Connection) and one.is_waiting:
                one.force_close()
            else:
                busy += 1
        return busy + len(self._handshakes)

    def _accept(self, listener: socket.socket, context: Callable[[], ssl.SSLContext]) -> None:
        """Accept one connection: what else waits is for whichever worker comes first."""
        try:
            accepted, _ = listener.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return
        except OSError as error:
            _logger.warning("a connection cannot be accepted", extra={"error": error.strerror})
            self._close_idlest()
            return
        accepted.setblocking(False)  # noqa: FBT003 - the standard library's signature
        if len(self._connections) + len(self._handshakes) >= self._most:
            self._close_idlest()
        task = self._loop.create_task(self._greet(accepted, context()))
        self._handshakes.add(task)
        task.add_done_callback(self._handshakes.discard)

    async def _greet(self, accepted: socket.socket, context: ssl.SSLContext) -> None:
        with suppress(OSError, asyncio.TimeoutError):
            await self._loop.connect_accepted_socket(
                self, accepted, ssl=context, ssl_handshake_timeout=HEAD_SECONDS, ssl_shutdown_timeout=HEAD_SECONDS
            )

    def _close_idlest(self) -> None:
        waiting = [one for one in self.connections if isinstance(one, Connection) and one.is_waiting]
        if waiting:
            min(waiting, key=lambda one: one.awaited_since).force_close()
