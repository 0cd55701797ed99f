"""Tests that metrics can be read, whatever other clients do."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import requests

from checker.server import scrapes
from checker.server.listeners import listen
from checker.server.options import Address
from tests.services import PATIENCE, eventually


@pytest.fixture
def port() -> Iterator[int]:
    listener = listen(Address("127.0.0.1", 0))
    server = scrapes.Scrapes(listener, lambda: b"requests_total 3\n", "text/plain; version=0.0.4")
    server.start()
    yield listener.getsockname()[1]
    server.shutdown()
    server.server_close()


def asked(port: int, path: str) -> tuple[int, str, bytes]:
    answer = requests.get(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE)
    return answer.status_code, answer.headers["Content-Type"], answer.content


@pytest.mark.parametrize("path", ["/metrics", "/metrics?name=a"])
def test_metrics_are_shown(port: int, path: str) -> None:
    assert asked(port, path) == (200, "text/plain; version=0.0.4", b"requests_total 3\n")


def test_nothing_else_is_there(port: int) -> None:
    text = (404, "text/plain; charset=utf-8", b"there is nothing here: ask /metrics\n")
    assert [asked(port, path) for path in ("/", "/validate", "/metric")] == [text] * 3


def test_other_methods_are_refused(port: int) -> None:
    assert requests.post(f"http://127.0.0.1:{port}/metrics", timeout=PATIENCE).status_code == 501


def test_clients_that_say_nothing_keep_nobody_waiting_for_long(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scrapes._Handler, "timeout", 0.2)  # noqa: SLF001 - or the test would take seconds
    with ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(socket.create_connection(("127.0.0.1", port)))

        def is_answered() -> bool:
            try:
                return asked(port, "/metrics")[0] == 200
            except requests.ConnectionError:
                return False

        eventually(is_answered, "the metrics")


def test_clients_that_go_away_leave_no_trace(port: int, capfd: pytest.CaptureFixture[str]) -> None:
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"GET /metrics HTTP/1.1\r\nHost")
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    assert asked(port, "/metrics")[0] == 200
    assert capfd.readouterr() == ("", "")
