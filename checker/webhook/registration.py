"""Registers the webhook with the API server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from checker.webhook.installation import SERVICE_PORT, Manifest

if TYPE_CHECKING:
    from checker.webhook.installation import Installation

_CONDITIONS: Final = (
    ("not-leases", 'request.resource.group != "coordination.k8s.io"'),
    ("not-events", 'request.resource.resource != "events" || !(request.resource.group in ["", "events.k8s.io"])'),
    (
        "not-reviews",
        'request.resource.group != "authentication.k8s.io" && request.resource.group != "authorization.k8s.io"',
    ),
    ("not-the-api-server", 'request.userInfo.username != "system:apiserver"'),
)
"""What must get through whatever rules there are: the heartbeats and elections of the cluster, its log, the questions
that the API server asks itself, and the roles that it writes when it starts, before any webhook can answer."""

_COMMENT: Final = """\
Decide: `failurePolicy: Ignore` lets objects in unseen while no replica answers. Begin with it, and set `Fail` when the
configuration denies what it should, and nothing else. Namespaces that must start before the webhook does, such as
those of the network and of storage, belong beside kube-system below `namespaceSelector`."""


def registration(one: Installation) -> Manifest:
    """Return the registration of every profile.

    A label chooses among the namespaces only, so that what lies in none is judged once: by the first.
    """
    named = one.choices if one.profile_label else ()
    webhooks = [_webhook(one, one.host, "", _label(one, "NotIn", named), one.rules)]
    within = tuple({**rule, "scope": "Namespaced"} for rule in one.rules)
    webhooks += [_webhook(one, f"{name}.{one.host}", name, _label(one, "In", (name,)), within) for name in named]
    metadata: dict[str, Any] = {"name": one.name, "labels": one.labels}
    if not one.ca_bundle:
        metadata["annotations"] = {"cert-manager.io/inject-ca-from": f"{one.namespace}/{one.secret}"}
    return Manifest(
        _COMMENT,
        {
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "ValidatingWebhookConfiguration",
            "metadata": metadata,
            "webhooks": webhooks,
        },
    )


def conditions() -> list[dict[str, str]]:
    """Return what a request must meet for the webhook to be asked."""
    return [{"name": name, "expression": expression} for name, expression in _CONDITIONS]


def _label(one: Installation, operator: str, values: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{"key": one.profile_label, "operator": operator, "values": list(values)}] if values else []


def _webhook(
    one: Installation, name: str, profile: str, chosen: list[dict[str, Any]], rules: tuple[dict[str, Any], ...]
) -> dict[str, Any]:
    path = f"/validate/{profile}" if profile else "/validate"
    client: dict[str, Any] = {
        "service": {"name": one.name, "namespace": one.namespace, "path": path, "port": SERVICE_PORT}
    }
    if one.ca_bundle:
        client["caBundle"] = one.ca_bundle
    own = {"key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": ["kube-system", one.namespace]}
    return {
        "name": name,
        "admissionReviewVersions": ["v1"],
        "clientConfig": client,
        "failurePolicy": one.failure_policy,
        "matchPolicy": "Equivalent",
        "namespaceSelector": {"matchExpressions": [own, *chosen]},
        "matchConditions": conditions(),
        "rules": list(rules),
        "sideEffects": "None",
        "timeoutSeconds": one.timeout_seconds,
    }
