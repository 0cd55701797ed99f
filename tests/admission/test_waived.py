"""Tests which waivers of objects count at admission."""

from __future__ import annotations

from typing import Any

import pytest

from checker.config import AdmissionSettings, WaiverEntry
from tests.admission.reviews import decide, pod, response, review

PRIVILEGED = "kubernetes/privileged"
WAIVER = f"{PRIVILEGED} reason=loads a module owner=platform"


def waived(text: str = WAIVER) -> Any:
    found: Any = pod()
    found["metadata"]["annotations"] = {"checker/ignore": text}
    found["spec"]["containers"][0]["securityContext"] = {"privileged": True}
    return found


def settings(*entries: tuple[str, str]) -> AdmissionSettings:
    return AdmissionSettings(waivers=tuple(WaiverEntry((rule,), (namespace,)) for rule, namespace in entries))


@pytest.mark.parametrize(
    ("entries", "text", "allowed"),
    [
        ((), WAIVER, False),
        (((PRIVILEGED, "shop"),), WAIVER, True),
        ((("kubernetes/*", "sh*"),), WAIVER, True),
        (((PRIVILEGED, "other"),), WAIVER, False),
        ((("kubernetes/host-*", "shop"),), WAIVER, False),
        ((("kubernetes/host-*", "*"), (PRIVILEGED, "shop")), WAIVER, True),
        (((PRIVILEGED, "shop"),), PRIVILEGED, False),
        (((PRIVILEGED, "shop"),), f"{WAIVER} until=2020-01-01", False),
        (((PRIVILEGED, "shop"),), f"{WAIVER} container=other", False),
    ],
)
def test_waiver_counts_where_the_configuration_allows_its_rule_in_the_namespace(
    entries: tuple[tuple[str, str], ...], text: str, *, allowed: bool
) -> None:
    found = decide(review(waived(text)), settings(*entries))
    denied = [rule for rule, mode in found.findings if mode == "deny"]
    assert (PRIVILEGED not in denied) is allowed
    findings = response(found)["auditAnnotations"]["findings"]
    mode = f"audit {PRIVILEGED} spec.containers[0].securityContext.privileged (waived: loads a module)"
    assert (mode in findings.split("; ")) is allowed
