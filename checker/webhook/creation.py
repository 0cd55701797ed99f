"""Asks about an object as an API server does when it is created."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from checker.admission.modes import template_path
from checker.admission.review import VERSION

if TYPE_CHECKING:
    from checker.model import JSON

_IN_NAMESPACES: Final = frozenset(
    {
        "Binding",
        "CSIStorageCapacity",
        "ConfigMap",
        "ControllerRevision",
        "CronJob",
        "DaemonSet",
        "Deployment",
        "EndpointSlice",
        "Endpoints",
        "Event",
        "HorizontalPodAutoscaler",
        "Ingress",
        "Job",
        "Lease",
        "LimitRange",
        "LocalSubjectAccessReview",
        "NetworkPolicy",
        "PersistentVolumeClaim",
        "Pod",
        "PodCertificateRequest",
        "PodDisruptionBudget",
        "PodTemplate",
        "ReplicaSet",
        "ReplicationController",
        "ResourceClaim",
        "ResourceClaimTemplate",
        "ResourceQuota",
        "Role",
        "RoleBinding",
        "Secret",
        "Service",
        "ServiceAccount",
        "StatefulSet",
    }
)
"""The kinds of Kubernetes 1.37 that lie in namespaces, by its own discovery."""


def request(data: JSON, namespace: str) -> bytes:
    """Return the AdmissionReview that creates an object, which may have been read back from a cluster."""
    group, _, version = data["apiVersion"].rpartition("/")
    content = {
        "uid": "rehearsal",
        "kind": {"group": group, "version": version, "kind": data["kind"]},
        "resource": {"group": group, "version": version, "resource": _resource(data["kind"])},
        "namespace": namespace,
        "name": name(data),
        "operation": "CREATE",
        "object": data,
    }
    review = {"kind": "AdmissionReview", "apiVersion": VERSION, "request": content}
    return json.dumps(review, separators=(",", ":"), check_circular=False).encode("ascii")


def namespace(data: JSON, default: str) -> str:
    """Return the namespace that an API server would name: the object's own, the default one, or none.

    A request about a namespace names this namespace.
    """
    written = metadata(data).get("namespace")
    if isinstance(written, str) and written:
        return written
    if (data["apiVersion"], data["kind"]) == ("v1", "Namespace"):
        return name(data)
    group = data["apiVersion"].rpartition("/")[0]
    is_own = "." not in group or group.endswith(".k8s.io")
    return default if is_own and data["kind"] in _IN_NAMESPACES else ""


def is_own(data: JSON) -> bool:
    """Tell whether the API server makes an object by itself when it starts, which the registration lets through.

    See https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings for the label.
    """
    labels = metadata(data).get("labels")
    is_default = isinstance(labels, dict) and labels.get("kubernetes.io/bootstrapping") == "rbac-defaults"
    return is_default and str(data["apiVersion"]).startswith("rbac.authorization.k8s.io/")


def name(data: JSON) -> str:
    """Return the name of an object, or what it is generated from, or nothing."""
    named = metadata(data).get("name") or metadata(data).get("generateName")
    return named if isinstance(named, str) else ""


def metadata(data: JSON) -> dict[str, Any]:
    """Return the metadata of an object, or nothing where it is no mapping."""
    found = data.get("metadata")
    return found if isinstance(found, dict) else {}


def pod_of(data: JSON, namespace: str) -> JSON | None:
    """Return the Pod that a controller makes of the template in an object, None for what makes none."""
    path = template_path(data["apiVersion"], data["kind"])
    if path is None or data["kind"] == "PodTemplate":
        return None
    template: Any = data
    for step in path:
        template = template.get(step) if isinstance(template, dict) else None
    if not isinstance(template, dict):
        return None
    owner = {"apiVersion": data["apiVersion"], "kind": data["kind"], "name": name(data), "controller": True}
    own = {"namespace": namespace, "generateName": f"{name(data)}-", "ownerReferences": [owner]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata(template) | own, "spec": template.get("spec")}


def _resource(kind: str) -> str:
    """Return the plural that an API server guesses of a kind (`UnsafeGuessKindToResource` in k8s.io/apimachinery)."""
    singular = kind.lower()
    if singular == "endpoints":
        return singular
    if singular.endswith("s"):
        return f"{singular}es"
    return f"{singular[:-1]}ies" if singular.endswith("y") else f"{singular}s"
