"""Describes what runs: the Deployment and what it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from checker.webhook import installation
from checker.webhook.installation import Manifest

if TYPE_CHECKING:
    from checker.webhook.installation import Installation

_PRIORITY: Final = "system-cluster-critical"
_COMMENT: Final = """\
Decide: two workers judge some hundred pods a second. `--workers` may follow the processors that a replica gets; the
memory is for two, each with an object of the largest size that an API server takes."""


def namespace(one: Installation) -> Manifest:
    """Return the namespace, which lets nothing in that is less restricted than the webhook."""
    levels = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "audit", "warn")}
    metadata = {"name": one.namespace, "labels": one.labels | levels}
    return Manifest("", {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})


def account(one: Installation) -> Manifest:
    """Return a ServiceAccount without rights: the webhook never asks the API server."""
    return Manifest(
        "",
        {
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": one.metadata(),
            "automountServiceAccountToken": False,
        },
    )


def quota(one: Installation) -> Manifest:
    """Return what lets pods of this priority in where a cluster keeps them to kube-system."""
    scope = {"scopeName": "PriorityClass", "operator": "In", "values": [_PRIORITY]}
    spec = {"hard": {"pods": "100"}, "scopeSelector": {"matchExpressions": [scope]}}
    comment = f"Some clusters refuse {_PRIORITY} outside kube-system where no quota allows it."
    return Manifest(comment, {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": one.metadata(), "spec": spec})


def configuration(one: Installation) -> Manifest:
    """Return the ConfigMap that the server reads again when it changes."""
    data = {installation.CONFIGURATION_KEY: one.configuration}
    comment = (
        "The webhook reads this again when it changes; what is wrong in it shows in the metrics and changes nothing."
    )
    return Manifest(comment, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": one.metadata(), "data": data})


def budget(one: Installation) -> Manifest:
    """Return how many replicas may be taken away at once."""
    spec = {
        "maxUnavailable": 1,
        "unhealthyPodEvictionPolicy": "AlwaysAllow",
        "selector": {"matchLabels": one.selector},
    }
    api = "policy/v1"
    return Manifest("", {"apiVersion": api, "kind": "PodDisruptionBudget", "metadata": one.metadata(), "spec": spec})


def deployment(one: Installation) -> Manifest:
    """Return the replicas; a new one answers before an old one ends."""
    spec = {
        "replicas": one.replicas,
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
        "selector": {"matchLabels": one.selector},
        "template": {"metadata": _pod_metadata(one), "spec": _pod(one)},
    }
    return Manifest(_COMMENT, {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": one.metadata(), "spec": spec})


def arguments(one: Installation) -> list[str]:
    """Return the command line of the server."""
    return [
        "serve",
        f"--listen=:{installation.HTTPS_PORT}",
        f"--metrics=:{installation.METRICS_PORT}",
        f"--certificate={installation.CERTIFICATES}/tls.crt",
        f"--key={installation.CERTIFICATES}/tls.key",
        f"--workers={installation.WORKERS}",
        f"--drain-seconds={installation.DRAIN_SECONDS}",
        f"--shutdown-seconds={installation.SHUTDOWN_SECONDS}",
        *(f"--profile={name}" for name in one.profiles),
        f"--config={installation.CONFIGURATION}/{installation.CONFIGURATION_KEY}"
        if one.configuration
        else "--no-config",
        *(["--engine=opa"] if one.opa_urls else ["--evaluation-memory=256M"]),
        *(f"--opa-url={url}" for url in one.opa_urls),
    ]


def _pod_metadata(one: Installation) -> dict[str, Any]:
    metadata: dict[str, Any] = {"labels": one.selector | {"app.kubernetes.io/component": "admission-webhook"}}
    if not one.service_monitor:
        metadata["annotations"] = {
            "prometheus.io/scrape": "true",
            "prometheus.io/port": str(installation.METRICS_PORT),
            "prometheus.io/path": "/metrics",
        }
    return metadata


def _pod(one: Installation) -> dict[str, Any]:
    certificates: dict[str, Any] = {"secretName": one.secret, "defaultMode": 0o440}
    volumes: list[dict[str, Any]] = [
        {"name": "certificates", "secret": certificates},
        {"name": "temporary", "emptyDir": {"sizeLimit": "64Mi"}},
    ]
    if one.configuration:
        volumes.append({"name": "configuration", "configMap": {"name": one.name}})
    same = {"labelSelector": {"matchLabels": one.selector}, "topologyKey": "kubernetes.io/hostname"}
    return {
        "serviceAccountName": one.name,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "priorityClassName": _PRIORITY,
        "terminationGracePeriodSeconds": installation.GRACE_SECONDS,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": installation.USER,
            "runAsGroup": installation.USER,
            "fsGroup": installation.USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "affinity": {
            "podAntiAffinity": {
                "preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 100, "podAffinityTerm": same}]
            }
        },
        "topologySpreadConstraints": [
            _spread(one, "kubernetes.io/hostname"),
            _spread(one, "topology.kubernetes.io/zone"),
        ],
        "containers": [_container(one)],
        "volumes": volumes,
    }


def _spread(one: Installation, key: str) -> dict[str, Any]:
    """Return a wish, not a condition: a cluster with one node left needs its webhook most."""
    return {
        "maxSkew": 1,
        "topologyKey": key,
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {"matchLabels": one.selector},
    }


def _container(one: Installation) -> dict[str, Any]:
    mounts: list[dict[str, Any]] = [
        {"name": "certificates", "mountPath": installation.CERTIFICATES, "readOnly": True},
        {"name": "temporary", "mountPath": installation.TEMPORARY},
    ]
    if one.configuration:
        mounts.append({"name": "configuration", "mountPath": installation.CONFIGURATION, "readOnly": True})
    return {
        "name": "checker",
        "image": one.image,
        "args": arguments(one),
        "env": [{"name": "XDG_CACHE_HOME", "value": f"{installation.TEMPORARY}/cache"}],
        "ports": [
            {"name": "https", "containerPort": installation.HTTPS_PORT},
            {"name": "metrics", "containerPort": installation.METRICS_PORT},
        ],
        "startupProbe": _probe("/healthz", periodSeconds=1, failureThreshold=60),
        "readinessProbe": _probe("/readyz", periodSeconds=2, failureThreshold=2),
        "livenessProbe": _probe("/healthz", periodSeconds=10, timeoutSeconds=5, failureThreshold=3),
        "resources": {
            "requests": {"cpu": "200m", "memory": "256Mi", "ephemeral-storage": "64Mi"},
            "limits": {"memory": "1Gi", "ephemeral-storage": "128Mi"},
        },
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": mounts,
    }


def _probe(path: str, **times: int) -> dict[str, Any]:
    return {"httpGet": {"path": path, "port": "https", "scheme": "HTTPS"}, **times}
