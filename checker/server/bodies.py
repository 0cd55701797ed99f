"""Reads the bodies of requests, and never holds more of them than there is memory for."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from aiohttp import web

from checker.admission import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

BODY_SECONDS: Final = 10.0
"""How long the body of a request may take."""

MAX_HELD: Final = 64 * 2**20
"""How many bytes of bodies a worker holds at once: eight of the largest, ten thousand of usual ones."""


class RefusedError(Exception):
    """Holds the answer to a request that is none for a decision."""

    def __init__(self, status: int, text: str, **headers: str) -> None:
        super().__init__(text)
        self.response = web.Response(status=status, text=f"{text}\n", headers=headers)


class OverloadError(Exception):
    """Says that there is no room for a body, and holds how it begins."""

    def __init__(self, beginning: bytes) -> None:
        super().__init__()
        self.beginning = beginning


class TooLargeError(Exception):
    """Says that a body is larger than any review, and holds how it begins."""

    def __init__(self, beginning: bytes) -> None:
        super().__init__()
        self.beginning = beginning


class Bodies:
    """Counts the bytes that requests hold."""

    def __init__(self) -> None:
        self._held = 0

    @asynccontextmanager
    async def read(self, request: web.BaseRequest) -> AsyncIterator[bytes]:
        """Give a whole body, which counts as held until the block ends.

        Raises `TooLargeError`, `OverloadError` where there is no room for it, `RefusedError` where it does not come.
        """
        parts: list[bytes] = []
        try:
            yield await self._read(request, parts)
        finally:
            self._held -= sum(map(len, parts))

    async def _read(self, request: web.BaseRequest, parts: list[bytes]) -> bytes:
        expected = request.content_length or 0
        _invite(request)
        size = 0
        try:
            async with asyncio.timeout(BODY_SECONDS):
                while part := await request.content.readany():
                    parts.append(part)
                    size += len(part)
                    self._held += len(part)
                    if max(size, expected) > MAX_BYTES:
                        raise TooLargeError(parts[0])
                    if self._held + max(expected - size, 0) > MAX_HELD:
                        raise OverloadError(parts[0])
        except TimeoutError:
            raise RefusedError(408, "the body took too long") from None
        except web.RequestPayloadError:
            raise RefusedError(400, "the body breaks off") from None
        return b"".join(parts)


def _invite(request: web.BaseRequest) -> None:
    """Ask for a body that the client does not send before it is asked (RFC 9110, 10.1.1)."""
    expectation = request.headers.get("Expect", "").lower()
    if expectation and expectation != "100-continue":
        raise RefusedError(417, "the one expectation that is met is 100-continue")
    if expectation and request.version >= (1, 1) and request.transport is not None:
        request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
