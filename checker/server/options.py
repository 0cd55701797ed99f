"""Defines what the command line says of the server."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Address(NamedTuple):
    """Says where to listen; an empty host is every address of this machine."""

    host: str
    port: int

    def __str__(self) -> str:
        """Return the address as it is typed."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Options(NamedTuple):
    """Holds how to serve; times are in seconds."""

    listen: Address
    metrics: Address | None
    certificate: Path
    key: Path
    client_authorities: Path | None = None
    """Certificates that a client's must be signed by; without them any client is served."""
    workers: int = 1
    threads: int = 1
    """How many requests a worker decides at once."""
    queue: int = 100
    """How many requests of a worker may wait for a decision."""
    connections: int = 500
    """How many connections a worker holds; beyond them, the one that has been idle longest is closed."""
    drain_seconds: float = 5.0
    """How long requests are taken after SIGTERM, until every balancer has heard that no more should come."""
    shutdown_seconds: float = 25.0
    """How long the end may take, from SIGTERM on: less than Kubernetes' 30 until SIGKILL."""
