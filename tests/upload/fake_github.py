"""Serves scripted answers over real sockets, as GitHub would."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from checker.upload.patience import Clock

Answer = Callable[[BaseHTTPRequestHandler], None]
REPOSITORY = "owner/name"
PATH = f"/repos/{REPOSITORY}/code-scanning/sarifs"
TOKEN = "ghs_" + "inventedForTests0123"


class Request(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]
    body: Any


class FakeGitHub(NamedTuple):
    url: str
    requests: list[Request]


def answer(status: int, content: object = None, **headers: str) -> Answer:
    """Answer with JSON, or with the text that is given."""

    def write(handler: BaseHTTPRequestHandler) -> None:
        body = content.encode() if isinstance(content, str) else json.dumps(content).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return write


def truncated(handler: BaseHTTPRequestHandler) -> None:
    """Promise more than is sent."""
    handler.send_response(202)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"id": "1"')
    handler.close_connection = True


def reset(handler: BaseHTTPRequestHandler) -> None:
    """End the connection with a reset instead of an answer."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


ACCEPTED = answer(202, {"id": "47177e22", "url": "https://elsewhere.test/47177e22"})
PENDING = answer(200, {"processing_status": "pending"})
COMPLETE = answer(200, {"processing_status": "complete", "analyses_url": "https://elsewhere.test"})


@contextmanager
def serving(script: Sequence[Answer]) -> Iterator[FakeGitHub]:
    """Answer each request by the next of a script."""
    waiting, seen = list(script), list[Request]()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            seen.append(Request(self.command, self.path, dict(self.headers), json.loads(body) if body else None))
            waiting.pop(0)(self)

        do_GET = do_POST  # noqa: N815 - the name that the server looks for

        def finish(self) -> None:
            if self.connection.fileno() != -1:
                super().finish()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield FakeGitHub(f"http://127.0.0.1:{server.server_port}", seen)
        finally:
            server.shutdown()
            thread.join()
    assert waiting == [], "answers that nobody asked for"


class FakeTime:
    """Passes without being waited for."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.pauses: list[float] = []

    def clock(self) -> Clock:
        return Clock(lambda: self.passed, lambda: 1_800_000_000 + self.passed, self._sleep)

    def _sleep(self, seconds: float) -> None:
        self.passed += seconds
        self.pauses.append(seconds)
