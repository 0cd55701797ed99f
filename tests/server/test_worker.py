"""Tests that a worker is ready when it can answer, and loses no request when its certificate changes or it ends."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from checker.admission import Admission
from checker.server import worker
from checker.server.metrics import Metrics
from tests.server.served import GOOD, JSON, Client, Reply, Served, ask, serving
from tests.server.test_deciders import Gate
from tests.server.test_routes import post, text
from tests.services import eventually

if TYPE_CHECKING:
    import trustme


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_TICK", 0.05)


@contextmanager
def traffic(client: Client, *, is_kept: bool, threads: int = 3) -> Iterator[list[Reply]]:
    """Ask without pause, on connections that are kept or new ones, and yield the answers, which grow."""
    replies: list[Reply] = []
    ended = threading.Event()

    def ask_on() -> None:
        while not ended.is_set():
            connection = client.open()
            try:
                while not ended.is_set():
                    replies.append(ask(connection, "POST", "/validate", GOOD, JSON))
                    if not is_kept or replies[-1].headers.get("Connection") == "close":
                        break
            finally:
                connection.close()

    running = [threading.Thread(target=ask_on) for _ in range(threads)]
    with ExitStack() as stack:
        for one in running:
            one.start()
            stack.callback(one.join)
        stack.callback(ended.set)
        yield replies


def more(replies: list[Reply]) -> None:
    count = len(replies) + 10
    eventually(lambda: len(replies) >= count, "traffic")


def presented(client: Client) -> bytes:
    with client.connect() as connection:
        certificate = connection.getpeercert(binary_form=True)
        assert certificate is not None
        return certificate


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_certificate_is_replaced_without_losing_a_request(
    tmp_path: Path, authority: trustme.CA, decider: Admission, *, is_kept: bool
) -> None:
    with serving(tmp_path, authority, decider) as served, traffic(served.client, is_kept=is_kept) as replies:
        for _ in range(3):
            before = presented(served.client)
            served.certificates.issue()
            eventually(lambda: presented(served.client) != before, "the new certificate")  # noqa: B023 - asked at once
            more(replies)
    assert {reply.verdict for reply in replies} == {(True, "")}


def test_a_certificate_that_cannot_be_used_is_told_but_changes_nothing(
    tmp_path: Path, authority: trustme.CA, decider: Admission, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(tmp_path, authority, decider) as served:
        before = presented(served.client)
        files = served.certificates.folder / "tls.crt", served.certificates.folder / "tls.key"
        served.certificates.write({"tls.crt": files[0].read_bytes(), "tls.key": b""})
        said = f"certificate: the new one is not used: {files[0]}, {files[1]}: hold no certificate and key in PEM\n"
        eventually(lambda: said in served.client.ask("GET", "/readyz?verbose").body.decode(), "the problem")
        assert served.client.ask("GET", "/readyz").status == 200
        assert presented(served.client) == before
        assert [one.message for one in caplog.records if one.levelname == "ERROR"] == ["certificate not replaced"]
        served.certificates.issue()
        eventually(lambda: said not in served.client.ask("GET", "/readyz?verbose").body.decode(), "its end")


def lines(reply: Reply) -> list[str]:
    return [line for line in reply.body.decode().splitlines() if not line.startswith("policies: revision ")]


def test_a_certificate_near_its_end_shows_without_making_the_server_unready(
    tmp_path: Path, authority: trustme.CA, decider: Admission
) -> None:
    with serving(tmp_path, authority, decider) as served:
        end = datetime.now(UTC).replace(microsecond=0) + timedelta(days=6)
        served.certificates.issue(not_after=end)
        near = ["ready", f"certificate: valid until {end:%Y-%m-%dT%H:%M:%SZ}", "certificate: its end is near"]
        eventually(lambda: lines(served.client.ask("GET", "/readyz?verbose")) == near, "the new certificate")
        assert text(served.client.ask("GET", "/readyz")) == (200, "ready\n")


def test_a_server_whose_certificate_is_not_valid_is_not_ready(
    tmp_path: Path, authority: trustme.CA, decider: Admission
) -> None:
    with serving(tmp_path, authority, decider) as served:
        served.client.context.check_hostname = False
        served.client.context.verify_mode = ssl.CERT_NONE
        served.certificates.issue(not_after=datetime(2026, 1, 1, tzinfo=UTC))
        unready = (503, "not ready: the certificate is not valid now\n")
        eventually(lambda: text(served.client.ask("GET", "/readyz")) == unready, "the old certificate")
        assert served.client.ask("GET", "/healthz").status == 200


def test_a_server_that_cannot_judge_is_not_ready_until_it_can(
    tmp_path: Path, authority: trustme.CA, decider: Admission, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Admission, "warm", lambda _: ("OPA is away",))
        with serving(tmp_path, authority, decider) as served:
            assert text(served.client.ask("GET", "/readyz")) == (503, "not ready: OPA is away\n")
            assert served.client.ask("GET", "/healthz").status == 200
            patch.undo()
            monkeypatch.setattr(worker, "_TICK", 0.05)
            eventually(lambda: served.client.ask("GET", "/readyz").status == 200, "a server that is ready")


def test_only_clients_with_a_certificate_are_served_where_authorities_of_clients_are_given(
    tmp_path: Path, authority: trustme.CA, decider: Admission
) -> None:
    import trustme

    known, unknown = trustme.CA(), trustme.CA()
    file = tmp_path / "clients.pem"
    known.cert_pem.write_to_path(file)
    with serving(tmp_path, authority, decider, client_authorities=file) as served:

        def asked(certificate: trustme.LeafCert | None) -> Reply:
            client = Client(served.client.port, authority)
            if certificate:
                certificate.configure_cert(client.context)
            return client.review()

        assert asked(known.issue_cert("api-server")).verdict == (True, "")
        for refused in (None, unknown.issue_cert("api-server")):
            with pytest.raises((ssl.SSLError, ConnectionError)):
                asked(refused)
        unknown.cert_pem.write_to_path(file)

        def is_known_now() -> bool:
            try:
                return asked(unknown.issue_cert("api-server")).status == 200
            except (ssl.SSLError, ConnectionError):
                return False

        eventually(is_known_now, "the new authorities")


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_server_that_ends_answers_what_comes_until_nothing_comes(
    tmp_path: Path, authority: trustme.CA, decider: Admission, *, is_kept: bool
) -> None:
    with serving(tmp_path, authority, decider, drain_seconds=60.0) as served:
        with traffic(served.client, is_kept=is_kept) as replies:
            more(replies)
            served.stop()
            eventually(lambda: served.client.ask("GET", "/readyz").status == 503, "a server that is ending")
            more(replies)
        assert text(served.client.ask("GET", "/readyz")) == (503, "not ready: the server is ending\n")
        assert served.client.ask("GET", "/healthz").status == 200
        assert {reply.verdict for reply in replies} == {(True, "")}
        assert replies[-1].headers["Connection"] == "close"
        served.stop()
        served.thread.join(10)
        assert not served.thread.is_alive()


def refused(client: Client) -> Callable[[], bool]:
    def ask_once() -> bool:
        try:
            client.ask("GET", "/healthz")
        except OSError:
            return True
        return False

    return ask_once


def test_what_is_being_decided_at_the_end_is_answered(
    tmp_path: Path, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    from checker.config import AdmissionSettings
    from tests.admission.reviews import admission

    decider = admission(AdmissionSettings(budget=25.0))
    with serving(tmp_path, authority, decider) as served, ExitStack() as stack:
        gate = Gate(served, monkeypatch)
        connection = stack.enter_context(served.client.connect())
        idle = stack.enter_context(served.client.connect())
        idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        assert idle.recv(1000).endswith(b"ok\n")
        connection.sendall(post(f"Content-Length: {len(GOOD)}", body=GOOD))
        assert gate.begun.acquire(timeout=10)
        served.stop()
        eventually(refused(served.client), "a closed door")
        assert idle.recv(1000) == b""
        gate.open.set()
        assert b'"allowed":true' in connection.recv(10_000)
    assert not served.thread.is_alive()
    decider.close()


def test_the_end_waits_no_longer_than_it_may(
    tmp_path: Path, authority: trustme.CA, decider: Admission, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level("INFO", "checker.server"),
        serving(tmp_path, authority, decider, shutdown_seconds=0.2) as served,
        served.client.connect() as slow,
    ):
        slow.sendall(post("Content-Length: 100", "Expect: 100-continue"))
        assert slow.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        served.stop()
        served.thread.join(10)
        assert not served.thread.is_alive()
    ended = [one for one in caplog.records if one.message == "ended"]
    assert [vars(one)["cut"] for one in ended] == [1]


def test_a_fault_while_files_are_watched_does_not_end_the_watch(
    tmp_path: Path, authority: trustme.CA, decider: Admission, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(tmp_path, authority, decider) as served:
        before = presented(served.client)
        tried = threading.Event()

        def broken(_: Served) -> bool:
            tried.set()
            raise MemoryError

        with monkeypatch.context() as patch:
            patch.setattr("checker.server.certificates.Certificates.check", broken)
            assert tried.wait(10)
        served.certificates.issue()
        eventually(lambda: presented(served.client) != before, "the new certificate")


def test_every_refusal_is_counted_by_its_status(tmp_path: Path, authority: trustme.CA, decider: Admission) -> None:
    counted = Metrics()
    with serving(tmp_path, authority, decider, counted) as served:
        assert served.client.say(b"nonsense\r\n\r\n").startswith(b"HTTP/1.")
        assert served.client.ask("GET", "/").status == 404
        assert served.client.ask("POST", "/validate", b"", {}).status == 415
    name = "checker_http_refusals_total{status="
    refusals = [line for line in counted.exposition().decode().splitlines() if line.startswith(name)]
    assert refusals == [f'{name}"{status}"}} 1.0' for status in (400, 404, 415)]
