"""Holds the rules that have a counterpart among the Pod Security Standards to the verdicts of Kubernetes' own tests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tools.expected import report_of

if TYPE_CHECKING:
    from checker.report import Report

RULES = {
    "allowprivilegeescalation": "kubernetes/privilege-escalation-allowed",
    "capabilities_restricted": "kubernetes/capabilities-not-dropped",
    "hostnamespaces": "kubernetes/host-namespace-shared",
    "hostpathvolumes": "kubernetes/host-path-mounted",
    "privileged": "kubernetes/privileged",
    "runasnonroot": "kubernetes/runs-as-root",
    "runasuser": "kubernetes/runs-as-root",
    "seccompprofile_restricted": "kubernetes/seccomp-not-set",
}
DEVIATIONS = {
    "capabilities_restricted3": "drops ALL and adds capabilities beyond NET_BIND_SERVICE, which is another defect",
}


def cases(folder: Path) -> Iterator[tuple[str, str, Path]]:
    """Yield name, verdict and file of each different pod, for all versions of Kubernetes."""
    seen = set()
    for file in sorted(folder.rglob("*.yaml")):
        case = (file.stem, file.parent.name, file.read_bytes())
        if re.sub(r"\d+$", "", file.stem) in RULES and case not in seen:
            seen.add(case)
            yield file.stem, file.parent.name, file


@pytest.fixture(scope="module")
def pods(corpus: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    root = tmp_path_factory.mktemp("pods").resolve()
    for number, (name, verdict, file) in enumerate(cases(corpus("pod-security-admission"))):
        (root / f"{verdict}-{number}-{name}.yaml").write_bytes(file.read_bytes())
    return root, report_of(root)


def test_every_verdict_of_pod_security_admission_is_ours(pods: tuple[Path, Report]) -> None:
    root, report = pods
    found = {(finding.path, finding.rule) for finding in report.findings}
    different = set()
    for file in root.iterdir():
        verdict, _, name = file.stem.split("-")
        rule = RULES[re.sub(r"\d+$", "", name)]
        if ((file.name, rule) in found) != (verdict == "fail"):
            different.add(name)
    assert different == set(DEVIATIONS)


def test_every_pod_is_checked(pods: tuple[Path, Report]) -> None:
    root, report = pods
    assert {scanned.path for scanned in report.scanned} == {file.name for file in root.iterdir()}
    assert report.problems == ()
    assert len(report.scanned) > 100
