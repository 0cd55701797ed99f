"""Tests the webhook as a cluster sees it: a real API server asks it, a real client prints what it answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cluster import Answer, Cluster
from tests.webhook import PRIVILEGED, Door, Webhook, deployment, pod, serving

ESCALATION = "spec.containers[0].securityContext.allowPrivilegeEscalation"
ESCALATES = "container web may gain more privileges than its parent (kubernetes/privilege-escalation-allowed)"
PRIVILEGE = "spec.containers[0].securityContext.privileged"


@pytest.fixture(scope="module")
def webhook(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Webhook]:
    with serving(tmp_path_factory.mktemp("webhook"), cluster, count=1) as served:
        yield served


@pytest.fixture
def door(webhook: Webhook) -> Iterator[Door]:
    with webhook.watching() as found:
        yield found


def create(door: Door, body: dict[str, Any], *options: str) -> Answer:
    return door.kubectl("create", "--filename=-", *options, standard_input=body)


def denial(
    door: Door, *lines: str, head: str = 'Error from server (Forbidden): error when creating "STDIN": '
) -> Answer:
    """Return how the client prints that the webhook refuses the pod web."""
    said = f'admission webhook "{door.namespace}.checker.example" denied the request: Pod web breaks rules:'
    return Answer(1, "", "\n- ".join([f"{head}{said}", *lines]) + "\n")


def test_the_client_prints_a_denial_with_place_rule_and_advice(door: Door) -> None:
    expected = denial(
        door,
        f"{PRIVILEGE}: container web is privileged (kubernetes/privileged). Remove `securityContext.privileged`, "
        "and add the one capability or device that is really needed.",
    )
    assert create(door, PRIVILEGED) == expected


def test_the_client_prints_what_a_template_is_warned_of(door: Door) -> None:
    body = deployment(allowPrivilegeEscalation=True)
    warned = f"Warning: {ESCALATION.replace('spec.', 'spec.template.spec.', 1)}: {ESCALATES}\n"
    assert create(door, body) == Answer(0, "deployment.apps/web created\n", warned)


def test_nothing_is_printed_of_what_follows_the_rules(door: Door) -> None:
    assert create(door, pod()) == Answer(0, "pod/web created\n", "")
    assert create(door, deployment()) == Answer(0, "deployment.apps/web created\n", "")


def test_a_dry_run_is_judged_like_the_real_one_and_leaves_nothing(door: Door) -> None:
    denied = create(door, PRIVILEGED, "--dry-run=server")
    assert denied == create(door, PRIVILEGED)
    assert create(door, pod(), "--dry-run=server") == Answer(0, "pod/web created (server dry run)\n", "")
    assert door.kubectl("get", "pods").errors == f"No resources found in {door.namespace} namespace.\n"


def test_the_audit_log_tells_what_was_found_even_where_nobody_was_told(door: Door) -> None:
    found = "kubernetes/root-file-system-writable spec.containers[0].securityContext.readOnlyRootFilesystem"
    assert create(door, pod(readOnlyRootFilesystem=False)) == Answer(0, "pod/web created\n", "")
    assert create(door, PRIVILEGED).code == 1
    assert door.audited() == [
        ("create", "pods", 201, f"audit {found}"),
        ("create", "pods", 403, f"deny kubernetes/privileged {PRIVILEGE}"),
    ]


def test_objects_are_judged_when_made_and_changed_but_not_when_scaled_or_deleted(door: Door) -> None:
    tag = "warn kubernetes/image-tag-latest spec.template.spec.containers[0].image"
    assert create(door, deployment()).code == 0
    (warning,) = door.kubectl("set", "image", "deployment/web", "web=ghcr.io/example/web:latest").warnings
    assert warning == (
        "spec.template.spec.containers[0].image: image ghcr.io/example/web:latest of container web "
        "has the tag latest (kubernetes/image-tag-latest)"
    )
    body = {**deployment(), "metadata": {"name": "web", "labels": {"a": "b"}}}
    assert door.kubectl("replace", "--filename=-", standard_input=body).code == 0
    assert door.kubectl("patch", "deployment/web", '--patch={"metadata": {"labels": {"a": "c"}}}').code == 0
    assert door.kubectl("scale", "deployment/web", "--replicas=3") == Answer(0, "deployment.apps/web scaled\n", "")
    assert door.kubectl("delete", "deployment/web").code == 0
    assert door.audited() == [
        ("create", "deployments", 201, ""),
        ("patch", "deployments", 200, tag),
        ("update", "deployments", 200, ""),
        ("patch", "deployments", 200, ""),
        ("patch", "deployments/scale", 200, ""),
        ("delete", "deployments", 200, ""),
    ]


def test_a_container_for_debugging_is_judged_when_it_joins_a_running_pod(door: Door) -> None:
    assert create(door, pod()).code == 0
    debug = ("debug", "web", "--image=ghcr.io/example/shell:1", "--container=shell")
    refused = door.kubectl(*debug, "--profile=sysadmin")
    assert (refused.code, "spec.ephemeralContainers[0].securityContext.privileged" in refused.errors) == (1, True)
    assert door.kubectl(*debug, "--profile=restricted") == Answer(0, "", "")
    assert [entry[:3] for entry in door.audited()] == [
        ("create", "pods", 201),
        ("patch", "pods/ephemeralcontainers", 403),
        ("patch", "pods/ephemeralcontainers", 200),
    ]


def test_pods_that_were_there_before_keep_running_and_being_labelled_and_deleted(webhook: Webhook) -> None:
    with webhook.watching(before=[PRIVILEGED]) as door:
        assert door.kubectl("label", "pod/web", "a=b") == Answer(0, "pod/web labeled\n", "")
        assert door.kubectl("set", "image", "pod/web", "web=ghcr.io/example/web:2") == denial(
            door,
            f"{PRIVILEGE}: container web is privileged (kubernetes/privileged). Remove `securityContext.privileged`, "
            "and add the one capability or device that is really needed.",
            head="error: failed to patch image update to pod template: ",
        )
        assert door.kubectl("delete", "pod/web").code == 0


def test_the_address_chooses_the_profile(webhook: Webhook) -> None:
    with webhook.watching(path="/validate/strict") as door:
        annotations = door.cluster.annotations(door.send(pod()))
        assert annotations[f"{door.namespace}.checker.example/profile"] == "strict"
    with webhook.watching(path="/validate/no-such-profile") as door:
        said = f'admission webhook "{door.namespace}.checker.example" denied the request: there is no such profile\n'
        assert create(door, pod()).errors == f'Error from server (InternalError): error when creating "STDIN": {said}'


def test_a_pod_without_a_name_is_judged_by_the_name_it_is_given(door: Door) -> None:
    answer = create(door, {**PRIVILEGED, "metadata": {"generateName": "web-"}})
    assert re.search(r"denied the request: Pod web-\w{5} breaks rules:", answer.errors)
