"""Tests that what is told fits into what Kubernetes passes on."""

from __future__ import annotations

from typing import Any

import pytest

from checker import bundles
from checker.admission import wording
from checker.admission.wording import Told
from checker.config import Mode
from checker.model import Finding, Frame
from checker.text import FIRST

RULE = bundles.builtin().catalog.rules["kubernetes/privileged"]
ADVICE = "Remove `securityContext.privileged`, and add the one capability or device that is really needed."


def told(message: str = "container web is privileged", rule: Any = RULE, mode: Mode = "warn", *node: Any) -> Told:
    path = node or ("spec", "containers", 0, "image")
    finding = Finding(
        rule=rule.id,
        severity=rule.severity,
        path="",
        kind="kubernetes",
        identity="",
        node=path,
        logical="",
        region=FIRST,
        message=message,
        fingerprint="",
        frame=Frame(1, 1, ("",), 0, 1),
    )
    return Told(finding, rule, mode)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ((), ""),
        (("spec", "containers", 0, "image"), "spec.containers[0].image"),
        (("metadata", "labels", "app.kubernetes.io/name"), "metadata.labels[app.kubernetes.io/name]"),
        (("data", "tls.key"), "data[tls.key]"),
        (("a\nb",), "[a\\x0ab]"),
        ((0, "a"), "[0].a"),
    ],
)
def test_a_path_is_written_as_kubernetes_names_fields(path: Any, shown: str) -> None:
    assert wording.field(path) == shown


def test_a_warning_tells_place_message_and_rule() -> None:
    assert wording.warnings([told()], 20) == [
        "spec.containers[0].image: container web is privileged (kubernetes/privileged)"
    ]
    whole = told()._replace(finding=told().finding._replace(node=()))
    assert wording.warnings([whole], 20) == ["container web is privileged (kubernetes/privileged)"]


def test_characters_that_a_header_cannot_hold_are_made_visible() -> None:
    assert wording.warnings([told("a\r\nb\x1b[31m\u202ec\x00")], 20) == [
        "spec.containers[0].image: a\\x0d\\x0ab\\x1b[31m\\u202ec\\x00 (kubernetes/privileged)"
    ]


def test_a_long_warning_is_cut_in_front_of_the_rule() -> None:
    (warning,) = wording.warnings([told("x" * 500)], 20)
    assert len(warning) == wording.MAX_WARNING
    assert warning.startswith("spec.containers[0].image: xxx")
    assert warning.endswith("xxx... (kubernetes/privileged)")
    long = RULE._replace(id=f"kubernetes/{'a' * 300}")
    (warning,) = wording.warnings([told("x", rule=long)], 20)
    assert len(warning) == wording.MAX_WARNING


def test_equal_warnings_are_said_once() -> None:
    assert len(wording.warnings([told(), told()], 20)) == 1


def test_the_last_of_too_many_warnings_tells_how_many_are_left_out() -> None:
    many = [told(f"number {number}") for number in range(6)]
    assert len(wording.warnings(many, 6)) == 6
    assert wording.warnings(many, 5) == [
        *(f"spec.containers[0].image: number {number} (kubernetes/privileged)" for number in range(4)),
        "and 2 more warnings",
    ]
    assert wording.warnings(many[:3], 2)[-1] == "and 2 more warnings"


@pytest.mark.parametrize("letter", ["x", "é", "\U0001f600"])
def test_all_warnings_together_fit_into_what_the_api_server_passes_on(letter: str) -> None:
    many = [told(letter * 400 + str(number)) for number in range(100)]
    found = wording.warnings([*many, told("short")], 200)
    assert sum(len(one.encode()) for one in found) <= wording.MAX_WARNINGS
    assert found[-1].startswith("and ")
    assert max(map(len, found)) <= wording.MAX_WARNING
    assert found[-1] == f"and {len(many) + 1 - len(found[:-1])} more warnings"


def test_a_denial_names_each_finding_and_the_advice_of_each_rule_once() -> None:
    other = RULE._replace(id="kubernetes/other", remediation="Do  this\ninstead.")
    denials = [told("a", mode="deny"), told("b", mode="deny"), told("c", rule=other, mode="deny")]
    assert wording.message("Pod", "web-", denials) == (
        "Pod web- breaks rules:\n"
        "- spec.containers[0].image: a (kubernetes/privileged)\n"
        f"- spec.containers[0].image: b (kubernetes/privileged). {ADVICE}\n"
        "- spec.containers[0].image: c (kubernetes/other). Do this instead."
    )
    assert wording.message("Pod", "", denials[2:]) == (
        "Pod breaks rules:\n- spec.containers[0].image: c (kubernetes/other). Do this instead."
    )


def test_a_denial_of_any_length_is_bounded() -> None:
    many = [told(f"{number} {'x' * 3000}", mode="deny") for number in range(1000)]
    message = wording.message("Pod", "web", many)
    assert len(message.encode()) <= wording.MAX_MESSAGE
    assert message.endswith(" more findings")


def test_an_annotation_names_what_each_finding_does() -> None:
    assert wording.annotation([told(mode="deny"), told("b", RULE, "audit", "data", "a.b")]) == (
        "deny kubernetes/privileged spec.containers[0].image; audit kubernetes/privileged data[a.b]"
    )
    many = [told("", RULE, "warn", "x" * 100, number) for number in range(1000)]
    found = wording.annotation(many)
    assert len(found.encode()) <= wording.MAX_ANNOTATION
    assert found.endswith(" more findings")


def test_what_was_not_judged_is_told_in_one_line() -> None:
    assert wording.unjudged("a\nb") == "not judged: a\\x0ab"
    assert len(wording.unjudged("x" * 1000)) == wording.MAX_WARNING
