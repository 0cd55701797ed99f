"""Tells whether a worker can answer now, and what will keep it from it later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from checker.server.certificates import Certificates
    from checker.server.policies import Policies

NEAR: Final = timedelta(days=7)
"""How long before its end a certificate is spoken of: issuers renew theirs weeks before."""


class Readiness:
    """Holds what a worker knows of itself."""

    def __init__(self, certificates: Certificates, policies: Policies) -> None:
        self._certificates = certificates
        self._policies = policies
        self.is_draining = False
        self.cold: tuple[str, ...] = ("the rules are being loaded",)
        """Why the worker cannot judge; empty once it did."""

    def problems(self) -> list[str]:
        """Return why requests should go elsewhere now.

        What all replicas would say at the same time is no such reason, but for a certificate that no client accepts.
        """
        problems = [f"not ready: {reason}" for reason in self.cold]
        if self.is_draining:
            problems.append("not ready: the server is ending")
        if not self._certificates.is_valid(datetime.now(UTC)):
            problems.append("not ready: the certificate is not valid now")
        return problems

    def notes(self) -> list[str]:
        """Return what must be looked after, although requests are answered."""
        end = self._certificates.validity.end
        notes = [f"policies: revision {self._policies.revision}", f"certificate: valid until {end:%FT%TZ}"]
        if end - datetime.now(UTC) < NEAR:
            notes.append("certificate: its end is near")
        if self._certificates.problem:
            notes.append(f"certificate: the new one is not used: {self._certificates.problem}")
        if self._policies.problem:
            notes.append(f"policies: the new ones are not used: {self._policies.problem}")
        return notes
