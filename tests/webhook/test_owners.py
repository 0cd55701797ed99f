"""Tests who is told about an object."""

from __future__ import annotations

from typing import Any

import pytest

from checker.webhook.owners import Known, Owner, Owners


def made(kind: str, name: str, by: tuple[str, str] | None = None, **metadata: Any) -> dict[str, Any]:
    """Return an object with its name as uid, controlled by another one."""
    group = "v1" if kind in {"Pod", "Namespace"} else "apps/v1"
    references = [{"kind": by[0], "name": by[1], "uid": by[1], "controller": True}] if by else []
    named = {"name": name, "uid": name, "namespace": "shop", "ownerReferences": references}
    return {"apiVersion": group, "kind": kind, "metadata": named | metadata}


def learned(owners: Owners, *objects: dict[str, Any]) -> list[Known]:
    return [owners.learn(one, one["metadata"]["namespace"], ()) for one in objects]


def test_a_pod_belongs_to_the_deployment_of_its_replica_set_in_whatever_order_they_are_read() -> None:
    objects = [
        made("Pod", "web-1-x", ("ReplicaSet", "web-1")),
        made("Deployment", "web"),
        made("ReplicaSet", "web-1", ("Deployment", "web")),
    ]
    for order in (objects, objects[::-1]):
        owners = Owners()
        assert {owners.of(one) for one in learned(owners, *order)} == {Owner("Deployment", "web")}


def test_the_last_controller_that_is_named_is_told_where_it_was_not_read() -> None:
    owners = Owners()
    pod, replicas = learned(
        owners, made("Pod", "web-1-x", ("ReplicaSet", "web-1")), made("ReplicaSet", "web-1", ("Rollout", "web"))
    )
    assert (owners.of(pod), owners.of(replicas)) == (Owner("Rollout", "web"), Owner("Rollout", "web"))
    assert owners.makers(pod) == {"web-1", "web"}


@pytest.mark.parametrize(
    "references",
    [
        None,
        "x",
        [None],
        [{"kind": "Node", "name": "a", "uid": "a"}],
        [{"kind": "Node", "name": "a", "uid": "a", "controller": "true"}],
        [{"kind": 1, "name": "a", "uid": "a", "controller": True}],
    ],
)
def test_an_object_without_a_controller_belongs_to_itself(references: Any) -> None:
    owners = Owners()
    (known,) = learned(owners, made("Pod", "web", ownerReferences=references))
    assert (owners.of(known), owners.makers(known)) == (Owner("Pod", "web"), set())


def test_owners_that_were_forged_into_a_ring_end() -> None:
    owners = Owners()
    first, second, own = learned(
        owners,
        made("Pod", "a", ("Pod", "b")),
        made("Pod", "b", ("Pod", "a")),
        made("Pod", "c", ("Pod", "c")),
    )
    assert [owners.of(one) for one in (first, second, own)] == [Owner("Pod", "a"), Owner("Pod", "b"), Owner("Pod", "c")]


def test_a_label_is_the_objects_own_or_its_controllers_or_its_namespaces() -> None:
    owners = Owners("team")
    objects = [
        made("Pod", "own", ("ReplicaSet", "web-1"), labels={"team": "a"}),
        made("Pod", "controllers", ("ReplicaSet", "web-1")),
        made("ReplicaSet", "web-1", ("Deployment", "web")),
        made("Deployment", "web", labels={"team": "b"}),
        made("Pod", "namespaces", labels={"app": "x"}),
        made("Pod", "nobodys", namespace="other", labels=["team"]),
        made("Namespace", "shop", namespace="shop", labels={"team": "c"}),
        made("Namespace", "other", namespace="other", labels={"team": 1}),
    ]
    found = [owners.of(one).name for one in learned(owners, *objects)]
    assert found == ["a", "b", "b", "b", "c", "", "c", ""]
    assert owners.of(learned(owners, objects[0])[0]) == Owner("team", "a")


def test_secrets_of_an_object_are_hidden_in_its_name_and_label() -> None:
    owners = Owners("team")
    known = owners.learn(made("Pod", "web-hunter22", labels={"team": "hunter22"}), "shop", ("hunter22",))
    assert (known.owner, known.label) == (Owner("Pod", "web-***"), "***")


def test_an_object_without_uid_is_nobodys_controller() -> None:
    owners = Owners()
    pod = made("Pod", "x", ("ReplicaSet", "web"))
    del pod["metadata"]["ownerReferences"][0]["uid"]
    replicas = made("ReplicaSet", "web", ("Deployment", "web"), uid=None)
    known, _ = learned(owners, pod, replicas)
    assert (owners.of(known), owners.makers(known)) == (Owner("ReplicaSet", "web"), {""})
