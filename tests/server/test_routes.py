"""Tests what each request is answered, over TLS."""

from __future__ import annotations

import json

import pytest

from checker.admission import MAX_BYTES
from checker.server.routes import patience
from tests.admission.reviews import UID
from tests.server.served import BAD, GOOD, JSON, Client, Reply, ask


def text(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.body.decode()


def post(*head: str, body: bytes = b"", path: str = "/validate") -> bytes:
    lines = (f"POST {path} HTTP/1.1", "Host: webhook", "Content-Type: application/json", "Connection: close", *head)
    return "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n" + body


def test_objects_are_let_in_or_refused(client: Client) -> None:
    good, bad = client.review(GOOD), client.review(BAD)
    assert (good.status, good.headers["Content-Type"], good.verdict) == (200, "application/json", (True, ""))
    allowed, message = bad.verdict
    assert (bad.status, allowed, message.splitlines()[0]) == (200, False, "Pod web breaks rules:")
    assert json.loads(bad.body)["response"]["uid"] == UID


@pytest.mark.parametrize(
    ("path", "profile"),
    [
        ("/validate", "default"),
        ("/validate/", "default"),
        ("/validate?timeout=10s", "default"),
        ("/validate/strict", "strict"),
        ("/validate/strict?timeout=30s", "strict"),
        ("/validate/s%74rict", "strict"),
    ],
)
def test_the_path_names_the_profile(client: Client, path: str, profile: str) -> None:
    annotations = json.loads(client.review(path=path).body)["response"]["auditAnnotations"]
    assert annotations["profile"] == profile


def test_a_profile_that_does_not_exist_is_answered_as_the_failure_table_says(client: Client) -> None:
    reply = client.review(path="/validate/strikt")
    assert (reply.status, reply.verdict) == (200, (False, "there is no such profile"))


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        ("GET", "/healthz", 200, "ok\n"),
        ("HEAD", "/healthz", 200, ""),
        ("GET", "/readyz", 200, "ready\n"),
        ("GET", "/", 404, "there is nothing here: ask /validate, /healthz or /readyz\n"),
        ("GET", "/validated", 404, "there is nothing here: ask /validate, /healthz or /readyz\n"),
        ("GET", "/../readyz", 404, "there is nothing here: ask /validate, /healthz or /readyz\n"),
        ("GET", "/validate", 405, "the method must be POST\n"),
        ("PUT", "/validate/strict", 405, "the method must be POST\n"),
        ("POST", "/readyz", 405, "the method must be GET or HEAD\n"),
        ("BREW", "/validate", 400, "this is no HTTP request that can be read\n"),
    ],
)
def test_every_other_request_has_a_plain_answer(client: Client, method: str, path: str, status: int, said: str) -> None:
    assert text(client.ask(method, path)) == (status, said)


def test_a_refused_method_is_told_which_are_not(client: Client) -> None:
    assert client.ask("GET", "/validate").headers["Allow"] == "POST"


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({}, "the body must be application/json\n"),
        ({"Content-Type": "text/plain"}, "the body must be application/json\n"),
        ({"Content-Type": "application/yaml"}, "the body must be application/json\n"),
        ({**JSON, "Content-Encoding": "gzip"}, "the body must not be compressed\n"),
    ],
)
def test_a_body_of_another_type_is_refused(client: Client, headers: dict[str, str], said: str) -> None:
    assert text(client.ask("POST", "/validate", GOOD, headers)) == (415, said)


def test_a_type_may_name_its_character_set(client: Client) -> None:
    reply = client.ask("POST", "/validate", GOOD, {"Content-Type": "application/json; charset=utf-8"})
    assert reply.verdict == (True, "")


def test_a_body_in_chunks_is_read_whole(client: Client) -> None:
    parts = [BAD[:10], BAD[10:700], BAD[700:]]
    assert client.ask("POST", "/validate", iter(parts), JSON).verdict[0] is False


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the body is not JSON: expecting value"),
        (b"{", "the body is not JSON: expecting property name enclosed in double quotes"),
        (b"\xff", "the body is not UTF-8"),
        (b"[]", "the body is no AdmissionReview"),
        (b'{"kind": "AdmissionReview", "kind": "AdmissionReview"}', "the body has a key twice in one object"),
    ],
)
def test_what_is_no_review_gets_the_status_that_says_so(client: Client, body: bytes, reason: str) -> None:
    reply = client.review(body)
    assert (reply.status, reply.verdict) == (400, (False, reason))


