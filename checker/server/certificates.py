"""Keeps the TLS context that fits the certificate files as they are now."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, NamedTuple

from checker.errors import CheckerError
from checker.server import validity

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


class Pair(NamedTuple):
    """Names the files of a certificate chain, its key, and the authorities of clients."""

    certificate: Path
    key: Path
    client_authorities: Path | None = None


class _Content(NamedTuple):
    certificate: bytes
    key: bytes
    client_authorities: bytes

    def __repr__(self) -> str:
        return "_Content()"


class Certificates:
    """Holds the context that new connections get."""

    def __init__(self, pair: Pair) -> None:
        """Raise `CheckerError` where the files cannot be used."""
        self._pair = pair
        self._seen = self._read()
        self.context, self.validity = self._load(self._seen)
        self.problem = ""
        """Why the files as they are now are not used; empty where they are."""

    def check(self) -> bool:
        """Use what the files hold now, and return whether that is new; what cannot be used changes `problem` only."""
        try:
            content = self._read()
            if content == self._seen and not self.problem:
                return False
            context, period = self._load(content)
        except CheckerError as error:
            self.problem = str(error)
            return False
        is_new = content != self._seen
        self._seen, self.context, self.validity, self.problem = content, context, period, ""
        return is_new

    def is_valid(self, now: datetime) -> bool:
        """Tell whether clients accept the certificate at a time."""
        return self.validity.begin <= now <= self.validity.end

    def _read(self) -> _Content:
        authorities = self._pair.client_authorities
        return _Content(
            _content(self._pair.certificate), _content(self._pair.key), _content(authorities) if authorities else b""
        )

    def _load(self, content: _Content) -> tuple[ssl.SSLContext, validity.Validity]:
        """Return a context of its own, since one that a mismatched pair was loaded into serves no client."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        try:
            context.load_cert_chain(self._pair.certificate, self._pair.key, _no_password)
            period = validity.of(content.certificate)
        except (OSError, ValueError) as error:
            message = f"{self._pair.certificate}, {self._pair.key}: {_fault(error)}"
            raise CheckerError(message) from None
        if self._pair.client_authorities:
            try:
                context.load_verify_locations(cadata=content.client_authorities.decode("ascii"))
            except (OSError, ValueError):
                message = f"{self._pair.client_authorities}: holds no certificates in PEM"
                raise CheckerError(message) from None
            context.verify_mode = ssl.CERT_REQUIRED
        if self._read() != content:
            message = f"{self._pair.certificate}, {self._pair.key}: changed while they were read"
            raise CheckerError(message)
        return context, period


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror}"
        raise CheckerError(message) from None


def _no_password() -> bytes:
    message = "the key is encrypted"
    raise ValueError(message)


def _fault(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        if error.reason == "KEY_VALUES_MISMATCH":
            return "the key is not that of the certificate"
        return "hold no certificate and key in PEM"
    return error.strerror or "cannot be read" if isinstance(error, OSError) else str(error)
