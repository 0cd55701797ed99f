"""Writes AdmissionReviews as an API server does, and makes what answers them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from typing import Any

from checker import bundles
from checker.admission import Admission, Decision
from checker.config import AdmissionSettings, Settings
from checker.engines.wasm import WasmEngine

UID = "705ab4f5-6393-11e8-b7cc-42010a800002"
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
POD = {"apiVersion": "v1", "kind": "Pod"}


def review(object_: Any, operation: str = "CREATE", **fields: Any) -> bytes:
    """Return the body of a request about an object; `fields` are other fields of the request."""
    stated = object_ or fields.get("oldObject") or POD
    group, _, version = stated["apiVersion"].rpartition("/")
    request = {
        "uid": UID,
        "kind": {"group": group, "version": version, "kind": stated["kind"]},
        "resource": {"group": group, "version": version, "resource": stated["kind"].lower() + "s"},
        "namespace": "shop",
        "operation": operation,
        "userInfo": {"username": "ada", "groups": ["system:authenticated"]},
        "object": object_,
        "oldObject": None,
        "dryRun": False,
        "options": {"kind": "CreateOptions", "apiVersion": "meta.k8s.io/v1"},
    }
    content = {"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "request": request | fields}
    return json.dumps(content, separators=(",", ":")).encode()


def pod(*containers: dict[str, Any], name: str = "web", **metadata: Any) -> dict[str, Any]:
    """Return a Pod that no rule denies or warns of but for what its containers say."""
    return POD | {
        "metadata": {"name": name, "namespace": "shop"} | metadata,
        "spec": {
            "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
            "containers": [container(**one) for one in containers or ({},)],
        },
    }


def container(name: str = "web", image: str = "registry.example/web:1.2", **fields: Any) -> dict[str, Any]:
    """Return a container that no rule speaks of; `security` is added to its security context."""
    security = {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    } | fields.pop("security", {})
    resources = {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": "64Mi"}}
    probe = {"tcpSocket": {"port": 8080}}
    return {
        "name": name,
        "image": image,
        "ports": [{"containerPort": 8080}],
        "livenessProbe": probe | {"periodSeconds": 20},
        "readinessProbe": probe,
        "resources": resources,
        "securityContext": security,
    } | fields


def workload(kind: str, template: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    """Return a Deployment or another object of `apps/v1` with the pod as its template."""
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": "web", "namespace": "shop"} | metadata,
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": {"app": "web"}},
            "template": {"metadata": {"labels": {"app": "web"}}, "spec": template["spec"]},
        },
    }


def admission(settings: AdmissionSettings | None = None, **others: Any) -> Admission:
    """Return what decides with the built-in policies."""
    bundle = bundles.builtin()
    return Admission(bundle, Settings(admission=settings or AdmissionSettings(), **others), partial(WasmEngine, bundle))


def decide(body: bytes, settings: AdmissionSettings | None = None, profile: str = "", **others: Any) -> Decision:
    """Return one decision."""
    decider = admission(settings, **others)
    try:
        return decider.decide(body, profile, NOW)
    finally:
        decider.close()


def response(decision: Decision) -> Any:
    """Return the response in the body of a decision."""
    answer = json.loads(decision.body)
    assert (answer["kind"], answer["apiVersion"]) == ("AdmissionReview", "admission.k8s.io/v1")
    assert answer.keys() == {"kind", "apiVersion", "response"}
    return answer["response"]
