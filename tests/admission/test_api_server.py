"""Tests that a real API server sends what is read, and understands what is answered."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from checker.admission import Admission, Decision, wording
from checker.config import AdmissionSettings, ModeEntry
from tests.admission.reviews import NOW, admission, container, pod, workload
from tests.cluster import Cluster, warnings

HOOK = "decision.checker.example"
PRIVILEGED = {"security": {"privileged": True, "allowPrivilegeEscalation": None}}
PRIVILEGED_TEXT = "container web is privileged (kubernetes/privileged)"


class Door:
    """Answers an API server with decisions, and keeps them in their order."""

    def __init__(self) -> None:
        self.decider: Admission = admission()
        self.decisions: list[Decision] = []

    def use(self, *modes: ModeEntry, **settings: Any) -> None:
        """Decide with other settings from now on."""
        self.decider.close()
        self.decider = admission(AdmissionSettings(modes, budget=10.0, **settings))
        self.decisions.clear()

    @property
    def last(self) -> Decision:
        return self.decisions[-1]


@contextmanager
def serving(door: Door, cluster: Cluster, folder: Path) -> Iterator[str]:
    """Serve a door over HTTPS and yield its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            decision = door.decider.decide(body, "", NOW)
            door.decisions.append(decision)
            self.send_response(decision.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(decision.body)))
            self.end_headers()
            self.wfile.write(decision.body)

        def log_message(self, *_: Any) -> None:
            pass

    issued = cluster.authority.issue_cert("127.0.0.1")
    issued.private_key_and_cert_chain_pem.write_to_path(folder / "door.pem")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "door.pem")
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"https://127.0.0.1:{server.server_address[1]}/validate"
        server.shutdown()
        thread.join()


def registration(url: str, authority: bytes) -> dict[str, Any]:
    """Return what registers a webhook for everything in one namespace, sub-resources too."""
    import base64

    hook = {
        "name": HOOK,
        "clientConfig": {"url": url, "caBundle": base64.b64encode(authority).decode()},
        "rules": [
            {
                "apiGroups": ["*"],
                "apiVersions": ["*"],
                "operations": ["*"],
                "resources": ["*/*"],
            }
        ],
        "namespaceSelector": {"matchLabels": {"judged": "true"}},
        "admissionReviewVersions": ["v1"],
        "sideEffects": "None",
        "failurePolicy": "Fail",
        "timeoutSeconds": 30,
    }
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": HOOK},
        "webhooks": [hook],
    }


@pytest.fixture(scope="module")
def door(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """Stand in the way of whatever happens in the namespace `shop`."""
    from tests.services import eventually

    cluster.namespace("shop", {"judged": "true"})
    path = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
    one = Door()
    with serving(one, cluster, tmp_path_factory.mktemp("door")) as url:
        made = cluster.send("POST", path, registration(url, cluster.authority.cert_pem.bytes()))
        assert made.status_code == 201, made.text

        def is_asked() -> bool:
            probe = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"generateName": "probe-"}}
            cluster.send("POST", "/api/v1/namespaces/shop/configmaps?dryRun=All", probe)
            return bool(one.decisions)

        eventually(is_asked, "the webhook")
        yield one
        cluster.send("DELETE", f"{path}/{HOOK}")
    one.decider.close()


@pytest.fixture
def create(cluster: Cluster, door: Door) -> Callable[..., Any]:
    """Return what creates an object; whatever was configured before is forgotten."""
    door.use()

    def send(obj: dict[str, Any], **options: Any) -> Any:
        return cluster.send("POST", cluster.collection(obj, "shop"), obj, **options)

    return send


def test_a_pod_that_breaks_nothing_is_let_in(create: Callable[..., Any], cluster: Cluster, door: Door) -> None:
    made = create(pod(name="good"))
    assert (made.status_code, warnings(made)) == (201, [])
    (found,) = (one for one in door.decisions if one.name == "good")
    assert (found.outcome, found.namespace, found.dry_run) == ("allow", "shop", False)
    notes = {f"{HOOK}/profile": "default", f"{HOOK}/revision": door.decider.revision}
    assert notes.items() <= cluster.annotations(made).items()


def test_a_denial_names_field_rule_and_advice_to_people_and_programs(
    create: Callable[..., Any], cluster: Cluster, door: Door
) -> None:
    bad = pod(PRIVILEGED, name="", generateName="web-")
    del bad["metadata"]["name"]
    made = create(bad, params={"dryRun": "All"})
    status = made.json()
    assert (made.status_code, status["reason"], status["code"]) == (403, "Forbidden", 403)
    field = "spec.containers[0].securityContext.privileged"
    assert status["details"]["causes"] == [
        {"reason": "kubernetes/privileged", "message": "container web is privileged", "field": field}
    ]
    assert f'admission webhook "{HOOK}" denied the request: Pod web-' in status["message"]
    assert f"- {field}: {PRIVILEGED_TEXT}. Remove `securityContext.privileged`" in status["message"]
    assert door.last.dry_run
    assert cluster.annotations(made)[f"{HOOK}/findings"] == f"deny kubernetes/privileged {field}"


