"""Lets cert-manager issue and renew the certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from checker.webhook.installation import Manifest

if TYPE_CHECKING:
    from checker.webhook.installation import Installation

_API: Final = "cert-manager.io/v1"
_TEN_YEARS: Final = "87600h"
_KEY: Final = {"algorithm": "ECDSA", "size": 256}
_COMMENT: Final = """\
An authority for this webhook alone, which signs itself. Decide: an Issuer of yours does as well, if it puts its
certificate into the Secret as `ca.crt`; leave the next two objects out then, and name it in the last."""


def manifests(one: Installation) -> list[Manifest]:
    """Return the authority and the certificate."""
    authority = f"{one.name}-ca"
    return [
        Manifest(_COMMENT, _object(one, "Issuer", f"{one.name}-self-signed", {"selfSigned": {}})),
        Manifest("", _object(one, "Certificate", authority, _authority(one, authority))),
        Manifest("", _object(one, "Issuer", authority, {"ca": {"secretName": authority}})),
        Manifest("", _object(one, "Certificate", one.secret, _certificate(one, authority))),
    ]


def _object(one: Installation, kind: str, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    return {"apiVersion": _API, "kind": kind, "metadata": one.metadata(name), "spec": spec}


def _authority(one: Installation, name: str) -> dict[str, Any]:
    """Return a certificate that outlives the cluster: one that changes must reach every client before it is used."""
    return {
        "isCA": True,
        "commonName": name,
        "secretName": name,
        "duration": _TEN_YEARS,
        "privateKey": _KEY,
        "issuerRef": {"group": "cert-manager.io", "kind": "Issuer", "name": f"{one.name}-self-signed"},
    }


def _certificate(one: Installation, authority: str) -> dict[str, Any]:
    return {
        "dnsNames": [one.host],
        "secretName": one.secret,
        "duration": "2160h",
        "renewBefore": "720h",
        "usages": ["digital signature", "server auth"],
        "privateKey": {**_KEY, "rotationPolicy": "Always"},
        "issuerRef": {"group": "cert-manager.io", "kind": "Issuer", "name": authority},
    }
