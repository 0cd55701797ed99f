"""Tests what is asked about an object that exists."""

from __future__ import annotations

import json
from typing import Any

import pytest

from checker.admission.review import read
from checker.webhook import creation
from tests.cluster import Cluster

POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "namespace": "shop"}, "spec": {}}


def test_request_is_what_an_api_server_asks_when_the_object_is_created() -> None:
    review = read(creation.request(POD, "shop"))
    assert review._replace(text="") == (
        *("rehearsal", "CREATE", "", "v1", "Pod", "pods", "", "shop", "web", False, POD, None, ""),
    )


@pytest.mark.parametrize(
    ("data", "namespace"),
    [
        ({"apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": "shop"}}, "shop"),
        ({"apiVersion": "v1", "kind": "Pod"}, "team"),
        ({"apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": ["shop"]}}, "team"),
        ({"apiVersion": "v1", "kind": "Pod", "metadata": "shop"}, "team"),
        ({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role"}, "team"),
        ({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole"}, ""),
        ({"apiVersion": "example.com/v1", "kind": "Service"}, ""),
        ({"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"namespace": "shop"}}, "shop"),
        ({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}, "shop"),
        ({"apiVersion": "v1", "kind": "Namespace", "metadata": {"generateName": "shop-"}}, "shop-"),
        ({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": 1}}, ""),
    ],
)
def test_namespace_is_the_one_that_the_request_would_name(data: Any, namespace: str) -> None:
    assert creation.namespace(data, "team") == namespace


def test_kinds_of_an_api_server_are_known_with_their_scope_and_plural(cluster: Cluster) -> None:
    known = {}
    for version, kind in cluster.resources:
        review = json.loads(creation.request({"apiVersion": version, "kind": kind}, ""))["request"]
        in_namespace = bool(creation.namespace({"apiVersion": version, "kind": kind}, "team"))
        known[version, kind] = review["resource"]["resource"], in_namespace
    assert known == {
        one: (path.rpartition("/")[2].removeprefix("{namespace}"), scoped)
        for one, (path, scoped) in cluster.resources.items()
    }


TEMPLATE = {"metadata": {"labels": {"app": "web"}, "annotations": {"a": "b"}}, "spec": {"containers": []}}


@pytest.mark.parametrize(
    ("version", "kind", "spec"),
    [
        ("apps/v1", "Deployment", {"template": TEMPLATE}),
        ("batch/v1", "CronJob", {"jobTemplate": {"spec": {"template": TEMPLATE}}}),
    ],
)
def test_pod_is_made_of_the_template_as_a_controller_makes_it(version: str, kind: str, spec: Any) -> None:
    data = {"apiVersion": version, "kind": kind, "metadata": {"name": "web"}, "spec": spec}
    assert creation.pod_of(data, "shop") == {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "labels": {"app": "web"},
            "annotations": {"a": "b"},
            "namespace": "shop",
            "generateName": "web-",
            "ownerReferences": [{"apiVersion": version, "kind": kind, "name": "web", "controller": True}],
        },
        "spec": {"containers": []},
    }


@pytest.mark.parametrize(
    "data",
    [
        POD,
        {"apiVersion": "v1", "kind": "PodTemplate", "template": TEMPLATE},
        {"apiVersion": "example.com/v1", "kind": "Deployment", "spec": {"template": TEMPLATE}},
        {"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": []}},
        {"apiVersion": "apps/v1", "kind": "Deployment", "spec": []},
        {"apiVersion": "apps/v1", "kind": "Deployment"},
    ],
)
def test_nothing_is_made_of_what_makes_no_pods(data: Any) -> None:
    assert creation.pod_of(data, "shop") is None
