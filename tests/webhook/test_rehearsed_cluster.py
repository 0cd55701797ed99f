"""Tests that a rehearsal of a cluster says what the webhook does once it is switched on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from checker.config import AdmissionSettings, ModeEntry
from tests.admission.test_api_server import HOOK, Door, registration, serving
from tests.cluster import Cluster, read_objects
from tests.rehearsals import rehearsed_text
from tests.services import eventually
from tools.expected import FIXTURES

Said = list[tuple[str, str, str]]
"""Mode, rule and field of each finding."""

SETTINGS = AdmissionSettings(
    (
        ModeEntry("ignore", rules=("*/image-tag-latest",)),
        ModeEntry("audit", rules=("*/runs-as-root", "*/privilege-escalation-allowed")),
        ModeEntry("warn", ("low",)),
    ),
    budget=10.0,
)
"""Denies few, so that there is something of each mode among objects most of which nobody hardened."""

OBJECTS = {
    f"{file.relative_to(FIXTURES / 'kubernetes').as_posix()}#{number}": one
    for file in sorted((FIXTURES / "kubernetes").rglob("*"))
    if file.suffix in {".yaml", ".json"}
    for number, one in enumerate(read_objects(file.read_text("utf-8-sig")))
}


def fields(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def again(obj: dict[str, Any]) -> dict[str, Any]:
    """Return the same object under a name that is not taken."""
    return {**obj, "metadata": {**obj["metadata"], "name": f"{obj['metadata']['name']}-again"}}


@dataclass
class Inhabited:
    """Holds a cluster in which the objects of all fixtures exist, each in a namespace of its own."""

    cluster: Cluster
    created: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, name: str, obj: dict[str, Any]) -> None:
        """Create an object, and for ephemeral containers their Pod a second time, since they only ever join one."""
        if (obj["apiVersion"], obj["kind"]) not in self.cluster.resources:
            return
        namespace = f"rehearsed-{len(self.created)}"
        kept = {key: value for key, value in obj["metadata"].items() if key not in {"namespace", "name"}}
        labels = {**fields(kept.get("labels")), "rehearsed": "yes"}
        unique = {**obj, "metadata": {**kept, "name": namespace, "labels": labels}}
        self.cluster.namespace(namespace, {"judged": "true"})
        answer = self._send(unique, namespace)
        if answer.ok:
            self.created[name] = {**unique, "metadata": {**unique["metadata"], "namespace": namespace}}

    def _send(self, obj: dict[str, Any], namespace: str) -> Any:
        debug = fields(obj.get("spec")).get("ephemeralContainers") if obj["kind"] == "Pod" else None
        plain = {**obj, "spec": {k: v for k, v in obj["spec"].items() if k != "ephemeralContainers"}} if debug else obj
        path = self.cluster.collection(obj, namespace)
        answer = self.cluster.send("POST", path, plain)
        if not debug or not answer.ok:
            return answer
        self.cluster.send("POST", path, again(plain))
        return self.join(path, answer.json(), debug)

    def join(self, path: str, running: dict[str, Any], debug: Any, **options: Any) -> Any:
        """Let ephemeral containers join a Pod."""
        body = {**running, "spec": {**running["spec"], "ephemeralContainers": debug}}
        return self.cluster.send("PUT", f"{path}/{running['metadata']['name']}/ephemeralcontainers", body, **options)

    def judged(self, obj: dict[str, Any]) -> Any:
        """Ask for the same once more, and keep nothing."""
        path = self.cluster.collection(obj)
        debug = fields(obj.get("spec")).get("ephemeralContainers") if obj["kind"] == "Pod" else None
        options = {"params": {"dryRun": "All"}}
        if debug:
            running = self.cluster.send("GET", f"{path}/{again(obj)['metadata']['name']}").json()
            return self.join(path, running, debug, **options)
        return self.cluster.send("POST", path, again(obj), **options)

    def said(self, response: Any) -> Said:
        """Return what the audit log holds of a request, which is everything that was found."""
        findings = self.cluster.annotations(response).get(f"{HOOK}/findings", "")
        return sorted((*one.split(" ", 2), "")[:3] for one in findings.split("; ") if one)  # type: ignore[misc]

    def printed(self) -> str:
        kinds = {one["kind"] for one in self.created.values()}
        paths = {path for (_, kind), (path, _) in self.cluster.resources.items() if kind in kinds}
        names = ",".join(sorted({re.sub(r".*[/}]", "", path) for path in paths} - {"events"}))
        return self.cluster.kubectl("get", names, "-A", "-l", "rehearsed=yes", "-o", "json").output


@pytest.fixture(scope="module")
def inhabited(cluster: Cluster) -> Inhabited:
    found = Inhabited(cluster)
    for name, obj in OBJECTS.items():
        found.add(name, obj)
    return found


@pytest.fixture(scope="module")
def printed(inhabited: Inhabited) -> str:
    """Return what the client prints of the cluster while no webhook is there."""
    return inhabited.printed()


@pytest.fixture(scope="module")
def webhook(inhabited: Inhabited, printed: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    assert printed
    cluster, door = inhabited.cluster, Door()
    path = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
    with serving(door, cluster, tmp_path_factory.mktemp("door")) as url:
        door.use(*SETTINGS.modes)
        hook = registration(url, Path(str(cluster.session.verify)).read_bytes())
        assert cluster.send("POST", path, hook).status_code == 201
        probe = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "probe", "namespace": "rehearsed-0"}}
        options = {"params": {"dryRun": "All"}}
        eventually(
            lambda: cluster.send("POST", cluster.collection(probe), probe, **options).ok and door.decisions, HOOK
        )
        yield door
        cluster.send("DELETE", f"{path}/{HOOK}")
    door.decider.close()


def test_most_fixtures_are_objects_that_a_cluster_takes(inhabited: Inhabited) -> None:
    assert len(inhabited.created) > 0.9 * len(OBJECTS)


def test_each_object_is_refused_or_let_in_with_the_words_that_the_rehearsal_said(
    inhabited: Inhabited, printed: str, webhook: Door
) -> None:
    told = rehearsed_text(printed, settings=SETTINGS)
    existing = {one.name: one for one in told.judged if not one.is_made}
    assert (told.problems, told.skipped) == ((), ())
    assert existing
    expected, seen = {}, {}
    for name, obj in inhabited.created.items():
        response = inhabited.judged(obj)
        assert response.status_code in {200, 201, 403}, response.text
        seen[name] = ("deny" if response.status_code == 403 else "pass", inhabited.said(response))
        one = existing.get(obj["metadata"]["name"])
        said = sorted((said.mode, said.rule, said.field) for said in one.said) if one else []
        expected[name] = ("deny" if one and one.outcome == "deny" else "pass", said)
    assert seen == expected
    assert {one.failure for one in webhook.decisions} == {None}
    assert {mode for _, said in seen.values() for mode, _, _ in said} == {"deny", "warn", "audit"}


def test_a_cluster_is_rehearsed_alike_whatever_form_it_is_printed_in(inhabited: Inhabited) -> None:
    label = "labelSelector=rehearsed%3Dyes"
    raw = inhabited.cluster.kubectl("get", "--raw", f"/api/v1/pods?{label}").output
    as_json, as_yaml = (
        inhabited.cluster.kubectl("get", "pods", "-A", "-l", "rehearsed=yes", "-o", form).output
        for form in ("json", "yaml")
    )
    told = [rehearsed_text(text, settings=SETTINGS) for text in (raw, as_json, as_yaml)]
    assert len(told[0].judged) > 100
    assert told[1:] == told[:1] * 2


def test_each_pod_that_a_template_would_make_is_refused_or_let_in_as_the_rehearsal_said(
    inhabited: Inhabited, printed: str, webhook: Door
) -> None:
    assert webhook.decider
    made = {one.name: one for one in rehearsed_text(printed, settings=SETTINGS).judged if one.is_made}
    expected, seen = {}, {}
    for obj in inhabited.created.values():
        name = obj["metadata"]["name"]
        if name not in made:
            continue
        holder = fields(obj["spec"].get("jobTemplate")) or obj
        template = holder["spec"]["template"]
        owner = {"apiVersion": obj["apiVersion"], "kind": obj["kind"], "name": name, "uid": name, "controller": True}
        metadata = {**fields(template.get("metadata")), "generateName": f"{name}-", "namespace": name}
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {**metadata, "ownerReferences": [owner]}}
        pod["spec"] = template["spec"]
        path = inhabited.cluster.collection(pod)
        response = inhabited.cluster.send("POST", path, pod, params={"dryRun": "All"})
        seen[name] = (response.status_code, inhabited.said(response))
        said = sorted((one.mode, one.rule, one.field) for one in made[name].said)
        expected[name] = (403 if made[name].outcome == "deny" else 201, said)
    assert seen == expected
    assert {code for code, _ in seen.values()} == {201, 403}
