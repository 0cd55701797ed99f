"""Defines what of the webhook's installation can be chosen, and what is the same in each."""

from __future__ import annotations

import re
from typing import Any, Final, Literal, NamedTuple

from checker import __version__
from checker.webhook import NAMESPACE

HTTPS_PORT: Final = 8443
METRICS_PORT: Final = 9090
SERVICE_PORT: Final = 443
USER: Final = 65532
"""User and group of the process: the number that distroless images call `nonroot`."""

CERTIFICATES: Final = "/etc/checker/tls"
CONFIGURATION: Final = "/etc/checker/configuration"
CONFIGURATION_KEY: Final = "checker.yaml"
TEMPORARY: Final = "/tmp"  # noqa: S108 - the container's own, which nobody shares
WORKERS: Final = 2
DRAIN_SECONDS: Final = 5
SHUTDOWN_SECONDS: Final = 25
GRACE_SECONDS: Final = 30
"""How long Kubernetes waits after SIGTERM: longer than the server takes."""


class Installation(NamedTuple):
    """Holds the choices; each has the same name in the chart's values."""

    image: str
    name: str = "checker"
    """What every object is called."""
    namespace: str = NAMESPACE
    replicas: int = 2
    profiles: tuple[str, ...] = ()
    """Profiles of the requests whose namespace chooses none; without any, what the configuration says."""
    profile_label: str = ""
    """The label of namespaces whose value is the name of their profile; empty where namespaces do not choose."""
    choices: tuple[str, ...] = ()
    """The profiles that `profile_label` may name."""
    failure_policy: Literal["Fail", "Ignore"] = "Ignore"
    timeout_seconds: int = 3
    ca_bundle: str = ""
    """Certificates that the API server checks the webhook's against, as base64; cert-manager fills in an empty one."""
    tls_secret: str = ""
    """The Secret with certificate and key; without one, cert-manager makes it."""
    configuration: str = ""
    """The content of a `.checker.yaml`."""
    opa_urls: tuple[str, ...] = ()
    """The OPA servers to ask; without any, the rules run in the webhook itself."""
    metrics_namespace: str = "monitoring"
    """The namespace whose pods may read the metrics."""
    service_monitor: bool = False
    rules: tuple[dict[str, Any], ...] = ()
    """What to ask the webhook about, as a registration says it."""

    @property
    def is_pinned(self) -> bool:
        """Tell whether the image can be no other than the one that was meant."""
        return re.search(r"@sha256:[0-9a-f]{64}$", self.image) is not None

    @property
    def secret(self) -> str:
        """Return the name of the Secret with certificate and key."""
        return self.tls_secret or f"{self.name}-tls"

    @property
    def host(self) -> str:
        """Return the name by which the API server asks."""
        return f"{self.name}.{self.namespace}.svc"

    @property
    def selector(self) -> dict[str, str]:
        """Return the labels that tell the pods of this installation from all others."""
        return {"app.kubernetes.io/name": "checker", "app.kubernetes.io/instance": self.name}

    @property
    def labels(self) -> dict[str, str]:
        """Return the labels that Kubernetes recommends for every object."""
        return {
            **self.selector,
            "app.kubernetes.io/component": "admission-webhook",
            "app.kubernetes.io/version": __version__,
        }

    def metadata(self, name: str = "", **more: Any) -> dict[str, Any]:
        """Return the metadata of an object in the namespace."""
        return {"name": name or self.name, "namespace": self.namespace, "labels": self.labels, **more}


class Manifest(NamedTuple):
    """Holds an object, and what there is to know before it is applied."""

    comment: str
    object: dict[str, Any]
