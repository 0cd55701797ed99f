"""Waits between attempts as long as a server asks for, and no longer than a user allows."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final, NamedTuple

from checker.errors import CheckerError

_FIRST: Final = 1.0
_LONGEST: Final = 60.0
_LONGEST_POLL: Final = 8.0
_SECONDARY: Final = 60.0
"""How long GitHub wants clients to wait where it limits them without saying how long.

https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""


class Clock(NamedTuple):
    """Holds what tells the time and lets it pass: seconds since whenever, seconds since 1970, and a pause."""

    now: Callable[[], float] = time.monotonic
    today: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


class Patience:
    """Bounds all attempts together by `seconds`; `tell` hears of each that failed."""

    def __init__(self, seconds: int, tell: Callable[[str], None], clock: Clock) -> None:
        self.seconds: Final = seconds
        self._clock = clock
        self._end = clock.now() + seconds
        self._tell = tell
        self._backoff = _FIRST
        self._poll = _FIRST

    @property
    def left(self) -> float:
        """Return how many seconds are left, at least a little: a socket cannot wait for no time."""
        return max(self._end - self._clock.now(), 0.001)

    def asked(self, status: int, headers: Mapping[str, str]) -> float | None:
        """Return how many seconds an answer asks to wait before the next attempt, or None where it limits nobody."""
        is_limit = status in {HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}
        if not is_limit and status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return None
        seconds = self._retry_after(headers.get("retry-after", ""))
        if seconds is None and headers.get("x-ratelimit-remaining") == "0":
            reset = headers.get("x-ratelimit-reset", "")
            seconds = float(reset) - self._clock.today() if reset.isdecimal() else _SECONDARY
        if seconds is None and status == HTTPStatus.TOO_MANY_REQUESTS:
            seconds = _SECONDARY
        return None if seconds is None else max(seconds, 0.0)

    def _retry_after(self, value: str) -> float | None:
        """Return the seconds of a `Retry-After`, which is a number or a date (RFC 9110, 10.2.3)."""
        if value.isascii() and value.isdecimal():
            return float(value)
        try:
            return parsedate_to_datetime(value).timestamp() - self._clock.today()
        except ValueError:
            return None

    def try_again(self, reason: str, asked: float | None) -> None:
        """Wait as long as asked, else twice as long as before; raises `CheckerError` where no time is left for that.

        Jitter keeps jobs that failed together from coming back together.
        """
        if asked is None:
            pause = self._backoff * random.uniform(0.5, 1)  # noqa: S311 - jitter is no secret
            self._backoff = min(self._backoff * 2, _LONGEST)
        else:
            pause = asked + random.uniform(0, 1)  # noqa: S311 - jitter is no secret
        if pause >= self._end - self._clock.now():
            message = f"{reason}, and --timeout {self.seconds} leaves no time to try again in {pause:.0f} s"
            raise CheckerError(message)
        self._tell(f"{reason}: trying again in {pause:.0f} s")
        self._clock.sleep(pause)

    def poll(self) -> None:
        """Wait for what is being worked on, longer each time; raises `CheckerError` where no time is left."""
        if self._poll >= self._end - self._clock.now():
            message = (
                f"GitHub took the results in, but has not processed them within --timeout {self.seconds}:"
                " raise it, or give --no-wait"
            )
            raise CheckerError(message)
        self._clock.sleep(self._poll)
        self._poll = min(self._poll * 2, _LONGEST_POLL)
