"""Tests that a real API server takes what is printed, and asks the webhook about what it should and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml

from checker.webhook import creation, manifests, registration
from checker.webhook.installation import Installation
from tests.admission.reviews import NOW, admission, review
from tests.cluster import Answer, Cluster
from tests.installations import INSTALLATIONS
from tests.services import eventually, free_ports
from tests.webhook import outcome, pod

if TYPE_CHECKING:
    from requests import Response

HOOKS = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
WILDCARD = {"apiGroups": ["*"], "apiVersions": ["*"], "operations": ["*"], "resources": ["*/*"], "scope": "*"}
DEFINED_ELSEWHERE = [
    ("cert-manager.io", "Certificate", "certificates"),
    ("cert-manager.io", "Issuer", "issuers"),
    ("monitoring.coreos.com", "ServiceMonitor", "servicemonitors"),
]
"""What cert-manager and the Prometheus Operator bring along."""
APART: Final = {name: one._replace(namespace=f"{one.namespace}-tried") for name, one in INSTALLATIONS.items()}
"""The namespace that people get is left to the tests that follow the page."""
PLAIN: Final = APART["plain"]
each_installation = pytest.mark.parametrize("one", APART.values(), ids=APART)


@pytest.fixture(scope="module")
def kinds(cluster: Cluster) -> None:
    """Define the foreign kinds, whose fields only their own projects could check."""
    anything = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    for group, kind, plural in DEFINED_ELSEWHERE:
        definition = {
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {"name": f"{plural}.{group}"},
            "spec": {
                "group": group,
                "scope": "Namespaced",
                "names": {"kind": kind, "plural": plural, "singular": kind.lower()},
                "versions": [{"name": "v1", "served": True, "storage": True, "schema": anything}],
            },
        }
        assert cluster.send("POST", cluster.collection(definition), definition).status_code == 201
        eventually(partial(answers, cluster, f"/apis/{group}/v1/{plural}"), kind)


def answers(cluster: Cluster, path: str) -> bool:
    return cluster.send("GET", path).ok


def apply(cluster: Cluster, one: Installation, *options: str) -> Answer:
    """Apply what is printed as a person does, and as strictly as the client can."""
    path = cluster.folder / "webhook.yaml"
    path.write_text(manifests.render(one), encoding="utf-8")
    return cluster.kubectl("apply", f"--filename={path}", "--validate=strict", *options)


@each_installation
@pytest.mark.usefixtures("kinds")
def test_the_api_server_takes_what_is_printed(one: Installation, cluster: Cluster) -> None:
    cluster.namespace(one.namespace)
    objects = [manifest.object for manifest in manifests.manifests(one)]
    names = [f"{data['kind'].lower()}/{data['metadata']['name']}" for data in objects]
    applied = apply(cluster, one, "--dry-run=server", "--output=name", "--server-side", "--force-conflicts")
    assert (applied.code, applied.warnings) == (0, []), applied.errors
    assert [short(line) for line in applied.output.splitlines()] == names


def short(line: str) -> str:
    """Return a name without the group of its kind."""
    kind, _, name = line.partition("/")
    return f"{kind.partition('.')[0]}/{name}"


@each_installation
def test_the_pods_are_let_into_a_restricted_namespace(one: Installation, cluster: Cluster) -> None:
    printed = {data["kind"]: data for data in yaml.safe_load_all(manifests.render(one))}
    levels = {key: value for key, value in printed["Namespace"]["metadata"]["labels"].items() if "security" in key}
    assert levels["pod-security.kubernetes.io/enforce"] == "restricted"
    namespace = cluster.namespace("restricted", levels)
    made = {"apiVersion": "v1", "kind": "Pod", **printed["Deployment"]["spec"]["template"]}
    made["metadata"] = {**made["metadata"], "name": "replica"}
    created = cluster.kubectl(
        "create", "--filename=-", "--dry-run=server", f"--namespace={namespace}", standard_input=made
    )
    assert created == Answer(0, "pod/replica created (server dry run)\n", "")
    made["spec"]["containers"][0]["securityContext"] = {}
    refused = cluster.kubectl(
        "create", "--filename=-", "--dry-run=server", f"--namespace={namespace}", standard_input=made
    )
    assert 'violates PodSecurity "restricted:latest"' in refused.errors


@contextmanager
def registered(cluster: Cluster, one: Installation, **changes: Any) -> Iterator[None]:
    """Register an installation that never answers, so that whatever it is asked about is refused."""
    hook = registration.registration(one._replace(failure_policy="Fail")).object
    (port,) = free_ports(1)
    for webhook in hook["webhooks"]:
        path = webhook["clientConfig"]["service"]["path"]
        webhook.update({"clientConfig": {"url": f"https://127.0.0.1:{port}{path}"}, **changes})
    probe = cluster.namespace("probe")
    response = cluster.send("POST", HOOKS, hook)
    assert response.status_code == 201, response.text
    try:
        eventually(lambda: is_asked(cluster, pod(), probe), "the registration")
        yield
    finally:
        cluster.send("DELETE", f"{HOOKS}/{one.name}")
        eventually(lambda: not is_asked(cluster, pod(), probe), "the end of the registration")


def create(cluster: Cluster, body: dict[str, Any], namespace: str, **options: Any) -> Response:
    return cluster.send("POST", cluster.collection(body, namespace), body, params={"dryRun": "All"}, **options)


def is_asked(cluster: Cluster, body: dict[str, Any], namespace: str, **options: Any) -> bool:
    """Tell whether the webhook is asked about the creation of an object."""
    response = create(cluster, body, namespace, **options)
    return response.status_code == 500 and "failed calling webhook" in response.json()["message"]


def minimal(version: str, kind: str, **fields: Any) -> dict[str, Any]:
    """Return the least that an object of a kind has."""
    return {"apiVersion": version, "kind": kind, "metadata": {"name": "a"}, **fields}


EVENT = {"involvedObject": {"namespace": "orders", "kind": "Pod", "name": "web"}, "reason": "Tested"}
TOKEN = {"spec": {"token": "t"}}
ACCESS = {"spec": {"user": "ada", "resourceAttributes": {"verb": "get", "resource": "pods"}}}
LEFT_OUT = {
    "a lease": (minimal("coordination.k8s.io/v1", "Lease"), "orders"),
    "an event": (minimal("v1", "Event", **EVENT), "orders"),
    "the question who someone is": (minimal("authentication.k8s.io/v1", "TokenReview", metadata={}, **TOKEN), ""),
    "the question who may": (minimal("authorization.k8s.io/v1", "SubjectAccessReview", metadata={}, **ACCESS), ""),
    "a pod of kube-system": (pod(), "kube-system"),
    "a pod of its own": (pod(), PLAIN.namespace),
}


@pytest.mark.parametrize("changes", [{}, {"rules": [WILDCARD]}], ids=["rules as printed", "rules for everything"])
def test_the_webhook_is_not_asked_about_what_a_cluster_needs_to_stay_alive(
    cluster: Cluster, changes: dict[str, Any]
) -> None:
    for namespace in ("orders", PLAIN.namespace):
        cluster.namespace(namespace)
    with registered(cluster, PLAIN, **changes):
        asked = {name: is_asked(cluster, body, namespace) for name, (body, namespace) in LEFT_OUT.items()}
        codes = {name: create(cluster, body, namespace).status_code for name, (body, namespace) in LEFT_OUT.items()}
        assert is_asked(cluster, pod(), "orders")
    assert asked == dict.fromkeys(LEFT_OUT, False)
    assert set(codes.values()) == {201}, codes


def test_an_api_server_that_starts_writes_its_own_roles_unasked(cluster: Cluster) -> None:
    role = minimal("rbac.authorization.k8s.io/v1", "ClusterRole", rules=[])
    own = {"headers": {"Impersonate-User": "system:apiserver", "Impersonate-Group": "system:masters"}}
    with registered(cluster, PLAIN):
        assert is_asked(cluster, role, "")
        assert create(cluster, role, "", **own).status_code == 201


def test_the_webhook_is_asked_about_every_kind_at_which_a_rule_looks(cluster: Cluster) -> None:
    decider = admission(profiles=("strict",))
    looked_at = set()
    for version, kind in cluster.resources:
        group = version.rpartition("/")[0]
        body = minimal(version, kind)
        is_own = "." not in group or group.endswith(".k8s.io")
        if is_own and decider.explain(review(body), "", NOW).applies:
            asked = json.loads(creation.request(body, ""))["request"]["resource"]
            looked_at.add((asked["group"], asked["version"], asked["resource"]))
    decider.close()
    asked_about = {
        (rule["apiGroups"][0], rule["apiVersions"][0], resource)
        for rule in PLAIN.rules
        for resource in rule["resources"]
    }
    subresources = {("", "v1", "pods/ephemeralcontainers"), ("", "v1", "pods/resize")}
    assert asked_about == looked_at | subresources


def test_containers_for_debugging_and_new_sizes_are_asked_about(cluster: Cluster) -> None:
    namespace = cluster.namespace("subresources")
    path = f"/api/v1/namespaces/{namespace}/pods"
    assert cluster.send("POST", path, pod()).status_code == 201
    debugger = {"spec": {"ephemeralContainers": [{"name": "shell", "image": "ghcr.io/example/shell:1"}]}}
    sizes = {"spec": {"containers": [{"name": "web", "resources": {"requests": {"cpu": "200m"}}}]}}
    patch: Callable[..., Response] = partial(
        cluster.send,
        "PATCH",
        params={"dryRun": "All"},
        headers={"Content-Type": "application/strategic-merge-patch+json"},
    )
    with registered(cluster, PLAIN):
        assert outcome(cluster, patch(f"{path}/web/ephemeralcontainers", debugger)) == "refused unseen"
        assert outcome(cluster, patch(f"{path}/web/resize", sizes)) == "refused unseen"
        assert cluster.send("DELETE", f"{path}/web").status_code == 200


def test_each_namespace_is_judged_by_the_profile_of_its_label(cluster: Cluster) -> None:
    one = APART["profiles"]
    labelled = {
        cluster.namespace(f"profile-{value or 'none'}", {one.profile_label: value} if value else {}): value
        for value in ("", "strict", "default", "unknown")
    }
    with registered(cluster, one):
        messages = {namespace: create(cluster, pod(), namespace).json()["message"] for namespace in labelled}
        roles = create(cluster, minimal("rbac.authorization.k8s.io/v1", "ClusterRole", rules=[]), "").json()["message"]
    called = {namespace: message.split('"')[1] for namespace, message in messages.items()}
    assert called == {
        "profile-none": one.host,
        "profile-strict": f"strict.{one.host}",
        "profile-default": f"default.{one.host}",
        "profile-unknown": one.host,
    }
    assert roles.split('"')[1] == one.host