def test_the_real_client_shows_warnings_and_denials(cluster: Cluster, door: Door) -> None:
    door.use()
    applied = cluster.kubectl(
        "apply", "-n", "shop", "-f", "-", standard_input=workload("Deployment", pod(PRIVILEGED), name="web")
    )
    assert applied.code == 0
    assert applied.warnings == [f"spec.template.spec.containers[0].securityContext.privileged: {PRIVILEGED_TEXT}"]
    refused = cluster.kubectl("apply", "-n", "shop", "-f", "-", standard_input=pod(PRIVILEGED, name="bad"))
    assert refused.code == 1
    assert PRIVILEGED_TEXT in refused.errors
    scaled = cluster.kubectl("scale", "-n", "shop", "deployment/web", "--replicas=3")
    assert (scaled.code, scaled.warnings, door.last.subresource) == (0, [], "scale")
    labelled = cluster.kubectl("label", "-n", "shop", "deployment/web", "team=a")
    assert (labelled.code, len(labelled.warnings)) == (0, 1)
    deleted = cluster.kubectl("delete", "-n", "shop", "deployment/web", "--cascade=background")
    assert (deleted.code, deleted.warnings) == (0, [])
    assert "DELETE" in {one.operation for one in door.decisions}
    assert {one.failure for one in door.decisions} == {None}


def test_warnings_arrive_whole_however_many_there_are(create: Callable[..., Any], door: Door) -> None:
    door.use(ModeEntry("warn"), warnings=100)
    containers = [{"name": f"{'c' * 50}{number}", "image": "x"} for number in range(60)]
    template = {"spec": {"containers": containers}}
    made = create(workload("Deployment", template, name="many"), params={"dryRun": "All"})
    told = warnings(made)
    assert made.status_code == 201
    assert told == json.loads(door.last.body)["response"]["warnings"]
    assert told[-1].startswith("and ")
    assert max(map(len, told)) <= wording.MAX_WARNING


def test_what_becomes_of_a_running_pod_is_judged_where_it_matters(
    create: Callable[..., Any], cluster: Cluster, door: Door
) -> None:
    door.use(ModeEntry("audit"))
    assert create(pod({"image": "registry.example/web"} | PRIVILEGED, name="old")).status_code == 201
    path = "/api/v1/namespaces/shop/pods/old"
    merge = {"headers": {"Content-Type": "application/strategic-merge-patch+json"}}
    door.use()
    label = cluster.send("PATCH", path, {"metadata": {"labels": {"role": "leader"}}}, **merge)
    assert (label.status_code, door.last.operation, door.last.findings) == (200, "UPDATE", ())
    status = cluster.send("PATCH", f"{path}/status", {"status": {"phase": "Running"}}, **merge)
    assert (status.status_code, door.last.subresource) == (200, "status")
    image = {"spec": {"containers": [{"name": "web", "image": "registry.example/web:2"}]}}
    assert cluster.send("PATCH", path, image, **merge).status_code == 403
    door.use(grandfather=True)
    changed = cluster.send("PATCH", path, image, **merge)
    assert (changed.status_code, warnings(changed)) == (
        200,
        [f"spec.containers[0].securityContext.privileged: {PRIVILEGED_TEXT}"],
    )
    debug = {
        "spec": {
            "ephemeralContainers": [{"name": "debug", "image": "busybox:1", "securityContext": {"privileged": True}}]
        }
    }
    refused = cluster.send("PATCH", f"{path}/ephemeralcontainers", debug, **merge)
    assert (refused.status_code, door.last.subresource) == (403, "ephemeralcontainers")
    fields = [cause["field"] for cause in refused.json()["details"]["causes"]]
    assert set(fields) == {"spec.ephemeralContainers[0].securityContext.privileged"}
    resources = {
        "spec": {"containers": [{"name": "web", "resources": container()["resources"] | {"requests": {"cpu": "200m"}}}]}
    }
    cluster.send("PATCH", f"{path}/resize", resources, **merge)
    assert (door.last.subresource, door.last.failure) == ("resize", None)
    cluster.send("POST", f"{path}/exec?command=sh&stdin=true")
    assert (door.last.operation, door.last.outcome) == ("CONNECT", "allow")
    assert cluster.send(
        "POST", f"{path}/eviction", {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "old"}}
    ).ok
    assert {one.failure for one in door.decisions} == {None}


def test_what_cannot_be_judged_is_refused_or_let_in_as_configured(cluster: Cluster, door: Door) -> None:
    door.use()
    deep: dict[str, Any] = {"a": "b"}
    for _ in range(300):
        deep = {"a": deep}
    crd = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "things.example.com"},
        "spec": {
            "group": "example.com",
            "names": {"plural": "things", "singular": "thing", "kind": "Thing"},
            "scope": "Namespaced",
            "versions": [
                {
                    "name": "v1",
                    "served": True,
                    "storage": True,
                    "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
                }
            ],
        },
    }
    from tests.services import eventually

    cluster.send("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", crd)
    path = "/apis/example.com/v1/namespaces/shop/things"
    eventually(lambda: cluster.send("GET", path).ok, "the custom resource")
    thing = {"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "a"}, "spec": deep}
    refused = cluster.send("POST", path, thing)
    assert (refused.status_code, door.last.failure, bool(door.last.uid)) == (400, "bad-body", True)
    assert "the body is nested deeper than 250 levels" in refused.json()["message"]
    door.use(failures={"bad-body": "allow"})
    allowed = cluster.send("POST", path, thing)
    assert (allowed.status_code, warnings(allowed)) == (201, ["not judged: the body is nested deeper than 250 levels"])
    assert cluster.annotations(allowed)[f"{HOOK}/failure"] == "bad-body: the body is nested deeper than 250 levels"
