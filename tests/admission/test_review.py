"""Tests that every body is read as a review or refused with a reason."""

from __future__ import annotations

import json
import tracemalloc
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.admission.review import MAX_BYTES, Review, ReviewError, opening, read
from tests.admission.reviews import UID, pod, review

POD = pod()
BODY = review(POD)
V1 = "admission.k8s.io/v1"


def refusal(body: bytes) -> tuple[str, str, str, str]:
    with pytest.raises(ReviewError) as error:
        read(body)
    return error.value.kind, error.value.reason, error.value.uid, error.value.version


def field(name: str, value: Any) -> bytes:
    return review(POD, **{name: value})


def without(*names: str) -> bytes:
    content = json.loads(BODY)
    for name in names:
        content["request"].pop(name)
    return json.dumps(content).encode()


def test_every_field_of_a_request_is_read() -> None:
    body = review(POD, "UPDATE", name="web-1", subResource="resize", dryRun=True, oldObject=POD)
    assert read(body) == Review(
        uid=UID,
        operation="UPDATE",
        group="",
        version="v1",
        kind="Pod",
        resource="pods",
        subresource="resize",
        namespace="shop",
        name="web-1",
        dry_run=True,
        object=POD,
        old=POD,
        text=body.decode(),
    )


def test_what_an_api_server_leaves_out_is_empty() -> None:
    left_out = ("namespace", "oldObject", "dryRun", "options", "userInfo")
    found = read(without(*left_out))
    assert (found.namespace, found.name, found.subresource, found.old, found.dry_run) == ("", "web", "", None, False)


def test_an_object_of_a_group_says_its_version_with_the_group() -> None:
    scale = {"apiVersion": "autoscaling/v1", "kind": "Scale"}
    found = read(review(scale))
    assert (found.group, found.version, found.kind) == ("autoscaling", "v1", "Scale")


def test_an_object_that_does_not_say_its_kind_is_of_the_requests() -> None:
    bare: dict[str, Any] = {
        "kind": {"group": "apps", "version": "v1", "kind": "Deployment"},
        "object": {"metadata": {}},
    }
    assert read(review(POD, **bare)).object == {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {}}


@pytest.mark.parametrize(
    ("metadata", "name"),
    [
        ({"generateName": "web-"}, "web-"),
        ({"name": "", "generateName": "web-"}, "web-"),
        ({"name": "web-x", "generateName": "web-"}, "web-x"),
        ({}, ""),
        (None, ""),
        ({"generateName": 1}, ""),
        ({"generateName": "a\nb"}, ""),
        ({"generateName": "a" * 300}, "a" * 253),
    ],
)
def test_an_object_without_a_name_is_called_by_what_its_name_is_made_of(metadata: Any, name: str) -> None:
    assert read(review(POD | {"metadata": metadata})).name == name


DEEP = json.dumps(POD).replace('"shop"', "[" * 300 + "]" * 300)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the body is not JSON: expecting value"),
        (b"not json", "the body is not JSON: expecting value"),
        (b"\xff\xfe{}", "the body is not UTF-8"),
        (b"{}", "the body is no AdmissionReview"),
        (b"[]", "the body is no AdmissionReview"),
        (b"null", "the body is no AdmissionReview"),
        (b'"AdmissionReview"', "the body is no AdmissionReview"),
        (json.dumps(POD).encode(), "the body is no AdmissionReview"),
        (b'{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1"}', "the AdmissionReview holds no request"),
        (
            b'{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":[]}',
            "the AdmissionReview holds no request",
        ),
        (b"[" * 3_000_000, "the body is nested deeper than 250 levels"),
        (b'{"a":' * 100_000, "the body is nested deeper than 250 levels"),
        (without("uid"), "the request has no uid"),
        (field("uid", ""), "the request has no uid"),
        (field("uid", 7), "the request has no uid"),
        (field("uid", "a\nb"), "the request has no uid"),
        (field("uid", "a" * 300), "the request has no uid"),
    ],
)
def test_a_body_without_a_uid_is_refused_with_a_reason(body: bytes, reason: str) -> None:
    assert refusal(body) == ("bad-body", reason, "", V1)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (BODY + b"x", "the body is not JSON: extra data"),
        (BODY[:-1], "the body is not JSON: expecting ',' delimiter"),
        (BODY.replace(b'"shop"', b'"shop","dryRun":true,"dryRun":false', 1), "the body has a key twice in one object"),
        (BODY.replace(b'"web"', b'"\xff"'), "the body is not UTF-8"),
        (BODY.replace(b"8080", b"NaN"), "the body has a number that JSON cannot hold"),
        (BODY.replace(b"8080", b"1e999"), "the body has a number that JSON cannot hold"),
        (BODY.replace(b"8080", b"9" * 5000), "the body has a number that JSON cannot hold"),
        (
            BODY.replace(b'"options":{', b'"options":' + b"[" * 300 + b"]" * 300 + b',"x":{'),
            "the body is nested deeper than 250 levels",
        ),
        (BODY + b" " * MAX_BYTES, "the body has more than 8 MiB"),
        (field("operation", "PATCH"), "the operation is none of CREATE, UPDATE, DELETE, CONNECT"),
        (without("operation"), "the operation is none of CREATE, UPDATE, DELETE, CONNECT"),
        (field("operation", ["CREATE"]), "operation is no name"),
        (without("kind"), "kind is no mapping"),
        (without("resource"), "resource is no mapping"),
        (field("kind", {"kind": "Pod"}), "the request names no kind"),
        (field("kind", {"version": "v1"}), "the request names no kind"),
        (field("kind", {"group": 1, "version": "v1", "kind": "Pod"}), "object is of another kind than the request"),
        (field("dryRun", "true"), "dryRun is no boolean"),
        (field("namespace", ["shop"]), "namespace is no name"),
        (field("namespace", "a\nb"), "namespace is no name"),
        (field("name", "a" * 254), "name is no name"),
        (field("object", [POD]), "object is no mapping"),
        (field("oldObject", "pod"), "oldObject is no mapping"),
        (field("object", POD | {"kind": "ConfigMap"}), "object is of another kind than the request"),
        (field("oldObject", POD | {"apiVersion": "apps/v1"}), "oldObject is of another kind than the request"),
    ],
)
def test_a_body_with_a_uid_is_refused_with_it(body: bytes, reason: str) -> None:
    assert refusal(body) == ("bad-body", reason, UID, V1)


