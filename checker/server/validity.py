"""Reads from when until when a certificate is valid."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from typing import Final, NamedTuple

_VERSION: Final = 0xA0
_TIMES: Final = {0x17: "%y%m%d%H%M%SZ", 0x18: "%Y%m%d%H%M%SZ"}
"""UTCTime and GeneralizedTime, as RFC 5280, 4.1.2.5 has certificates write them."""

_LONG: Final = 0x80
_END: Final = b"-----END CERTIFICATE-----"


class Validity(NamedTuple):
    """Holds when a certificate begins and ends to be valid."""

    begin: datetime
    end: datetime


def of(chain: bytes) -> Validity:
    """Return when the first certificate of a chain in PEM is valid; raises `ValueError` where there is none.

    TBSCertificate begins (RFC 5280, 4.1): version, serialNumber, signature, issuer, validity.
    """
    start = chain.find(b"-----BEGIN CERTIFICATE-----")
    end = chain.find(_END, start)
    if start < 0 or end < 0:
        message = "hold no certificate in PEM"
        raise ValueError(message)
    try:
        der = ssl.PEM_cert_to_DER_cert(chain[start : end + len(_END)].decode("ascii"))
        _, certificate, _ = _element(der)
        _, body, _ = _element(certificate)
        tag, _, rest = _element(body)
        for _ in range(3 if tag == _VERSION else 2):
            _, _, rest = _element(rest)
        _, period, _ = _element(rest)
        begin_tag, begin, rest = _element(period)
        end_tag, until, _ = _element(rest)
        return Validity(_time(begin_tag, begin), _time(end_tag, until))
    except (IndexError, KeyError, ValueError):
        message = "hold a certificate without a time of validity"
        raise ValueError(message) from None


def _element(der: bytes) -> tuple[int, bytes, bytes]:
    """Return tag and content of the first element, and what follows it."""
    tag, length, start = der[0], der[1], 2
    if length & _LONG:
        start = 2 + (length & ~_LONG)
        length = int.from_bytes(der[2:start], "big")
    return tag, der[start : start + length], der[start + length :]


def _time(tag: int, content: bytes) -> datetime:
    """Return a time; a year of two digits below 50 is of this century (RFC 5280), which `%y` would say below 69."""
    time = datetime.strptime(content.decode("ascii"), _TIMES[tag]).replace(tzinfo=UTC)
    is_short = tag == min(_TIMES)
    return time.replace(year=time.year - 100) if is_short and time.year >= 2050 else time  # noqa: PLR2004 - see above
