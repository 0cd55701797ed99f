"""Tests that what is printed installs the webhook and breaks no rule of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from checker import arguments, bundles
from checker.config import Settings
from checker.webhook import EXCLUDED, installation, manifests, registration, workload
from checker.webhook.installation import Installation
from tests.installations import INSTALLATIONS, PLAIN
from tests.scans import scanned

KINDS = {
    "plain": [
        "Namespace", "ResourceQuota", "ServiceAccount", "Issuer", "Certificate", "Issuer", "Certificate",
        "Deployment", "PodDisruptionBudget", "Service", "NetworkPolicy", "ValidatingWebhookConfiguration",
    ],
    "everything": [
        "Namespace", "ResourceQuota", "ServiceAccount", "ConfigMap",
        "Deployment", "PodDisruptionBudget", "Service", "NetworkPolicy", "ServiceMonitor",
        "ValidatingWebhookConfiguration",
    ],
}  # fmt: skip
each_installation = pytest.mark.parametrize("one", INSTALLATIONS.values(), ids=INSTALLATIONS)


def objects(one: Installation) -> dict[str, dict[str, Any]]:
    """Return what is printed, by kind; of several of a kind the last."""
    return {data["kind"]: data for data in yaml.safe_load_all(manifests.render(one))}


@pytest.mark.parametrize("name", KINDS)
def test_everything_that_is_needed_is_printed_in_the_order_it_is_needed(name: str) -> None:
    printed = list(yaml.safe_load_all(manifests.render(INSTALLATIONS[name])))
    assert [data["kind"] for data in printed] == KINDS[name]


@each_installation
def test_what_is_printed_is_what_was_built(one: Installation) -> None:
    assert list(yaml.safe_load_all(manifests.render(one))) == [manifest.object for manifest in manifests.manifests(one)]


@each_installation
def test_every_comment_stands_above_its_object(one: Installation) -> None:
    documents = manifests.render(one).split("---\n")[1:]
    for text, manifest in zip(documents, manifests.manifests(one), strict=True):
        comment = [line.removeprefix("# ") for line in text.splitlines() if line.startswith("#")]
        assert "\n".join(comment) == manifest.comment


@each_installation
@pytest.mark.parametrize("profile", sorted(bundles.builtin().catalog.profiles))
def test_what_is_printed_breaks_no_rule_of_ours(one: Installation, profile: str, tmp_path: Path) -> None:
    (tmp_path / "webhook.yaml").write_text(manifests.render(one), encoding="utf-8")
    report = scanned(tmp_path, Settings(profiles=(profile,)))
    assert (report.findings, report.problems) == ((), ())
    assert [(file.kind, file.documents) for file in report.scanned] == [("kubernetes", len(manifests.manifests(one)))]


@each_installation
def test_the_server_takes_its_command_line(one: Installation) -> None:
    parsed = arguments.parser().parse_args(workload.arguments(one))
    assert (parsed.listen, parsed.metrics) == (("", installation.HTTPS_PORT), ("", installation.METRICS_PORT))
    assert (parsed.certificate, parsed.key) == ("/etc/checker/tls/tls.crt", "/etc/checker/tls/tls.key")
    assert (parsed.config, parsed.no_config) == (
        ("/etc/checker/configuration/checker.yaml", False) if one.configuration else (None, True)
    )
    assert tuple(parsed.profile or ()) == one.profiles
    assert (parsed.engine, parsed.opa_url) == (("opa", list(one.opa_urls)) if one.opa_urls else ("wasm", None))


@each_installation
def test_what_the_server_reads_and_writes_is_mounted_and_nothing_else_is(one: Installation) -> None:
    pod = objects(one)["Deployment"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    mounts = {mount["mountPath"]: (mount["name"], mount.get("readOnly", False)) for mount in container["volumeMounts"]}
    expected = {"/etc/checker/tls": ("certificates", True), installation.TEMPORARY: ("temporary", False)}
    if one.configuration:
        expected["/etc/checker/configuration"] = ("configuration", True)
    assert mounts == expected
    assert {volume["name"] for volume in pod["volumes"]} == {name for name, _ in mounts.values()}
    assert container["env"] == [{"name": "XDG_CACHE_HOME", "value": f"{installation.TEMPORARY}/cache"}]


@each_installation
def test_services_and_policies_select_the_pods_and_the_namespace_is_left_out(one: Installation) -> None:
    printed = objects(one)
    labels = printed["Deployment"]["spec"]["template"]["metadata"]["labels"]
    selectors = [
        printed["Deployment"]["spec"]["selector"]["matchLabels"],
        printed["Service"]["spec"]["selector"],
        printed["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"],
        printed["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"],
    ]
    assert all(selector and selector.items() <= labels.items() for selector in selectors)
    for webhook in printed["ValidatingWebhookConfiguration"]["webhooks"]:
        left_out = {"kube-system", printed["Namespace"]["metadata"]["name"]}
        assert set(webhook["namespaceSelector"]["matchExpressions"][0]["values"]) == left_out
        assert webhook["clientConfig"]["service"]["name"] == printed["Service"]["metadata"]["name"]


def test_the_namespaces_that_a_rehearsal_leaves_out_are_those_of_the_registration() -> None:
    (webhook,) = objects(PLAIN)["ValidatingWebhookConfiguration"]["webhooks"]
    assert tuple(webhook["namespaceSelector"]["matchExpressions"][0]["values"]) == EXCLUDED


def test_every_namespace_has_one_profile() -> None:
    webhooks = registration.registration(INSTALLATIONS["profiles"]).object["webhooks"]
    selected = [
        (
            webhook["name"],
            webhook["clientConfig"]["service"]["path"],
            webhook["namespaceSelector"]["matchExpressions"][1],
        )
        for webhook in webhooks
    ]
    key = "security.example/profile"
    assert selected == [
        ("checker.checker-system.svc", "/validate", {"key": key, "operator": "NotIn", "values": ["default", "strict"]}),
        (
            "default.checker.checker-system.svc",
            "/validate/default",
            {"key": key, "operator": "In", "values": ["default"]},
        ),
        ("strict.checker.checker-system.svc", "/validate/strict", {"key": key, "operator": "In", "values": ["strict"]}),
    ]
    scopes = [{rule["scope"] for rule in webhook["rules"]} for webhook in webhooks]
    assert scopes == [{"*"}, {"Namespaced"}, {"Namespaced"}]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("plain", []),
        ("opa", [[("UDP", 53), ("TCP", 53)], [("TCP", 443)]]),
        ("opa on ports", [[("UDP", 53), ("TCP", 53)], [("TCP", 8181), ("TCP", 443)]]),
    ],
)
def test_the_webhook_reaches_its_opa_servers_or_nothing(name: str, expected: list[Any]) -> None:
    egress = objects(INSTALLATIONS[name])["NetworkPolicy"]["spec"]["egress"]
    assert [[(port["protocol"], port["port"]) for port in rule["ports"]] for rule in egress] == expected


def test_the_server_has_ended_before_it_is_killed() -> None:
    parsed = arguments.parser().parse_args(workload.arguments(PLAIN))
    assert parsed.drain_seconds < parsed.shutdown_seconds < installation.GRACE_SECONDS


def test_numbers_are_texts_where_kubernetes_wants_texts() -> None:
    one = PLAIN._replace(namespace="1e3", replicas=3)
    printed = objects(one)
    assert 'namespace: "1e3"' in manifests.render(one)
    assert printed["Deployment"]["spec"]["template"]["metadata"]["annotations"]["prometheus.io/port"] == "9090"
