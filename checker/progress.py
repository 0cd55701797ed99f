"""Tells how far a command is."""

from __future__ import annotations

from time import monotonic
from typing import Final, TextIO


class Progress:
    """Tells on a terminal how far a command is that takes longer than a second."""

    _EVERY: Final = 0.1
    _PATIENCE: Final = 1.0

    def __init__(self, screen: TextIO, what: str = "Files checked") -> None:
        self._screen = screen
        self._what = what
        self._next = monotonic() + self._PATIENCE
        self._is_shown = False

    def show(self, done: int) -> None:
        """Show how many files or objects are done so far."""
        now = monotonic()
        if now >= self._next:
            self._screen.write(f"\r{self._what}: {done:,}")
            self._screen.flush()
            self._next = now + self._EVERY
            self._is_shown = True

    def clear(self) -> None:
        """Take what was shown off the screen."""
        if self._is_shown:
            self._screen.write("\r\033[K")
            self._screen.flush()
