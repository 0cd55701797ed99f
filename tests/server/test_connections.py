"""Tests that no client keeps another from being answered."""

from __future__ import annotations

import errno
import os
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from checker.admission import Admission
from checker.server import bodies, connections, protocol, worker
from checker.server.listeners import listen
from checker.server.options import Address
from tests.server.served import GOOD, JSON, Served, ask, everything, serving
from tests.server.test_routes import post
from tests.services import eventually

if TYPE_CHECKING:
    import trustme


MOST = 8


@pytest.fixture
def served(
    tmp_path: Path, authority: trustme.CA, decider: Admission, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Served]:
    """Serve to impatiently that a test sees the end of all patience."""
    monkeypatch.setattr(worker, "_TICK", 0.05)
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.3)
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.3)
    monkeypatch.setattr(protocol, "IDLE_SECONDS", 0.6)
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.3)
    with serving(tmp_path, authority, decider, connections=MOST) as served:
        yield served


@pytest.mark.parametrize("said", [b"", b"POST /validate HTTP/1.1\r\nHost: a\r\nContent-"])
def test_a_head_that_does_not_end_is_not_waited_for(served: Served, said: bytes) -> None:
    assert served.client.say(said) == b""


def test_a_head_that_drips_is_not_waited_for(served: Served) -> None:
    with served.client.connect() as slow:
        slow.sendall(b"GET /healthz HTTP/1.1\r\n")

        def is_closed() -> bool:
            try:
                slow.sendall(b"a: b\r\n")
            except OSError:
                return True
            return False

        eventually(is_closed, "the end of the connection")
    assert served.client.review().status == 200


def test_a_body_that_does_not_come_is_not_waited_for(served: Served) -> None:
    answer = served.client.say(post(f"Content-Length: {len(GOOD)}", body=GOOD[:50]))
    assert answer.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert answer.endswith(b"\r\n\r\nthe body took too long\n")


def test_a_handshake_that_does_not_come_is_not_waited_for(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.client.port), timeout=60) as silent:
        assert silent.recv(1) == b""


def test_a_connection_without_requests_is_closed_after_a_while(served: Served) -> None:
    with served.client.connect() as idle:
        idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        assert everything(idle).endswith(b"\r\n\r\nok\n")


def test_a_client_that_says_it_has_said_all_is_left(served: Served) -> None:
    with served.client.connect() as half:
        half.sendall(post(f"Content-Length: {len(GOOD)}", body=GOOD[:50]))
        half.unwrap().close()
    assert served.client.review().status == 200


def test_clients_that_go_away_in_the_midst_leave_no_trace(served: Served) -> None:
    for cut in (0, 20, len(GOOD)):
        connection = served.client.connect()
        connection.sendall(post(f"Content-Length: {len(GOOD)}", body=GOOD[:cut]))
        connection.close()
    assert served.client.review().verdict == (True, "")


def test_what_is_no_tls_is_closed(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.client.port), timeout=60) as plain:
        plain.sendall(b"GET /healthz HTTP/1.1\r\n\r\n")
        plain.settimeout(60)
        while plain.recv(1000):
            pass
    assert served.client.review().status == 200


def test_silent_clients_make_room_for_others(tmp_path: Path, authority: trustme.CA, decider: Admission) -> None:
    with serving(tmp_path, authority, decider, connections=MOST) as served, ExitStack() as stack:
        first = served.client.open()
        stack.callback(first.close)
        assert ask(first, "GET", "/healthz").status == 200
        for number in range(2 * MOST):
            if number % 2:
                stack.enter_context(socket.create_connection(("127.0.0.1", served.client.port)))
            else:
                one = stack.enter_context(served.client.connect())
                one.sendall(b"POST /validate HTTP/1.1\r\nContent-Length: 5\r\n" + b"\r\n" * (number % 4))
        assert served.client.review().verdict == (True, "")
        assert ask(first, "POST", "/validate", GOOD, JSON).verdict == (True, "")


def test_the_connection_idle_for_longest_makes_room(tmp_path: Path, authority: trustme.CA, decider: Admission) -> None:
    with serving(tmp_path, authority, decider, connections=2) as served, ExitStack() as stack:
        kept = []
        for _ in range(2):
            one = stack.enter_context(served.client.connect())
            kept.append(one)
            one.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            assert one.recv(1000).endswith(b"ok\n")
        assert served.client.review().status == 200
        assert everything(kept[0]) == b""
        kept[1].sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert everything(kept[1]).endswith(b"ok\n")


def test_old_versions_of_tls_are_refused(served: Served) -> None:
    context = served.client.context
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    assert served.client.review().status == 200
    assert served.worker._context().minimum_version == ssl.TLSVersion.TLSv1_2  # noqa: SLF001 - clients refuse older ones


class Tired(socket.socket):
    """Fails to accept as often as it is told, as a process does that has too many files open."""

    failures = 3
    tries = 0

    def accept(self) -> tuple[socket.socket, Any]:
        self.tries += 1
        if self.tries <= self.failures:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        return super().accept()


@pytest.mark.parametrize("ends_first", [False, True])
def test_what_cannot_be_accepted_now_is_accepted_later(
    tmp_path: Path,
    authority: trustme.CA,
    decider: Admission,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    *,
    ends_first: bool,
) -> None:
    listeners: list[Tired] = []

    def listen_tired(address: Address) -> Tired:
        listeners.append(Tired(fileno=listen(address).detach()))
        listeners[0].setblocking(False)  # noqa: FBT003 - the standard library's signature
        return listeners[0]

    monkeypatch.setattr("tests.server.served.listen", listen_tired)
    monkeypatch.setattr(connections, "_PAUSE_SECONDS", 0.05)
    with serving(tmp_path, authority, decider) as served:
        if ends_first:
            with socket.create_connection(("127.0.0.1", served.client.port)):
                eventually(lambda: listeners[0].tries, "a try")
        else:
            assert served.client.review().verdict == (True, "")
            assert listeners[0].tries == Tired.failures + 1
    told = [vars(one).get("error") for one in caplog.records if one.message == "a connection cannot be accepted"]
    assert set(told) == {"Too many open files"}
    assert not served.thread.is_alive()
