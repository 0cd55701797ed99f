"""Defines the errors that end a scan or cost it one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checker.text import Region


class CheckerError(Exception):
    """Ends the command with exit code 2 before anything is scanned: wrong usage, configuration or policies."""


class InputError(Exception):
    """Says that one file or document cannot be read; it becomes a Problem and the rest is still checked.

    The reason is one sentence without a full stop that never quotes a value of the file.
    """

    def __init__(self, reason: str, region: Region | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.region = region