def test_a_body_that_is_too_large_is_answered_with_the_uid_where_it_begins_as_it_should(client: Client) -> None:
    reply = client.review(GOOD + b" " * MAX_BYTES)
    assert (reply.status, reply.verdict) == (200, (False, "the body has more than 8 MiB"))
    assert json.loads(reply.body)["response"]["uid"] == UID
    assert reply.headers["Connection"] == "close"


def test_any_other_body_that_is_too_large_is_refused(client: Client) -> None:
    assert text(client.review(b" " * (MAX_BYTES + 1))) == (413, "the body has more than 8 MiB\n")
    chunks = iter([b" " * 2**20] * 9)
    assert text(client.ask("POST", "/validate", chunks, JSON)) == (413, "the body has more than 8 MiB\n")


def test_the_largest_body_is_read(client: Client) -> None:
    assert client.review(GOOD + b" " * (MAX_BYTES - len(GOOD))).verdict == (True, "")


def test_a_client_that_waits_for_it_is_asked_for_the_body(client: Client) -> None:
    with client.connect() as connection:
        connection.sendall(post("Expect: 100-continue", f"Content-Length: {len(GOOD)}"))
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(GOOD)
        assert connection.recv(100).startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_client_that_waits_is_not_asked_for_a_body_that_would_be_refused(client: Client) -> None:
    head = post("Expect: 100-continue", f"Content-Length: {len(GOOD)}", path="/elsewhere")
    assert client.say(head).startswith(b"HTTP/1.1 404 Not Found\r\n")


def test_any_other_expectation_is_not_met(client: Client) -> None:
    assert client.say(post("Expect: miracles", "Content-Length: 0")).startswith(b"HTTP/1.1 417 Expectation Failed\r\n")


@pytest.mark.parametrize(
    "content",
    [
        b"\x16\x03\x01\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nno header\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nlarge: " + b"a" * 9_000 + b"\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\n" + b"a: b\r\n" * 200 + b"\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /validate HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST /validate HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    ],
)
def test_what_is_no_http_request_is_refused_without_quoting_it(client: Client, content: bytes) -> None:
    answer = client.say(content)
    assert answer.partition(b"\r\n")[0] in (b"HTTP/1.0 400 Bad Request", b"HTTP/1.1 400 Bad Request")
    assert answer.endswith(b"\r\n\r\nthis is no HTTP request that can be read\n")
    assert client.review().verdict == (True, "")


def test_a_body_whose_chunks_are_broken_is_refused(client: Client) -> None:
    answer = client.say(post("Transfer-Encoding: chunked", body=b"zz\r\n"))
    assert answer.startswith((b"HTTP/1.1 400 Bad Request\r\n", b"HTTP/1.0 400 Bad Request\r\n"))


def test_a_connection_serves_one_request_after_the_other(client: Client) -> None:
    connection = client.open()
    try:
        replies = [ask(connection, "POST", "/validate", body, JSON) for body in (GOOD, BAD, b"{", GOOD)]
        assert [reply.status for reply in replies] == [200, 200, 400, 200]
        assert ask(connection, "GET", "/nothing").status == 404
        assert ask(connection, "POST", "/validate", GOOD, JSON).verdict == (True, "")
    finally:
        connection.close()


def test_requests_that_come_at_once_on_a_connection_are_answered_in_their_order(client: Client) -> None:
    length = f"Content-Length: {len(GOOD)}\r\n\r\n".encode()
    one = b"POST /validate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" + length + GOOD
    last = b"GET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    answer = client.say(one * 3 + last)
    assert (answer.count(b"HTTP/1.1 200 OK"), answer.count(b'"allowed":true'), answer[-6:]) == (4, 3, b"ready\n")


def test_a_client_of_http_1_0_is_answered_and_left(client: Client) -> None:
    answer = client.say(b"GET /healthz HTTP/1.0\r\n\r\n")
    assert (answer.startswith(b"HTTP/1.0 200 OK\r\n"), answer.endswith(b"\r\n\r\nok\n")) == (True, True)


@pytest.mark.parametrize(
    ("timeout", "seconds"),
    [
        ("10s", 10.0),
        ("500ms", 0.5),
        ("1m", 60.0),
        ("1.5s", 1.5),
        ("", float("inf")),
        ("soon", float("inf")),
        ("-1s", float("inf")),
    ],
)
def test_the_api_server_says_how_long_it_waits(timeout: str, seconds: float) -> None:
    assert patience(timeout) == seconds
