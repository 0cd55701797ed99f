"""Stands in for metrics and policies that are watched."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checker.admission import Admission, Decision


class Metrics:
    """Counts nothing."""

    def decided(self, decision: Decision, seconds: float) -> None:
        """Note a decision."""

    def refused(self, status: int) -> None:
        """Note a request that was none for a decision."""

    def waiting(self, change: int) -> None:
        """Note how the queue changes."""

    def certificate(self, not_after: float) -> None:
        """Note until when the certificate is valid."""

    def certificate_failed(self) -> None:
        """Note a certificate that cannot be used."""

    def exposition(self) -> bytes:
        """Return the metrics."""
        return b""


class Policies:
    """Holds one admission."""

    def __init__(self, admission: Admission) -> None:
        self.current = admission
        self.problem = ""

    @contextmanager
    def admission(self) -> Iterator[Admission]:
        """Give the admission."""
        yield self.current

    def check(self) -> None:
        """Look for nothing."""
