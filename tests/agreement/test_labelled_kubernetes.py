"""Compares the Kubernetes rules with the verdicts that the authors of other tools gave their own cases."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.expected import report_of

HOST_NAMESPACES = ("host-namespace-shared",)
IMAGE_TAGS = ("image-tag-latest", "image-tag-missing")
PROBES = ("liveness-probe-missing", "readiness-probe-missing")
PROBE_PORTS = ("probe-port-name-undeclared", "probe-port-undeclared")

CONTROLS: dict[str, dict[str, tuple[str, ...]]] = {
    "gatekeeper": {
        "general/containerlimits": ("memory-limit-missing",),
        "general/containerrequests": ("cpu-request-missing", "memory-request-missing"),
        "general/disallowedtags": IMAGE_TAGS,
        "general/requiredprobes": PROBES,
        "pod-security-policy/allow-privilege-escalation": ("privilege-escalation-allowed",),
        "pod-security-policy/host-filesystem": ("host-path-mounted",),
        "pod-security-policy/host-namespaces": HOST_NAMESPACES,
        "pod-security-policy/privileged-containers": ("privileged",),
        "pod-security-policy/read-only-root-filesystem": ("root-file-system-writable",),
        "pod-security-policy/seccompv2": ("seccomp-not-set",),
        "pod-security-policy/users": ("runs-as-root",),
    },
    "kubelinter": {
        "env-var-secret": ("secret-in-environment",),
        "host-ipc": HOST_NAMESPACES,
        "host-network": HOST_NAMESPACES,
        "host-pid": HOST_NAMESPACES,
        "latest-tag": IMAGE_TAGS,
        "liveness-port": PROBE_PORTS,
        "no-liveness-probe": ("liveness-probe-missing",),
        "no-read-only-root-fs": ("root-file-system-writable",),
        "no-readiness-probe": ("readiness-probe-missing",),
        "privilege-escalation-container": ("privilege-escalation-allowed",),
        "privileged-container": ("privileged",),
        "readiness-port": PROBE_PORTS,
        "run-as-non-root": ("runs-as-root",),
        "startup-port": PROBE_PORTS,
        "unset-cpu-requirements": ("cpu-request-missing",),
        "unset-memory-requirements": ("memory-limit-missing",),
        "wildcard-in-rules": ("role-wildcard",),
    },
    "kubescore": {
        "Container Image Tag": IMAGE_TAGS,
        "Container Seccomp Profile": ("seccomp-not-set",),
        "Container Security Context Privileged": ("privileged",),
        "Container Security Context ReadOnlyRootFilesystem": ("root-file-system-writable",),
        "Pod Probes": PROBES,
    },
    "polaris": {
        "cpuRequestsMissing": ("cpu-request-missing",),
        "hostIPCSet": HOST_NAMESPACES,
        "hostNetworkSet": HOST_NAMESPACES,
        "hostPIDSet": HOST_NAMESPACES,
        "hostPathSet": ("host-path-mounted",),
        "insecureCapabilities": ("capabilities-not-dropped",),
        "livenessProbeMissing": ("liveness-probe-missing",),
        "memoryLimitsMissing": ("memory-limit-missing",),
        "memoryRequestsMissing": ("memory-request-missing",),
        "notReadOnlyRootFilesystem": ("root-file-system-writable",),
        "privilegeEscalationAllowed": ("privilege-escalation-allowed",),
        "readinessProbeMissing": ("readiness-probe-missing",),
        "runAsPrivileged": ("privileged",),
        "runAsRootAllowed": ("runs-as-root",),
        "sensitiveConfigmapContent": ("secret-in-config-map",),
        "sensitiveContainerEnvVar": ("secret-in-environment",),
        "tagNotSpecified": IMAGE_TAGS,
    },
    "trivychecks": {
        "KSV-0001": ("privilege-escalation-allowed",),
        "KSV-0003": ("capabilities-not-dropped",),
        "KSV-0008": HOST_NAMESPACES,
        "KSV-0009": HOST_NAMESPACES,
        "KSV-0010": HOST_NAMESPACES,
        "KSV-0012": ("runs-as-root",),
        "KSV-0013": IMAGE_TAGS,
        "KSV-0014": ("root-file-system-writable",),
        "KSV-0015": ("cpu-request-missing",),
        "KSV-0016": ("memory-request-missing",),
        "KSV-0017": ("privileged",),
        "KSV-0018": ("memory-limit-missing",),
        "KSV-0023": ("host-path-mounted",),
        "KSV-0030": ("seccomp-not-set",),
        "KSV-0044": ("role-wildcard",),
        "KSV-0045": ("role-wildcard",),
        "KSV-0046": ("role-wildcard",),
        "KSV-0104": ("seccomp-not-set",),
        "KSV-0105": ("runs-as-root",),
        "KSV-0109": ("secret-in-config-map",),
        "KSV-0112": ("role-wildcard",),
        "configMap_with_sensitive": ("secret-in-config-map",),
    },
}
"""The controls that mean the same as rules of ours, by the archive's own ids."""

DISAGREEMENTS: dict[str, list[str]] = json.loads(
    (Path(__file__).parent / "labelled_kubernetes_disagreements.json").read_text("utf-8")
)
"""Why we answer otherwise, with the cases."""


@pytest.fixture(scope="module")
def verdicts(corpus: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[bool, bool]]:
    """Return for each case what its authors expect and what we answer."""
    root = tmp_path_factory.mktemp("labelled").resolve()
    cases: dict[str, tuple[str, bool, set[str]]] = {}
    for name, controls in CONTROLS.items():
        for line in (corpus("labelled") / f"{name}.jsonl").read_text("utf-8").splitlines():
            case = json.loads(line)
            if case["kind"] == "k8s" and case["control"] in controls:
                file = f"{len(cases)}{Path(case['name']).suffix or '.yaml'}"
                (root / file).write_text(case["input"], "utf-8")
                rules = {f"kubernetes/{rule}" for rule in controls[case["control"]]}
                cases[file] = (f"{name} {case['case_id']}", case["verdict"] == "fail", rules)
    found = {(finding.path, finding.rule) for finding in report_of(root).findings}
    return {
        case: (expected, any((file, rule) in found for rule in rules))
        for file, (case, expected, rules) in cases.items()
    }


def test_each_verdict_is_shared_or_the_difference_explained(verdicts: dict[str, tuple[bool, bool]]) -> None:
    different = {case for case, (expected, answer) in verdicts.items() if expected != answer}
    assert different == {case for cases in DISAGREEMENTS.values() for case in cases}


def test_most_verdicts_are_shared(verdicts: dict[str, tuple[bool, bool]]) -> None:
    assert len(verdicts) > 5 * sum(map(len, DISAGREEMENTS.values()))
