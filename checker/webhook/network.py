"""Describes who reaches the webhook, and whom it reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from checker.webhook.installation import HTTPS_PORT, METRICS_PORT, SERVICE_PORT, Manifest

if TYPE_CHECKING:
    from checker.webhook.installation import Installation

_DNS: Final = 53
_HTTPS: Final = 443
_POLICY: Final = """\
The API server cannot be selected: it is no pod, and its addresses differ between clusters. So the port of the webhook
is open to all; an `ipBlock` with the addresses of the control plane closes it to others."""
_OUTGOING: Final = """
Decide: with `to` the pods or addresses of OPA, the webhook reaches nothing else on its ports."""


def service(one: Installation) -> Manifest:
    """Return the Service that the API server asks."""
    ports = [
        {"name": "https", "port": SERVICE_PORT, "targetPort": "https"},
        {"name": "metrics", "port": METRICS_PORT, "targetPort": "metrics"},
    ]
    spec = {"selector": one.selector, "ports": ports}
    return Manifest("", {"apiVersion": "v1", "kind": "Service", "metadata": one.metadata(), "spec": spec})


def policy(one: Installation) -> Manifest:
    """Return the NetworkPolicy: in to answer and to be measured, out to an OPA server only."""
    scrapers = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": one.metrics_namespace}}}
    spec = {
        "podSelector": {"matchLabels": one.selector},
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [
            {"ports": [{"protocol": "TCP", "port": HTTPS_PORT}]},
            {"from": [scrapers], "ports": [{"protocol": "TCP", "port": METRICS_PORT}]},
        ],
        "egress": _outgoing(one.opa_urls),
    }
    api = "networking.k8s.io/v1"
    comment = _POLICY + (_OUTGOING if one.opa_urls else "")
    return Manifest(comment, {"apiVersion": api, "kind": "NetworkPolicy", "metadata": one.metadata(), "spec": spec})


def _outgoing(urls: tuple[str, ...]) -> list[dict[str, Any]]:
    if not urls:
        return []
    names = [{"protocol": protocol, "port": _DNS} for protocol in ("UDP", "TCP")]
    ports = dict.fromkeys(urlsplit(url).port or _HTTPS for url in urls)
    return [{"ports": names}, {"ports": [{"protocol": "TCP", "port": port} for port in ports]}]


def monitor(one: Installation) -> Manifest:
    """Return what tells the Prometheus Operator to read the metrics."""
    spec = {"selector": {"matchLabels": one.selector}, "endpoints": [{"port": "metrics", "interval": "30s"}]}
    api = "monitoring.coreos.com/v1"
    comment = "Decide: many Prometheus objects select ServiceMonitors by a label of their own."
    return Manifest(comment, {"apiVersion": api, "kind": "ServiceMonitor", "metadata": one.metadata(), "spec": spec})
