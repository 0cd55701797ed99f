"""Tests that each format of a token is found, where it stands, and that words and examples are not."""

from __future__ import annotations

import base64
import importlib
import re
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.secrets.formats import Candidate, Format, find, formats, may_hold

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
PARSER = importlib.import_module("re._parser")
BY_NAME = {known.name: known for known in formats()}


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode().rstrip("=")


HEADER = encoded(b'{"alg": "HS256"}')
CLAIMS = encoded(b'{"sub": "a-person"}')
JWT = f"{HEADER}.{CLAIMS}.4fQ7zXo0mJ2kV9bN1cLs8RtYuIpEaGhDw"
MATERIAL = "MIGHAgEAMBMGByqGSM49q3Rt" * 3
CHECKED = {
    "JSON Web Token": JWT,
    "PEM private key": f"-----BEGIN PRIVATE KEY-----\n{MATERIAL}\n-----END PRIVATE KEY-----",
    "PEM private key in base64": encoded(f"-----BEGIN RSA PRIVATE KEY-----\n{MATERIAL}".encode()),
    "Slack token": "xoxb-" + "482915037462-" * 2 + "aB3dE5gH7jK9mN1pQ2rS4tU6",
    "PuTTY private key": f"PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\n{MATERIAL}",
}
BEFORE = {"HashiCorp Terraform token": "aB3dE5gH7jK9mN", "Telegram bot token": "123456789:"}


def sample(pattern: Any, random: Random) -> str:
    """Return a random string that an expression, as `re` parses it, matches."""
    parts = []
    for operation, argument in pattern:
        match str(operation):
            case "LITERAL":
                parts.append(chr(argument))
            case "IN":
                parts.append(random.choice("".join(members(argument))))
            case "MAX_REPEAT" | "MIN_REPEAT":
                least, most, inner = argument
                parts += [sample(inner, random) for _ in range(random.randint(least, min(most, least + 3)))]
            case "SUBPATTERN":
                parts.append(sample(argument[-1], random))
            case "BRANCH":
                parts.append(sample(random.choice(argument[1]), random))
            case looking:
                assert looking in {"ASSERT", "AT"}
    return "".join(parts)


def members(argument: Any) -> Iterator[str]:
    for operation, value in argument:
        match str(operation):
            case "LITERAL":
                yield chr(value)
            case "RANGE":
                yield "".join(map(chr, range(value[0], value[1] + 1)))


def types(text: str) -> list[str]:
    return [candidate.type for candidate in find(text)]


@pytest.mark.parametrize("known", formats(), ids=lambda known: known.name)
def test_every_format_is_found_and_never_missed_by_the_cheap_check(known: Format) -> None:
    token = CHECKED.get(known.name) or sample(PARSER.parse(known.pattern), Random(known.name))  # noqa: S311 - the same string in each run
    text = f"KEY={BEFORE.get(known.name, '')}{token}\n"
    found = [(candidate.type, text[candidate.start : candidate.end].strip()) for candidate in find(text)]
    secret = re.search(known.pattern, text)
    assert secret
    assert (known.type, secret["secret" if "secret" in secret.groupdict() else 0].strip()) in found
    assert may_hold(text)


@pytest.mark.parametrize("known", formats(), ids=lambda known: known.name)
def test_every_format_has_a_source_and_a_way_to_be_found(known: Format) -> None:
    assert known.source.startswith("https://")
    assert bool(known.prefixes) != bool(known.anchors)
    assert re.compile(known.pattern)


def test_names_of_formats_are_unique() -> None:
    assert len(BY_NAME) == len(formats())


TOKEN = "ghp_aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1bC3"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"a {TOKEN} b", [Candidate(2, 42, "token")]),
        (f"x={TOKEN}\ny={TOKEN}", [Candidate(2, 42, "token"), Candidate(45, 85, "token")]),
        (f"https://x:{TOKEN}@github.com", [Candidate(10, 50, "token")]),
        (f"A{TOKEN}", []),
        (f"_{TOKEN}", []),
        (f"{TOKEN}D", []),
        (TOKEN[:-1], []),
        ("AccountKey=" + "aB3+dE5/gH7jK9mN" * 5 + "aB3+dE==;x", [Candidate(11, 99, "token")]),
        ("123456789:AAaB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1", [Candidate(10, 45, "token")]),
        (f"jwt {JWT}", [Candidate(4, 4 + len(JWT), "token")]),
        (f"aB3dE5gH7jK9mN.atlasv1.{'aB3dE5gH7jK9' * 5}", [Candidate(23, 83, "token")]),
    ],
)  # fmt: skip
def test_a_token_is_found_between_what_is_no_part_of_it(text: str, found: list[Candidate]) -> None:
    assert list(find(text)) == found


@pytest.mark.parametrize(
    "text",
    [
        "ghp_" + "x" * 36,
        "ghp_" + "a" * 36,
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "AKIAIOSFODNN7EXAMPLE",
        "sk_live_your_key_goes_here_00000",
        "glpat-12345678901234567890",
        "hf_abcdefghijklmnopqrstuvwxyzabcdefgh",
        "npm_dependencies_of_the_project_as_they_are",
        "eyJhbGciOiJub25lIn0.short.x",
        "eyJ" + "aB3dE5gH7jK9" + ".eyJ" + "aB3dE5gH7jK9" + "." + "aB3dE5gH7jK9" * 2,
        "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\n# the key of the service comes here\n",
        "-----BEGIN PRIVATE KEY-----\n" + "x" * 64 + "\n-----END PRIVATE KEY-----",
        "-----BEGIN PUBLIC KEY-----\n" + "aB3dE5gH" * 8 + "\n-----END PUBLIC KEY-----",
        "-----BEGIN CERTIFICATE-----\n" + "aB3dE5gH" * 8 + "\n-----END CERTIFICATE-----",
        encoded(b"-----BEGIN CERTIFICATE-----\n" + b"aB3dE5gH" * 12),
        "eyJaB3dE5gH7j.eyJaB3dE5gH7jK9." + "aB3dE5gH7jK9" * 2,
        "LS0tLS1CRUdJTi" + "a" * 87,
    ],
)
def test_examples_words_and_public_keys_are_no_tokens(text: str) -> None:
    assert types(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN RSA PRIVATE KEY-----\n" + "aB3dE5gH" * 8 + "\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN OPENSSH PRIVATE KEY-----\\n" + "aB3dE5gH" * 8 + "\\n-----END OPENSSH PRIVATE KEY-----",
        "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n" + "aB3dE5gH" * 8 + "\n-----END PGP PRIVATE KEY BLOCK-----",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\n" + "aB3dE5gH" * 8,
    ],
)
def test_a_private_key_reaches_to_its_end(text: str) -> None:
    assert list(find(text)) == [Candidate(0, len(text), "private-key")]


def test_a_key_without_an_end_stops_where_key_material_stops() -> None:
    key = "-----BEGIN PRIVATE KEY-----\n" + "aB3dE5gH" * 8 + "\n"
    assert list(find(f"{key}-- a note\n")) == [Candidate(0, len(key), "private-key")]


def test_the_cheap_check_sees_through_escapes() -> None:
    assert may_hold(f'"a\\n{TOKEN}"')
    assert not may_hold('"a\\nb"')


@given(st.text(LETTERS + "_-. =\n", max_size=200))
def test_the_cheap_check_never_misses_what_is_found(text: str) -> None:
    assert may_hold(text) or list(find(text)) == []
