"""Tests what a name tells, and which values are nobody's secret."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.secrets.values import is_flag, is_path, is_placeholder, is_reference, is_telling, secret_literal


@pytest.mark.parametrize(
    "name",
    [
        "PASSWORD", "DB_PASSWD", "mysql-pwd", "client.secret", "authToken", "CREDENTIAL", "awsCredentials", "APIKEY",
        "api_key", "apiKey", "X-API-Key", "APIKey", "SSHPrivateKey", "PRIVATE_KEY", "PGPASSWORD", "PASSWORD2",
        "passphrase",
    ],
)  # fmt: skip
def test_a_telling_name_is_telling(name: str) -> None:
    assert is_telling(name)


@pytest.mark.parametrize(
    "name",
    [
        "", "PUBLIC_TOKEN", "PASSWORD_FILE", "token-path", "secretName", "TOKEN_URL", "PASSWORD_LENGTH", "TOKEN_TTL",
        "SECRET_EXPIRY", "KEY", "API_SECURITY_KEY", "TOKENIZER", "MAX_TOKENS", "PRIVATE", "secretary", "TOKEN_ISSUER",
        "COMPASS", "AUTH_HOST",
    ],
)  # fmt: skip
def test_a_name_that_speaks_about_a_secret_or_of_none_is_not(name: str) -> None:
    assert not is_telling(name)


@pytest.mark.parametrize(
    "value",
    [
        "${DB_PASSWORD}", "$(cat /run/secret)", "$DB_PASSWORD", "%DB_PASSWORD%", "{{ password }}", "<% password %>",
        "vault:secret/data/app#password", "op://vault/item/field", "ENC[AES256_GCM,data:x]", "file:/run/secrets/db",
        "arn:aws:secretsmanager:eu-west-1:1:secret:x", "projects/p/secrets/s/versions/1", "ref+vault://x",
        "@Microsoft.KeyVault(SecretUri=https://x)", "$ANSIBLE_VAULT;1.1;AES256", "{cipher}abc", "${DB_PASSWORD:-}",
        "${DB_PASSWORD:-changeme}", "${DB_PASSWORD-abc}", " ${A} ", "secretKeyRef:db/password", "prefix-${A}",
    ],
)  # fmt: skip
def test_a_value_that_names_the_place_of_a_secret_is_a_reference(value: str) -> None:
    assert is_reference(value)
    assert secret_literal("PASSWORD", value) is None


@pytest.mark.parametrize("value", ["hunter22", "pa$$word", "${DB_PASSWORD:-hunter22}", "a{b}c", "", "100%"])
def test_a_value_that_holds_a_secret_is_no_reference(value: str) -> None:
    assert not is_reference(value)


@pytest.mark.parametrize(
    "value",
    [
        "changeme", "change-me", "CHANGE_ME!", "password", "Passw0rd", "p@ssw0rd", "admin", "admin123", "root",
        "supersecret", "my-secret-token", "your_api_key_here", "<your-token>", "[token]", "{token}", "__TOKEN__", "%s",
        "%(password)s", "@TOKEN@", "xxxxxxxx", "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "********", "...", "abc...",
        "123456", "1234567890", "87654321", "abcdefgh", "0000000", "abababab", "'changeme'", "AKIAIOSFODNN7EXAMPLE",
        "test1234", "minioadmin", "-----",
    ],
)  # fmt: skip
def test_a_value_that_stands_for_another_or_is_everybodys_is_a_placeholder(value: str) -> None:
    assert is_placeholder(value)
    assert secret_literal("PASSWORD", value) is None


@pytest.mark.parametrize(
    "value",
    [
        "",
        "hunter22",
        "s3cr3t-Pa55",
        "correct-horse-battery-staple",
        "admin98765x",
        "test20231105",
        "sst",
        "x" * 50 + "y" * 50,
        "12",
    ],
)
def test_a_value_that_somebody_chose_is_no_placeholder(value: str) -> None:
    assert not is_placeholder(value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PASSWORD", "short"),
        ("TOKEN", "disabled"),
        ("TOKEN", "123456.78"),
        ("TOKEN", "86400s"),
        ("TOKEN", "2019-03-20T17:54:53Z"),
        ("passwordEncryption", "scram-sha-256"),
        ("TOKEN", "HS256-"[:5] + "00"),
        ("TOKEN", "AES-256-GCM"),
        ("TOKEN", "/run/secrets/token"),
        ("TOKEN", "./token"),
        ("TOKEN", "~/.token"),
        ("TOKEN", "C:\\token"),
        ("TOKEN", "secrets/token.txt"),
        ("TOKEN", "team/orders-token"),
        ("TOKEN", "https://login.internal/token"),
        ("PASSWORD", "$2b$12$R9h7cIPz0giA5nVQpYqN0u"),
        ("PASSWORD", "{SSHA}DkMTwBl+a/3DQTxCYEApdUtNXGgdUac3"),
        ("TOKEN", "sha256:9f86d081884c7d65"),
        ("PASSWORD", "md5" + "0a1b2c3d" * 4),
        ("PASSWORD_HASH", "0a1b2c3d" * 8),
        ("TOKEN", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA me"),
        ("TOKEN", "-----BEGIN CERTIFICATE-----\nMIIB"),
        ("TOKEN", "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t"),
        ("STRIPE_SECRET", "pk_live_abcdefgh"),
        ("PASSWORD", "DB_PASSWORD"),
        ("TOKEN", "orders-token"),
    ],
)
def test_a_value_that_nobody_has_to_hide_is_no_literal(name: str, value: str) -> None:
    assert secret_literal(name, value) is None


@pytest.mark.parametrize(
    ("value", "secret"),
    [
        ("hunter22", "hunter22"),
        (" hunter22\n", "hunter22"),
        ("0a1b2c3d" * 4, "0a1b2c3d" * 4),
        ("aGVsbG8gd29ybGQhIQ==", "aGVsbG8gd29ybGQhIQ=="),
        ("${DB_PASSWORD:-hunter22}", "hunter22"),
        ("correct-horse-battery-staple", "correct-horse-battery-staple"),
        ("p4ss w0rd with spaces", "p4ss w0rd with spaces"),
        ("3f9c2b7ad41e4f0f8a6d", "3f9c2b7ad41e4f0f8a6d"),
    ],
)
def test_what_is_left_is_secret(value: str, secret: str) -> None:
    assert secret_literal("PASSWORD", value) == secret


def test_flags_switch_something() -> None:
    assert [value for value in ("True", " off ", "null", "hunter22", "") if is_flag(value)] == ["True", " off ", "null"]


def test_hosts_and_files_are_paths() -> None:
    assert [value for value in ("db.internal", "a/b.pem", "/x", "hunter22", "a b") if is_path(value)] == [
        "db.internal",
        "a/b.pem",
        "/x",
    ]


@given(st.text(max_size=60), st.text(max_size=200))
def test_no_name_and_no_value_raises(name: str, value: str) -> None:
    is_telling(name)
    secret = secret_literal(name, value)
    assert secret is None or secret in value
