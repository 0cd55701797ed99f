"""Tests that new certificates are used as soon as they can be, and that broken ones are not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from checker.errors import CheckerError
from checker.server.certificates import Certificates, Pair
from tests.webhook import Certificates as Volume

if TYPE_CHECKING:
    import trustme


@pytest.fixture
def volume(tmp_path: Path, authority: trustme.CA) -> Volume:
    return Volume(tmp_path / "certificates", authority)


def pair(volume: Volume) -> Pair:
    return Pair(volume.folder / "tls.crt", volume.folder / "tls.key")


def chain(issued: trustme.LeafCert) -> bytes:
    return b"".join(pem.bytes() for pem in issued.cert_chain_pems)


def test_nothing_is_new_while_nothing_changes(volume: Volume) -> None:
    certificates = Certificates(pair(volume))
    context = certificates.context
    assert [certificates.check(), certificates.check()] == [False, False]
    assert (certificates.context, certificates.problem) == (context, "")


def test_a_new_certificate_gets_a_context_of_its_own(volume: Volume) -> None:
    certificates = Certificates(pair(volume))
    context, end = certificates.context, datetime(2040, 1, 1, tzinfo=UTC)
    volume.issue(not_after=end)
    assert [certificates.check(), certificates.check()] == [True, False]
    assert certificates.context is not context
    assert certificates.validity.end == end


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        ("key", "{certificate}, {key}: the key is not that of the certificate"),
        ("certificate", "{certificate}, {key}: hold no certificate and key in PEM"),
        ("text", "{certificate}, {key}: hold no certificate and key in PEM"),
        ("empty", "{certificate}, {key}: hold no certificate and key in PEM"),
        ("missing", "{key}: cannot be read: No such file or directory"),
    ],
)
def test_what_cannot_be_used_leaves_the_old_in_place_until_it_can(
    volume: Volume, authority: trustme.CA, broken: str, problem: str
) -> None:
    certificates = Certificates(pair(volume))
    before = certificates.context, certificates.validity
    other, another = authority.issue_cert("127.0.0.1"), authority.issue_cert("127.0.0.1")
    volume.write(
        {
            "key": {"tls.crt": chain(other), "tls.key": another.private_key_pem.bytes()},
            "certificate": {"tls.crt": b"-----BEGIN", "tls.key": other.private_key_pem.bytes()},
            "text": {"tls.crt": chain(other), "tls.key": b"secret"},
            "empty": {"tls.crt": b"", "tls.key": b""},
            "missing": {"tls.crt": chain(other)},
        }[broken]
    )
    assert [certificates.check(), certificates.check()] == [False, False]
    assert certificates.problem == problem.format(**pair(volume)._asdict())
    assert (certificates.context, certificates.validity) == before
    volume.issue()
    assert (certificates.check(), certificates.problem) == (True, "")


def test_the_old_pair_put_back_is_no_new_one(volume: Volume) -> None:
    certificates = Certificates(pair(volume))
    old = {name: (volume.folder / name).read_bytes() for name in ("tls.crt", "tls.key")}
    volume.write({"tls.crt": b"", "tls.key": b""})
    assert (certificates.check(), bool(certificates.problem)) == (False, True)
    volume.write(old)
    assert (certificates.check(), certificates.problem) == (False, "")


def test_a_certificate_counts_from_its_begin_to_its_end(volume: Volume) -> None:
    begin, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    volume.issue(not_before=begin, not_after=end)
    certificates = Certificates(pair(volume))
    moments = [begin - timedelta(seconds=1), begin, end, end + timedelta(seconds=1)]
    assert [certificates.is_valid(moment) for moment in moments] == [False, True, True, False]


def test_a_key_with_a_password_is_told_and_nobody_is_asked_for_it(volume: Volume, authority: trustme.CA) -> None:
    from cryptography.hazmat.primitives import serialization

    issued = authority.issue_cert("127.0.0.1")
    key = serialization.load_pem_private_key(issued.private_key_pem.bytes(), None)
    encryption = serialization.BestAvailableEncryption(b"secret")
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
    volume.write({"tls.crt": chain(issued), "tls.key": pem})
    with pytest.raises(CheckerError, match="the key is encrypted"):
        Certificates(pair(volume))


def test_authorities_of_clients_must_be_certificates(volume: Volume, tmp_path: Path) -> None:
    file = tmp_path / "authorities.pem"
    for content in (b"", b"nothing", b"\xff"):
        file.write_bytes(content)
        with pytest.raises(CheckerError) as told:
            Certificates(pair(volume)._replace(client_authorities=file))
        assert str(told.value) == f"{file}: holds no certificates in PEM"


def test_files_that_change_while_they_are_read_are_read_again(volume: Volume, monkeypatch: pytest.MonkeyPatch) -> None:
    from checker.server import validity

    certificates = Certificates(pair(volume))
    read = validity.of

    def changing(content: bytes) -> validity.Validity:
        monkeypatch.undo()
        volume.issue()
        return read(content)

    volume.issue()
    monkeypatch.setattr(validity, "of", changing)
    assert certificates.check() is False
    assert certificates.problem.endswith(": changed while they were read")
    assert (certificates.check(), certificates.problem) == (True, "")
