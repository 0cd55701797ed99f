"""Tests that whatever is sent has a defined answer, and the next request the usual one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.admission.reviews import UID, pod, review
from tests.server.served import JSON, Client, ask
from tests.server.test_routes import post

DEFINED = {b"200", b"400", b"404", b"405", b"408", b"413", b"415", b"417"}
whatever = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def changed(**fields: Any) -> bytes:
    """Return a review with some fields of the request replaced, or left out where they are None."""
    content = json.loads(review(pod()))
    content["request"] = {key: value for key, value in (content["request"] | fields).items() if value is not None}
    return json.dumps(content).encode()


NESTED = b'{"a":' * 100_000 + b"1" + b"}" * 100_000


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (changed(uid=None), 400, "the request has no uid"),
        (changed(uid=7), 400, "the request has no uid"),
        (changed(kind=None), 200, "kind is no mapping"),
        (changed(operation="READ"), 200, "the operation is none of CREATE, UPDATE, DELETE, CONNECT"),
        (changed(object=[1]), 200, "object is no mapping"),
        (changed(dryRun="yes"), 200, "dryRun is no boolean"),
        (NESTED, 400, None),
        (review(pod())[:-1] + b',"a":' + NESTED + b"}", 200, None),
        (review(pod()).replace(b'"namespace"', b'"uid":"x","namespace"', 1), 200, None),
        (review(pod(annotations={"a": "\ud800"})), 200, None),
        (review(pod()).replace(b"8080", b"1" * 5000), 200, None),
        (review(pod()).replace(b"8080", b"1e999999"), 200, None),
        (review(pod(annotations={"a": "b" * 3 * 2**20})), 200, ""),
        (changed(object={"apiVersion": "v2", "kind": "Pud"}, kind={"version": "v2", "kind": "Pud"}), 200, ""),
    ],
    ids=range(14),
)
def test_a_broken_review_has_an_answer_with_its_uid_where_it_has_one(
    client: Client, body: bytes, status: int, message: str | None
) -> None:
    reply = client.review(body)
    response = json.loads(reply.body)["response"]
    assert (reply.status, response["uid"]) == (status, UID if status == 200 else "")
    if message is not None:
        assert reply.verdict == (not message, message)
    assert client.review().verdict == (True, "")


@whatever
@given(st.binary(max_size=500))
def test_any_body_has_a_defined_answer(client: Client, body: bytes) -> None:
    connection = client.open()
    try:
        assert ask(connection, "POST", "/validate", body, JSON).status in (200, 400)
        assert ask(connection, "GET", "/readyz").status == 200
    finally:
        connection.close()


@whatever
@given(st.text(st.characters(codec="latin-1"), max_size=50), st.text("abc/%?#:2eE&=;.", max_size=30))
def test_any_head_has_a_defined_answer(client: Client, header: str, path: str) -> None:
    content = post(f"X-Any: {header}", "Content-Length: 2", body=b"{}", path=f"/{path}")
    answer = client.say(content)
    assert answer[:9] in (b"HTTP/1.0 ", b"HTTP/1.1 ")
    assert answer[9:12] in DEFINED
    assert client.ask("GET", "/healthz").status == 200
