"""Decides requests in threads, and answers in time where they cannot."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Final

from checker.admission import Decision, opening

if TYPE_CHECKING:
    from checker.config import FailureKind
    from checker.server.policies import Policies

_PATIENCE: Final = 1.2
"""How many budgets a request may take: what decides keeps to one, and this is for what holds the thread up."""

_logger: Final = logging.getLogger("checker.server")


class Waiting:
    """Holds a request whose body has been read, until nobody waits for its answer any more."""

    __slots__ = ("_begin", "_budget", "body", "profile")

    def __init__(self, body: bytes, profile: str, begin: float, budget: float) -> None:
        """Take seconds on the clock of `monotonic`: when the request came, and how many deciding it may take."""
        self.body = body
        self.profile = profile
        self._begin = begin
        self._budget = budget

    @property
    def left(self) -> float:
        """Return how much of the budget is left."""
        return self._begin + self._budget - monotonic()

    @property
    def patience(self) -> float:
        """Return how long the answer is still waited for."""
        return max(self._begin + self._budget * _PATIENCE - monotonic(), 0.0)


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
        deciding = asyncio.wrap_future(self._pool.submit(self._decided, request))
        deciding.add_done_callback(self._forget)
        try:
            await asyncio.wait((deciding,), timeout=request.patience)
            return deciding.result() if deciding.done() else self._failed("time", request.body)
        finally:
            request.body = b""  # what nobody waits for stays in the queue, but needs no memory

    async def warm(self) -> tuple[str, ...]:
        """Judge something with every profile, and return why that fails."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._warmed)

    def close(self) -> None:
        """Forget what waits."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _forget(self, _: asyncio.Future[Decision]) -> None:
        """Make room, also for what ends after its time: until then it keeps a thread."""
        self._pending -= 1

    def _decided(self, request: Waiting) -> Decision:
        left, body = request.left, request.body
        if left <= 0:
            return self._failed("time", body)
        try:
            with self._policies.admission() as admission:
                return admission.decide(body, request.profile, datetime.now(UTC), left)
        except Exception as error:  # noqa: BLE001 - the failure table says what becomes of a fault in here
            _logger.error("internal error", extra={"error": type(error).__name__})  # noqa: TRY400 - may quote an object
            return self._failed("evaluation", body)

    def _warmed(self) -> tuple[str, ...]:
        with self._policies.admission() as admission:
            return admission.warm()

    def _failed(self, kind: FailureKind, body: bytes) -> Decision:
        uid, version = opening(body)
        with self._policies.admission() as admission:
            return admission.failed(kind, uid, version)
