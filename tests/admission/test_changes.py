"""Tests which requests are judged."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from checker.admission.changes import is_pod, subject
from checker.admission.review import read
from tests.admission.reviews import container, pod, review, workload

POD = pod({}, {"name": "log"})
DEPLOYMENT = workload("Deployment", POD)
CONFIG_MAP = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"k": "v"}}


def changed(data: Any, *path: str | int, to: Any) -> Any:
    """Return a copy with another value at a path."""
    copy = deepcopy(data)
    node = copy
    for step in path[:-1]:
        node = node.setdefault(step, {}) if isinstance(node, dict) else node[step]
    node[path[-1]] = to
    return copy


def is_judged(new: Any, operation: str = "CREATE", **fields: Any) -> bool:
    return subject(read(review(new, operation, **fields))) is not None


def is_update_judged(new: Any, old: Any, **fields: Any) -> bool:
    return is_judged(new, "UPDATE", oldObject=old, **fields)


def test_what_is_judged_is_the_object() -> None:
    assert subject(read(review(POD))) == POD


def test_what_is_deleted_or_connected_to_is_not_judged() -> None:
    assert not is_judged(None, "DELETE", oldObject=POD)
    assert not is_judged({"apiVersion": "v1", "kind": "PodExecOptions"}, "CONNECT", subResource="exec")
    assert not is_judged(None, "CREATE")


@pytest.mark.parametrize(
    "name", ["attach", "binding", "eviction", "exec", "log", "portforward", "proxy", "scale", "status"]
)
def test_subresources_that_change_no_spec_are_not_judged(name: str) -> None:
    new = changed(POD, "spec", "containers", 0, "image", to="other")
    assert not is_update_judged(new, POD, subResource=name)
    assert not is_judged(new, subResource=name)


@pytest.mark.parametrize("name", ["ephemeralcontainers", "resize", "whatever-comes-next", ""])
def test_every_other_subresource_is_judged(name: str) -> None:
    assert is_update_judged(changed(POD, "spec", "containers", 0, "image", to="other"), POD, subResource=name)


@pytest.mark.parametrize(
    "new",
    [
        changed(POD, "spec", "containers", 1, "image", to="other"),
        changed(POD, "spec", "initContainers", to=[container(name="init")]),
        changed(POD, "spec", "ephemeralContainers", to=[{"name": "debug", "image": "busybox"}]),
        changed(POD, "spec", "containers", 0, "resources", "limits", "memory", to="1Gi"),
        changed(POD, "spec", to=None),
        changed(POD, "metadata", "annotations", "seccomp.security.alpha.kubernetes.io/pod", to="unconfined"),
        changed(POD, "metadata", "annotations", "container.seccomp.security.alpha.kubernetes.io/web", to="unconfined"),
        changed(POD, "metadata", "annotations", "container.apparmor.security.beta.kubernetes.io/web", to="unconfined"),
    ],
)
def test_an_update_of_a_pod_that_changes_what_runs_is_judged(new: Any) -> None:
    assert is_update_judged(new, POD)
    assert is_update_judged(POD, new)


@pytest.mark.parametrize(
    "new",
    [
        POD,
        changed(POD, "metadata", "labels", to={"role": "leader"}),
        changed(POD, "metadata", "annotations", to={"example.com/note": "x"}),
        changed(POD, "metadata", "annotations", to="no mapping"),
        changed(POD, "metadata", to=None),
        changed(POD, "metadata", "finalizers", to=[]),
        changed(POD, "metadata", "ownerReferences", to=[]),
        changed(POD, "status", to={"phase": "Running"}),
        changed(POD, "spec", "activeDeadlineSeconds", to=5),
        changed(POD, "spec", "tolerations", to=[{"operator": "Exists"}]),
        changed(POD, "spec", "schedulingGates", to=[]),
        changed(POD, "spec", "terminationGracePeriodSeconds", to=1),
        changed(POD, "spec", "nodeName", to="a"),
        changed(POD, "spec", "nodeSelector", to={"a": "b"}),
        changed(POD, "spec", "affinity", to={}),
    ],
)
def test_an_update_of_a_pod_that_changes_nothing_relevant_passes(new: Any) -> None:
    assert not is_update_judged(new, POD)


@pytest.mark.parametrize("old", [DEPLOYMENT, CONFIG_MAP])
def test_an_update_of_anything_else_is_judged_but_for_bookkeeping(old: Any) -> None:
    assert is_update_judged(changed(old, "spec", "replicas", to=3), old)
    assert is_update_judged(changed(old, "data", to={"k": "w"}), old)
    assert is_update_judged(changed(old, "metadata", "labels", to={"team": "a"}), old)
    for key in ("finalizers", "ownerReferences", "managedFields"):
        assert not is_update_judged(changed(old, "metadata", key, to=[]), old)
    for key in ("resourceVersion", "generation", "deletionTimestamp", "uid", "selfLink", "creationTimestamp"):
        assert not is_update_judged(changed(old, "metadata", key, to="1"), old)
    assert not is_update_judged(changed(old, "status", to={"replicas": 1}), old)
    assert not is_update_judged(old, old)


def test_an_update_without_the_old_object_is_judged() -> None:
    assert is_judged(POD, "UPDATE")


def test_a_pod_is_known_by_version_and_kind() -> None:
    assert is_pod(POD)
    assert not is_pod(DEPLOYMENT)
    assert not is_pod({"apiVersion": "example.com/v1", "kind": "Pod"})
