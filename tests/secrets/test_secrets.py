"""Tests which secrets a value and a text hold, and that the cheap check misses none of them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.model import SecretMark, SecretType
from checker.secrets import mark, marks, may_hold_secret, scan_text

TOKEN = "ghp_aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1bC3"
PATH = ("data", 0)

NAMES = st.sampled_from(["", "PASSWORD", "apiKey", "private-key", "authSecret", "TOKEN_URL"])
VALUES = st.sampled_from(
    ["hunter22", "changeme", TOKEN, f"a {TOKEN}", "postgres://u:p4ssw0rd9@db/x", "${X}", "AKIA2E3F4G5H6J7K3L2M", ""]
) | st.text("aB1-_.:/@$", max_size=30)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("PASSWORD", "hunter22", [("literal", "hunter22")]),
        ("PASSWORD", "changeme", [("placeholder", "changeme")]),
        ("PASSWORD", "${PASSWORD}", []),
        ("PASSWORD", "/run/secrets/password", []),
        ("PASSWORD", "true", []),
        ("PASSWORD", "db", []),
        ("PASSWORD", "", []),
        ("PASSWORD", "1234567.5", []),
        ("TITLE", "hunter22", []),
        ("TITLE", "changeme", []),
        ("TITLE", TOKEN, [("token", TOKEN)]),
        ("PASSWORD", f"token {TOKEN}", [("token", TOKEN)]),
        ("", f"{TOKEN} and https://u:p4ssw0rd9@h/", [("token", TOKEN), ("url-password", "p4ssw0rd9")]),
        ("URL", "postgres://u:p4ssw0rd9@db/x", [("url-password", "p4ssw0rd9")]),
        ("URL", "postgres://u:postgres@db/x", [("placeholder", "postgres")]),
        ("URL", "postgres://orders:orders@db/x", [("placeholder", "orders")]),
        ("PASSWORD", "postgres://u:${P}@db/x", []),
        ("URL", "postgres://u@db/x", []),
    ],
)
def test_a_value_has_these_secrets(name: str, value: str, found: list[tuple[SecretType, str]]) -> None:
    expected = [SecretMark(PATH, kind, secret) for kind, secret in found]
    assert list(marks(PATH, name, value)) == expected
    assert mark(PATH, name, value) == (expected[0] if expected else None)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see http://user:password@host/", []),
        ("see http://u:<password>@host/ or http://u:%s@host", []),
        ("http://:s3cr3tpw@h", [("url-password", "s3cr3tpw")]),
        ("amqp://u:${P}@h and redis://:x7Kq9Lm2@h", [("url-password", "x7Kq9Lm2")]),
        (f"https://oauth2:{TOKEN}@github.com/x", [("token", TOKEN)]),
        ("http://host:8080/a@b", []),
        ("", []),
    ],
)
def test_a_text_has_these_secrets(text: str, found: list[tuple[SecretType, str]]) -> None:
    assert list(scan_text(PATH, text)) == [SecretMark(PATH, kind, secret) for kind, secret in found]


def test_secrets_that_overlap_are_one() -> None:
    key = "-----BEGIN PRIVATE KEY-----\n" + "aB3dE5gH" * 8 + f"\n{TOKEN}\n-----END PRIVATE KEY-----"
    assert list(scan_text(PATH, key)) == [SecretMark(PATH, "private-key", key)]


@pytest.mark.parametrize(
    "text",
    [
        '{"url": "https:\\/\\/u:p4ssw0rd9@h"}', '"\\u0070assword": "x"', '"\\x70assword": "x"', "My API  key: x",
        "privatekey=x", "passphrase", f'"a\\n{TOKEN}"',
    ],
)  # fmt: skip
def test_the_cheap_check_sees_through_escapes_and_spaces(text: str) -> None:
    assert may_hold_secret(text)


@pytest.mark.parametrize("text", ["", "kind: Pod\nimage: nginx:1.27\n", "http://host/a", "a\\nb", "api: {keyboard: 1}"])
def test_the_cheap_check_spares_ordinary_texts(text: str) -> None:
    assert not may_hold_secret(text) or "key" in text


@given(NAMES, VALUES)
def test_the_cheap_check_never_misses_a_secret(name: str, value: str) -> None:
    if list(marks(PATH, name, value)):
        assert may_hold_secret(f"{name}={value}")
        assert may_hold_secret(json.dumps({name: value}))
        assert may_hold_secret(f"- name: {name}\n  value: {value}\n")


@given(NAMES, st.text(max_size=80))
def test_no_value_raises_and_every_secret_stands_in_its_value(name: str, value: str) -> None:
    assert all(secret.value and secret.value in value for secret in marks(PATH, name, value))
