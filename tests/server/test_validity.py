"""Tests that the time of validity is read as OpenSSL reads it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from checker.server import validity
from checker.server.validity import Validity

if TYPE_CHECKING:
    import trustme


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        (datetime(2000, 1, 1, tzinfo=UTC), datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (datetime(2020, 2, 29, 12, 30, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)),
        (datetime(1950, 1, 1, tzinfo=UTC), datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (datetime(2051, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_both_ways_to_write_a_time_are_read(authority: trustme.CA, begin: datetime, end: datetime) -> None:
    issued = authority.issue_cert("localhost", not_before=begin, not_after=end)
    chain = b"".join(pem.bytes() for pem in issued.cert_chain_pems)
    assert validity.of(b"a comment\n" + chain + authority.cert_pem.bytes()) == Validity(begin, end)


@pytest.mark.parametrize("chain", [b"", b"-----BEGIN CERTIFICATE-----\n", b"no certificate"])
def test_what_is_no_certificate_is_told(chain: bytes) -> None:
    with pytest.raises(ValueError, match=r"^hold no certificate in PEM$"):
        validity.of(chain)


@pytest.mark.parametrize("content", [b"MAA=", b"MIIB", b"\xff", b"A", b""])
def test_what_holds_no_time_is_told(content: bytes) -> None:
    chain = b"-----BEGIN CERTIFICATE-----\n" + content + b"\n-----END CERTIFICATE-----"
    with pytest.raises(ValueError, match=r"^hold a certificate without a time of validity$"):
        validity.of(chain)


def test_a_certificate_that_breaks_off_never_ends_the_program(authority: trustme.CA) -> None:
    import ssl

    der = ssl.PEM_cert_to_DER_cert(authority.cert_pem.bytes().decode())
    for length in range(0, len(der), 7):
        for cut in (der[:length], der[:length] + b"\xff" + der[length + 1 :]):
            try:
                validity.of(ssl.DER_cert_to_PEM_cert(cut).encode())
            except ValueError as error:
                assert str(error) == "hold a certificate without a time of validity"  # noqa: PT017 - or none is raised
