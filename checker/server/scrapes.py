"""Shows the metrics over plain HTTP, in threads of its own."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar, Final

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

_MOST: Final = 16
"""How many clients are answered at once."""


class Scrapes(ThreadingHTTPServer):
    """Answers `GET /metrics` on a socket that listens already."""

    daemon_threads = True

    def __init__(self, listener: socket.socket, exposition: Callable[[], bytes], content_type: str) -> None:
        super().__init__(listener.getsockname(), _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.exposition = exposition
        self.content_type = content_type
        self._free = threading.BoundedSemaphore(_MOST)

    def start(self) -> None:
        """Answer from now on, until the process ends."""
        threading.Thread(target=self.serve_forever, name="scrapes", daemon=True).start()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer a client, if there are not too many."""
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer a client in a thread."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that go away."""


class _Handler(BaseHTTPRequestHandler):
    server: Scrapes
    timeout: ClassVar[float] = 5.0

    def do_GET(self) -> None:
        """Answer with all metrics."""
        is_known = self.path.partition("?")[0] == "/metrics"
        body = self.server.exposition() if is_known else b"there is nothing here: ask /metrics\n"
        self.send_response(200 if is_known else 404)
        self.send_header("Content-Type", self.server.content_type if is_known else "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Log nothing: what is scraped every few seconds would fill the log."""
