"""Decides requests in threads, and answers in time where they cannot."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Final, NamedTuple

from checker.admission import Decision, opening

if TYPE_CHECKING:
    from checker.config import FailureKind
    from checker.server.policies import Policies

_PATIENCE: Final = 1.2
"""How many budgets a request may take: what decides keeps to one, and this is for what holds the thread up."""


class Waiting(NamedTuple):
    """Holds a request whose body has been read."""

    body: bytes
    profile: str
    begin: float
    """When the request came, on the clock of `monotonic`."""
    budget: float


class Deciders:
    """Decides as many requests at once as there are threads, while a bounded number waits."""

    def __init__(self, policies: Policies, threads: int, queue: int) -> None:
        self._policies = policies
        self._pool = ThreadPoolExecutor(threads, "decider")
        self._most = threads + queue
        self._pending = 0

    @property
    def waiting(self) -> int:
        """Return how many requests are being decided, or wait for it."""
        return self._pending

    async def decide(self, request: Waiting) -> Decision:
        """Return the decision, by the failure table where there is no room or no time."""
        if self._pending >= self._most:
            return self._failed("overload", request.body)
        self._pending += 1
        loop = asyncio.get_running_loop()
        deciding = self._pool.submit(self._decided, request)
        deciding.add_done_callback(lambda _: self._release(loop))
        future = asyncio.wrap_future(deciding)
        left = request.begin + request.budget * _PATIENCE - monotonic()
        await asyncio.wait((future,), timeout=max(left, 0.0))
        if future.done():
            return future.result()
        future.cancel()
        return self._failed("time", request.body)

    async def warm(self) -> tuple[str, ...]:
        """Judge something with every profile, and return why that fails."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._warmed)

    def close(self) -> None:
        """Forget what waits."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _release(self, loop: asyncio.AbstractEventLoop) -> None:
        """Make room in the loop's thread, if the loop is still there: also called by what ends after its time."""
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(self._forget)

    def _forget(self) -> None:
        self._pending -= 1

    def _decided(self, request: Waiting) -> Decision:
        left = request.begin + request.budget - monotonic()
        with self._policies.admission() as admission:
            if left <= 0:
                uid, version = opening(request.body)
                return admission.failed("time", uid, version)
            return admission.decide(request.body, request.profile, datetime.now(UTC), left)

    def _warmed(self) -> tuple[str, ...]:
        with self._policies.admission() as admission:
            return admission.warm()

    def _failed(self, kind: FailureKind, body: bytes) -> Decision:
        uid, version = opening(body)
        with self._policies.admission() as admission:
            return admission.failed(kind, uid, version)
