from __future__ import annotations

import json
import re
from pathlib import Path

from tests.cluster import Cluster, warnings

ROOT = Path(__file__).parent.parent


def test_server_and_client_are_of_the_pinned_release(cluster: Cluster) -> None:
    pinned = re.search(r"^\s+k8s.io/kubernetes (v\S+)", (ROOT / "tools/kubernetes/go.mod").read_text(), re.MULTILINE)
    assert pinned is not None
    versions = json.loads(cluster.kubectl("version", "--output=json").output)
    assert {versions["clientVersion"]["gitVersion"], versions["serverVersion"]["gitVersion"]} == {pinned[1]}


def test_the_path_of_an_object_follows_from_its_kind(cluster: Cluster) -> None:
    role = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "r"}}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}}
    assert cluster.collection(role) == "/apis/rbac.authorization.k8s.io/v1/clusterroles"
    assert cluster.collection(pod) == "/api/v1/namespaces/default/pods"


def test_warnings_and_audit_annotations_of_a_request_are_found(cluster: Cluster) -> None:
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "p", "annotations": {"scheduler.alpha.kubernetes.io/critical-pod": ""}},
        "spec": {"containers": [{"name": "c", "image": "i"}]},
    }
    answer = cluster.send("POST", "/api/v1/namespaces/default/pods", pod, params={"dryRun": "All"})
    assert answer.status_code == 201
    (warning,) = warnings(answer)
    assert warning == (
        "metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]: non-functional in v1.16+; "
        'use the "priorityClassName" field instead'
    )
    assert cluster.annotations(answer)["authorization.k8s.io/decision"] == "allow"
    assert cluster.kubectl("create", "--dry-run=server", "--filename=-", standard_input=pod).warnings == warnings(
        answer
    )
