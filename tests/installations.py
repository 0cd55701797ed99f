"""Gives installations of the webhook, one for each choice that changes what is applied."""

from __future__ import annotations

from typing import Final

from checker import bundles
from checker.webhook import scope
from checker.webhook.installation import Installation

_CATALOG: Final = bundles.builtin().catalog
PINNED: Final = f"registry.example/checker:1.0.0@sha256:{'5e' * 32}"
PLAIN: Final = Installation(PINNED, choices=scope.profiles(_CATALOG), rules=scope.rules(_CATALOG))
AUTHORITIES: Final = "Q0VSVElGSUNBVEU="

INSTALLATIONS: Final = {
    "plain": PLAIN,
    "elsewhere": PLAIN._replace(name="gate", namespace="platform", replicas=5),
    "own certificate": PLAIN._replace(ca_bundle=AUTHORITIES, tls_secret="own-certificate"),
    "configured": PLAIN._replace(
        configuration="admission:\n  modes: [{mode: audit}]\n", timeout_seconds=7, failure_policy="Fail"
    ),
    "profiles": PLAIN._replace(profiles=("default", "strict"), profile_label="security.example/profile"),
    "opa": PLAIN._replace(opa_urls=("https://opa.example",)),
    "opa on ports": PLAIN._replace(
        opa_urls=("https://b.example:8181/", "https://a.example/opa", "https://a.example:443")
    ),
    "measured": PLAIN._replace(service_monitor=True, metrics_namespace="observability"),
    "everything": Installation(
        image=PINNED,
        name="door",
        namespace="door-system",
        replicas=1,
        profiles=("strict",),
        profile_label="security.example/profile",
        choices=PLAIN.choices,
        failure_policy="Fail",
        timeout_seconds=30,
        ca_bundle=AUTHORITIES,
        tls_secret="own-certificate",
        configuration="admission:\n  budget: 20\n",
        opa_urls=("https://opa.example:8181",),
        metrics_namespace="observability",
        service_monitor=True,
        rules=PLAIN.rules,
    ),
}
