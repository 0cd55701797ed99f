"""Tests that an object gives the same findings from its file and from an API server, which fills in defaults."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from checker.model import Path as Node
from tests.cluster import Cluster, read_objects
from tools.expected import FIXTURES, report_of

Found = set[tuple[str, str, Node]]

REFUSED = {
    "kubernetes/host-path-mounted/fail_without_a_path.yaml": "hostPath.path: Required value",
    "kubernetes/image-tag-missing/pass_no_image.yaml": "containers[0].image: Required value",
    "kubernetes/liveness-probe-missing/pass_cron_job.yaml": "restartPolicy: Required value",
    "kubernetes/liveness-probe-missing/pass_job.yaml": "restartPolicy: Required value",
    "kubernetes/privileged/fail_without_a_name.yaml": "containers[0].name: Required value",
    "kubernetes/probe-port-name-undeclared/pass_number_in_quotes.yaml": "must contain at least one letter",
    "kubernetes/probe-port-undeclared/fail_number_in_quotes.yaml": "must contain at least one letter",
    "kubernetes/readiness-probe-missing/pass_cron_job.yaml": "restartPolicy: Required value",
    "kubernetes/readiness-probe-missing/pass_job.yaml": "restartPolicy: Required value",
    "kubernetes/seccomp-not-set/fail_profile_without_type.yaml": "seccompProfile.type: Required value",
}
"""Files that no API server takes, and what it says: our rules judge them all the same, as files."""

UNKNOWN = {"kubernetes/privileged/pass_no_pod.yaml", "kubernetes/role-wildcard/pass_no_role.yaml"}
"""Files with a kind that no API server knows, since their kind only looks like one of Kubernetes."""

DEVIATIONS = {
    "kubernetes/cpu-request-missing/fail_null.yaml": "null is no request in a file; the API server reads it as 0",
    "kubernetes/memory-request-missing/fail_null.yaml": "the same",
}
"""Files whose object loses findings on its way into a cluster, each with the reason; none gains any."""


@dataclass
class Fixtures:
    """Holds the objects of the fixtures twice: as their files have them, and as the API server gave them back."""

    names: list[str] = field(default_factory=list)
    given: list[Any] = field(default_factory=list)
    read: list[Any] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)

    def add(self, cluster: Cluster, name: str, obj: dict[str, Any]) -> None:
        try:
            path = cluster.collection(obj)
        except KeyError:
            self.unknown.add(name)
            return
        if "namespace" in obj["metadata"]:
            cluster.namespace(obj["metadata"]["namespace"])
        if obj["kind"] == "Pod" and "ephemeralContainers" in obj["spec"]:
            answer = _with_ephemeral_containers(cluster, obj)
        else:
            answer = cluster.send("POST", path, obj, params={"dryRun": "All"})
        if not answer.ok:
            self.refused[name] = answer.json()["message"]
            return
        self.names.append(name)
        self.given.append(obj)
        self.read.append(answer.json())


def _with_ephemeral_containers(cluster: Cluster, pod: dict[str, Any]) -> Any:
    """Add them to a pod that runs already, the one way there is."""
    plain = {**pod, "spec": {key: value for key, value in pod["spec"].items() if key != "ephemeralContainers"}}
    answer = cluster.send("POST", cluster.collection(pod), plain)
    path = f"{cluster.collection(pod)}/{pod['metadata']['name']}"
    if not answer.ok:
        return answer
    running = answer.json()
    body = {**running, "spec": {**running["spec"], "ephemeralContainers": pod["spec"]["ephemeralContainers"]}}
    try:
        return cluster.send("PUT", f"{path}/ephemeralcontainers", body)
    finally:
        cluster.send("DELETE", path, params={"gracePeriodSeconds": "0"})


@pytest.fixture(scope="module")
def fixtures(cluster: Cluster) -> Fixtures:
    found = Fixtures()
    for file in sorted((FIXTURES / "kubernetes").rglob("*")):
        if file.suffix in {".yaml", ".json"}:
            for obj in read_objects(file.read_text("utf-8-sig")):
                found.add(cluster, file.relative_to(FIXTURES).as_posix(), obj)
    return found


def findings(folder: Path, names: list[str], objects: list[Any]) -> Found:
    """Scan objects as files of their own."""
    for number, obj in enumerate(objects):
        (folder / f"{number}.json").write_text(json.dumps(obj))
    return {(names[int(one.path.removesuffix(".json"))], one.rule, one.node) for one in report_of(folder).findings}


def test_the_api_server_takes_every_fixture_but_those_that_are_known(fixtures: Fixtures) -> None:
    assert fixtures.refused.keys() == REFUSED.keys()
    assert {name: text for name, text in REFUSED.items() if text not in fixtures.refused[name]} == {}
    assert fixtures.unknown == UNKNOWN


def test_defaults_change_no_finding_but_those_that_are_explained(fixtures: Fixtures, tmp_path: Path) -> None:
    folders = [tmp_path / "given", tmp_path / "read"]
    for folder in folders:
        folder.mkdir()
    given = findings(folders[0], fixtures.names, fixtures.given)
    read = findings(folders[1], fixtures.names, fixtures.read)
    assert read - given == set()
    assert {name for name, _, _ in given - read} == DEVIATIONS.keys()
    assert {(rule, node[-2:]) for _, rule, node in given - read} == {
        ("kubernetes/cpu-request-missing", ("requests", "cpu")),
        ("kubernetes/memory-request-missing", ("requests", "memory")),
    }
