"""Serves in this process, so that a test can look in, or break something."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPSConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from checker.admission import Admission
from checker.server.listeners import listen
from checker.server.metrics import Metrics
from checker.server.options import Address, Options
from checker.server.policies import Policies
from checker.server.tracing import Tracing
from checker.server.worker import Worker
from tests.admission.reviews import pod, review
from tests.services import PATIENCE
from tests.webhook import Certificates

if TYPE_CHECKING:
    import trustme


JSON = {"Content-Type": "application/json"}
GOOD = review(pod())
BAD = review(pod({"security": {"privileged": True}}))


class Reply(NamedTuple):
    """Holds an answer of the server."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def verdict(self) -> tuple[bool, str]:
        """Return whether the object may enter, and why not or what was not judged."""
        response = json.loads(self.body)["response"]
        status = response.get("status", {})
        return response["allowed"], status.get("message", " ".join(response.get("warnings", ())))


@dataclass
class Client:
    """Asks one server; each connection trusts the authority of the test."""

    port: int
    authority: trustme.CA
    context: ssl.SSLContext = field(default_factory=lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))

    def __post_init__(self) -> None:
        self.authority.configure_trust(self.context)

    def open(self) -> HTTPSConnection:
        return HTTPSConnection("127.0.0.1", self.port, context=self.context, timeout=PATIENCE)

    def connect(self) -> ssl.SSLSocket:
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        return self.context.wrap_socket(plain, server_hostname="127.0.0.1")

    def ask(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Reply:
        connection = self.open()
        try:
            return ask(connection, method, path, body, headers)
        finally:
            connection.close()

    def review(self, body: bytes = GOOD, path: str = "/validate") -> Reply:
        return self.ask("POST", path, body, JSON)

    def say(self, content: bytes) -> bytes:
        """Send bytes on a connection of their own and return what comes back until the server closes it."""
        with self.connect() as connection:
            connection.sendall(content)
            return everything(connection)


def ask(
    connection: HTTPSConnection, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
) -> Reply:
    """Ask on a connection that may be used again."""
    connection.request(method, path, body, dict(headers or {}))
    answer = connection.getresponse()
    return Reply(answer.status, answer.read(), dict(answer.getheaders()))


def everything(connection: ssl.SSLSocket) -> bytes:
    """Return what comes until the server closes the connection."""
    parts = []
    try:
        while part := connection.recv(65536):
            parts.append(part)
    except (ConnectionResetError, ssl.SSLEOFError):
        pass
    return b"".join(parts)


@dataclass
class Served:
    """Holds a worker that runs in a thread."""

    client: Client
    worker: Worker
    certificates: Certificates
    loop: asyncio.AbstractEventLoop
    thread: threading.Thread

    def call(self, function: Callable[..., object], *arguments: object) -> None:
        self.loop.call_soon_threadsafe(function, *arguments)

    def stop(self) -> None:
        self.call(self.worker.stop)


@contextmanager
def serving(
    folder: Path,
    authority: trustme.CA,
    admission: Admission,
    metrics: Metrics | None = None,
    tracing: Tracing | None = None,
    **options: Any,
) -> Iterator[Served]:
    """Serve until the block ends; what is running then is finished."""
    certificates = Certificates(folder / "certificates", authority)
    listener = listen(Address("127.0.0.1", 0))
    given = {
        "listen": Address("127.0.0.1", 0),
        "metrics": None,
        "certificate": certificates.folder / "tls.crt",
        "key": certificates.folder / "tls.key",
        "drain_seconds": 0.0,
        "shutdown_seconds": 10.0,
    }
    ready = threading.Event()
    parts: list[Any] = []

    async def run() -> None:
        policies = Policies(lambda: admission, ())
        worker = Worker(Options(**{**given, **options}), policies, metrics or Metrics(), tracing)
        parts.extend((worker, asyncio.get_running_loop()))
        ready.set()
        await worker.serve(listener)

    def thread() -> None:
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(run())

    running = threading.Thread(target=thread)
    running.start()
    assert ready.wait(PATIENCE)
    served = Served(Client(listener.getsockname()[1], authority), parts[0], certificates, parts[1], running)
    try:
        yield served
    finally:
        if running.is_alive():
            served.stop()
        running.join(PATIENCE)
        assert not running.is_alive()
