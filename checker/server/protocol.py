"""Speaks HTTP with one client."""

from __future__ import annotations

import logging
import traceback
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD_SECONDS: Final = 10.0
"""How long the head of a request may take, and the TLS handshake before the first."""

IDLE_SECONDS: Final = 120.0
"""How long a connection is kept without a request: longer than an API server keeps it (90 s in net/http), so that
it is the client who closes."""

STUCK_SECONDS: Final = 60.0
"""How long a request may take in all: only one whose client takes no answer reaches this."""

_INTERNAL_ERROR: Final = 500
_PLACES: Final = 5

_logger: Final = logging.getLogger("checker.server")


class Stage(IntEnum):
    """Tells how dear a connection is: where there is no room for another, the first of these goes first."""

    INCOMPLETE = 0
    """A request is awaited, or has begun to come."""
    IDLE = 1
    """A request has been answered, and another may come some time."""
    DECIDING = 2
    """A request has come whole."""


class Connection(RequestHandler):
    """Knows how far a client is, and since when."""

    __slots__ = ("_refused", "since", "stage")

    def __init__(self, manager: web.Server, refused: Callable[[int], None], **options: Any) -> None:
        super().__init__(manager, **options)
        self._refused = refused
        self.enter(Stage.INCOMPLETE)

    def enter(self, stage: Stage) -> None:
        """Note that a stage begins."""
        self.stage = stage
        self.since = self._loop.time()

    def data_received(self, data: bytes) -> None:
        """Take what the client says."""
        if self.stage is Stage.IDLE:
            self.enter(Stage.INCOMPLETE)
        super().data_received(data)

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Send an answer, after which the next request may take its time."""
        finished = await super().finish_response(request, resp, start_time)
        self.enter(Stage.IDLE)
        return finished

    @property
    def limit(self) -> float:
        """Return how long the stage may last."""
        if self.stage is Stage.IDLE:
            return IDLE_SECONDS
        has_no_head = self._waiter is not None and not self._waiter.done()
        return HEAD_SECONDS if has_no_head else STUCK_SECONDS

    def drop(self) -> None:
        """End the connection without a word, for which the client might let wait."""
        transport = self.transport
        self.force_close()
        if transport is not None:
            transport.abort()

    def handle_error(
        self,
        request: web.BaseRequest,  # noqa: ARG002 - the signature is that of the library
        status: int = _INTERNAL_ERROR,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - quotes the request
    ) -> web.StreamResponse:
        """Answer what is no HTTP, or a fault in here, without quoting either."""
        text = "this is no HTTP request that can be read\n"
        if status >= _INTERNAL_ERROR:
            text = "something failed in here\n"
            self.log_exception(exc_info=exc)
        self._refused(status)
        response = web.Response(status=status, text=text, headers={"Server": "checker"})
        response.force_close()
        return response

    def log_exception(self, *_: Any, exc_info: BaseException | None = None, **__: Any) -> None:
        """Log what kind of error happened where: its message may quote an object."""
        places = traceback.extract_tb(exc_info.__traceback__)[-_PLACES:] if exc_info else []
        where = [f"{one.filename}:{one.lineno}" for one in places]
        _logger.error("internal error", extra={"error": type(exc_info).__name__, "where": where})