@pytest.mark.parametrize(
    ("version", "answered"),
    [
        ("admission.k8s.io/v1beta1", "admission.k8s.io/v1beta1"),
        ("admission.k8s.io/v2", V1),
        ("v1", V1),
        (1, V1),
        (None, V1),
    ],
)
def test_another_version_is_refused_in_words_that_its_client_reads(version: Any, answered: str) -> None:
    body = json.dumps(json.loads(BODY) | {"apiVersion": version}).encode()
    reason = "the AdmissionReview is not of the version admission.k8s.io/v1"
    assert refusal(body) == ("unknown-version", reason, UID, answered)


def test_the_opening_of_a_body_tells_uid_and_version() -> None:
    assert opening(BODY[:200]) == (UID, V1)
    assert opening(BODY.replace(b"/v1", b"/v1beta1", 1)) == (UID, "admission.k8s.io/v1beta1")
    assert opening(BODY.replace(b'{"kind"', b' {\n "kind"', 1)) == (UID, V1)
    assert opening(BODY[:80]) == ("", V1)
    assert opening(b"") == ("", V1)


def test_a_review_shows_nothing_of_its_object() -> None:
    assert repr(read(BODY)) == f"Review(uid='{UID}')"


def test_half_a_surrogate_pair_is_replaced_as_go_does() -> None:
    found = read(BODY.replace(b'"web"', b'"\\ud800"', 1)).object
    assert found is not None
    assert found["metadata"]["name"] == "\ufffd"


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_refused_with_a_reason(body: bytes) -> None:
    assert refusal(body)[0] == "bad-body"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=8), values, max_size=3),
    max_leaves=8,
)
FIELDS = ("uid", "kind", "resource", "subResource", "name", "namespace", "operation", "object", "oldObject", "dryRun")


@given(st.dictionaries(st.sampled_from(FIELDS), JSON, min_size=1, max_size=4))
def test_any_fields_make_a_review_or_a_refusal(fields: dict[str, Any]) -> None:
    body = review(POD, **fields)
    try:
        found = read(body)
    except ReviewError:
        return
    assert found.uid == fields.get("uid", UID)
    assert found.object is None or {"apiVersion", "kind"} <= found.object.keys()


@given(st.integers(min_value=0, max_value=len(BODY) - 1), st.integers(min_value=0, max_value=255))
def test_a_body_with_a_wrong_byte_makes_a_review_or_a_refusal(position: int, byte: int) -> None:
    with suppress(ReviewError):
        assert isinstance(read(BODY[:position] + bytes([byte]) + BODY[position + 1 :]), Review)


def test_memory_for_a_hostile_body_is_bounded() -> None:
    hostile = [
        b"[" * 3_000_000,
        b'{"a":' * 500_000,
        b"[" + b"[]," * 1_000_000 + b"1]",
        b'{"a":"' + b"\\u0041" * 500_000,
    ]
    tracemalloc.start()
    try:
        for body in hostile:
            assert refusal(body)[0] == "bad-body"
        assert tracemalloc.get_traced_memory()[1] < 200 * 2**20
    finally:
        tracemalloc.stop()
