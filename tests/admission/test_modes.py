"""Tests what each finding does, and which of the settings wins."""

from __future__ import annotations

from typing import Any

import pytest

from checker import bundles
from checker.admission.modes import DEFAULTS, Modes, template_path
from checker.config import AdmissionSettings, Mode, ModeEntry
from checker.model import Severity
from tests.admission.reviews import POD, pod, workload

RULE = bundles.builtin().catalog.rules["kubernetes/privileged"]
CONTAINER = ("spec", "containers", 0)
IN_TEMPLATE = ("spec", "template", "spec", "containers", 0)


def owner(kind: str, version: str = "apps/v1", **others: Any) -> list[dict[str, Any]]:
    return [{"apiVersion": version, "kind": kind, "name": "web", "uid": "1", "controller": True} | others]


def configured(
    *entries: ModeEntry, severity: Severity = "high", profile: str = "default", namespace: str = "shop"
) -> Mode:
    modes = Modes(AdmissionSettings(entries), (profile,), namespace, POD)
    return modes.configured(RULE._replace(severity=severity))


def test_without_configuration_the_severity_decides() -> None:
    assert {severity: configured(severity=severity) for severity in DEFAULTS} == {
        "critical": "deny",
        "high": "deny",
        "medium": "warn",
        "low": "audit",
    }


@pytest.mark.parametrize(
    ("entry", "others", "mode"),
    [
        (ModeEntry("audit"), {}, "audit"),
        (ModeEntry("audit", severities=("high",)), {}, "audit"),
        (ModeEntry("audit", severities=("low", "medium")), {}, "deny"),
        (ModeEntry("audit", rules=("*/privileged",)), {}, "audit"),
        (ModeEntry("audit", rules=("*/runs-as-root", "dockerfile/*")), {}, "deny"),
        (ModeEntry("audit", profiles=("strict", "default")), {}, "audit"),
        (ModeEntry("audit", profiles=("strict",)), {}, "deny"),
        (ModeEntry("audit", namespaces=("dev-*", "shop")), {}, "audit"),
        (ModeEntry("audit", namespaces=("sho",)), {}, "deny"),
        (ModeEntry("audit", namespaces=("shop",)), {"namespace": ""}, "deny"),
        (ModeEntry("audit", namespaces=("*",)), {"namespace": ""}, "audit"),
        (ModeEntry("audit", ("high",), ("kubernetes/*",), ("default",), ("shop",)), {}, "audit"),
        (ModeEntry("audit", ("high",), ("kubernetes/*",), ("default",), ("other",)), {}, "deny"),
    ],
)
def test_an_entry_holds_where_every_condition_is_met(entry: ModeEntry, others: Any, mode: Mode) -> None:
    assert configured(entry, **others) == mode


def test_the_first_entry_that_fits_decides() -> None:
    entries = (ModeEntry("warn", namespaces=("dev",)), ModeEntry("ignore", severities=("high",)), ModeEntry("audit"))
    assert configured(*entries) == "ignore"
    assert configured(*entries, severity="low") == "audit"
    assert configured(*entries, namespace="dev") == "warn"
    assert configured(*entries[::-1]) == "audit"


@pytest.mark.parametrize(
    ("data", "path", "settings", "is_old", "becomes"),
    [
        (pod(), CONTAINER, AdmissionSettings(), False, {"deny": "deny", "warn": "warn"}),
        (pod(), CONTAINER, AdmissionSettings(), True, {"deny": "warn", "warn": "warn"}),
        (workload("Deployment", pod()), IN_TEMPLATE, AdmissionSettings(), False, {"deny": "warn", "warn": "warn"}),
        (workload("Deployment", pod()), ("spec",), AdmissionSettings(), False, {"deny": "deny", "warn": "warn"}),
        (
            workload("Deployment", pod()),
            IN_TEMPLATE,
            AdmissionSettings(templates="deny"),
            False,
            {"deny": "deny", "warn": "warn"},
        ),
        (
            workload("Deployment", pod()),
            IN_TEMPLATE,
            AdmissionSettings(templates="deny"),
            True,
            {"deny": "warn", "warn": "warn"},
        ),
        (
            pod(ownerReferences=owner("ReplicaSet")),
            CONTAINER,
            AdmissionSettings(),
            False,
            {"deny": "deny", "warn": "audit"},
        ),
        (
            pod(ownerReferences=owner("ReplicaSet")),
            CONTAINER,
            AdmissionSettings(),
            True,
            {"deny": "audit", "warn": "audit"},
        ),
        (
            workload("ReplicaSet", pod(), ownerReferences=owner("Deployment")),
            IN_TEMPLATE,
            AdmissionSettings(),
            False,
            {"deny": "audit", "warn": "audit"},
        ),
        (
            workload("ReplicaSet", pod(), ownerReferences=owner("Deployment")),
            ("spec",),
            AdmissionSettings(),
            False,
            {"deny": "deny", "warn": "warn"},
        ),
        (
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"ownerReferences": owner("Deployment")}},
            ("data", "key"),
            AdmissionSettings(),
            False,
            {"deny": "deny", "warn": "warn"},
        ),
    ],
)
def test_a_finding_is_milder_in_a_template_before_the_update_and_below_a_template(
    data: Any, path: Any, settings: AdmissionSettings, is_old: Any, becomes: dict[Mode, Mode]
) -> None:
    modes = Modes(settings, ("default",), "shop", data)
    assert {mode: modes.of(mode, path, is_old=is_old) for mode in becomes} == becomes
    assert [modes.of(mode, path, is_old=is_old) for mode in ("audit", "ignore")] == ["audit", "ignore"]


@pytest.mark.parametrize(
    "owners",
    [
        None,
        [],
        "ReplicaSet",
        ["ReplicaSet"],
        owner("ReplicaSet", controller=False),
        owner("ReplicaSet", controller="true"),
        owner("Rollout", "argoproj.io/v1alpha1"),
        owner("ReplicaSet", "example.com/v1"),
        owner("Node", "v1"),
        [{"controller": True}],
        [{"controller": True, "apiVersion": 1, "kind": []}],
    ],
)
def test_a_pod_that_no_judged_template_made_is_warned_of(owners: Any) -> None:
    modes = Modes(AdmissionSettings(), ("default",), "shop", pod(ownerReferences=owners))
    assert modes.of("warn", CONTAINER, is_old=False) == "warn"


@pytest.mark.parametrize(
    ("version", "kind", "path"),
    [
        ("apps/v1", "Deployment", ("spec", "template")),
        ("batch/v1", "CronJob", ("spec", "jobTemplate", "spec", "template")),
        ("v1", "PodTemplate", ("template",)),
        ("v1", "ReplicationController", ("spec", "template")),
        ("v1", "Pod", None),
        ("serving.example.com/v1", "Deployment", None),
    ],
)
def test_templates_are_known_by_kind_outside_of_custom_groups(version: str, kind: str, path: Any) -> None:
    assert template_path(version, kind) == path
