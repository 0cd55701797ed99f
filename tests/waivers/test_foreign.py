"""Tests which rules are meant by what other tools were told to ignore."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.waivers.test_waivers import notices, scanned, suppressed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from checker.model import Rule

DOCKERFILE = "FROM debian:latest\n{0}\nUSER 1\nCMD a\n"
POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: p
  annotations:
    {0}
spec:
  hostNetwork: true{1}
  containers:
    - name: c
      image: i:1
      securityContext: {{privileged: true}}
"""
LATEST = ("dockerfile/image-tag-latest", 2)
PRIVILEGED = ("kubernetes/privileged", 12)


@pytest.mark.parametrize(
    ("name", "content", "expected", "told"),
    [
        (
            "Dockerfile",
            "# hadolint ignore=DL3007,DL9999\nFROM debian:latest\nUSER 1\nCMD a\n",
            [LATEST],
            [
                (1, "hadolint shall ignore DL3007: that is dockerfile/image-tag-latest"),
                (1, "hadolint shall ignore DL9999, for which there is no rule"),
            ],
        ),
        (
            "Dockerfile",
            "# hadolint global ignore=DL3007\nARG A\nFROM debian:latest\nUSER 1\nCMD a\n",
            [("dockerfile/image-tag-latest", 3)],
            [(1, "hadolint shall ignore DL3007: that is dockerfile/image-tag-latest")],
        ),
        (
            "Dockerfile",
            "#trivy:ignore:AVD-DS-0001\nFROM debian:latest\nUSER 1\nCMD a\n",
            [LATEST],
            [(1, "trivy shall ignore AVD-DS-0001: that is dockerfile/image-tag-latest")],
        ),
        (
            "Dockerfile",
            "# a\nFROM debian:latest\n# checkov:skip=CKV_DOCKER_7:we want it\nUSER 1\nCMD a\n",
            [LATEST],
            [(3, "checkov shall ignore CKV_DOCKER_7: that is dockerfile/image-tag-latest")],
        ),
        (
            "pod.yaml",
            POD.format("checkov.io/skip1: CKV_K8S_16=loads a module", ""),
            [PRIVILEGED],
            [(6, "checkov shall ignore CKV_K8S_16: that is kubernetes/privileged")],
        ),
        (
            "pod.yaml",
            POD.format("ignore-check.kube-linter.io/privileged-container: loads a module", ""),
            [PRIVILEGED],
            [(6, "kube-linter shall ignore privileged-container: that is kubernetes/privileged")],
        ),
        (
            "pod.yaml",
            POD.format("a: b", " # kics-scan ignore-line"),
            [("kubernetes/host-namespace-shared", 8)],
            [(8, "kics shall ignore everything: that is ")],
        ),
    ],
)
def test_ignores_in_files_are_waivers(
    tmp_path: Path, name: str, content: str, expected: list[tuple[str, int]], told: list[tuple[int, str]]
) -> None:
    report = scanned(tmp_path, name, content, import_ignores=True)
    assert suppressed(report) == expected
    found = notices(report)
    assert len(found) == len(told)
    assert all(one[0] == line and one[1].startswith(text) for one, (line, text) in zip(found, told, strict=True))
    without = scanned(tmp_path, name, content)
    assert (suppressed(without), without.notices) == ([], ())


def test_everything_of_an_object_may_be_ignored(tmp_path: Path) -> None:
    report = scanned(tmp_path, "pod.yaml", POD.format("kube-linter.io/ignore-all: a test", ""), import_ignores=True)
    assert len(suppressed(report)) == len(report.findings) > 5


def test_kics_names_checks_by_their_ids(tmp_path: Path) -> None:
    rule = "kubernetes/privileged"
    ids = next(one for one in _catalog()[rule].equivalents["kics"])
    text = f"# kics-scan disable={ids}-0000-0000-0000-000000000000\n" + POD.format("a: b", "")
    report = scanned(tmp_path, "pod.yaml", text, import_ignores=True)
    assert (rule, 13) in suppressed(report)


def _catalog() -> Mapping[str, Rule]:
    from tests.scans import bundle

    return bundle().catalog.rules


@pytest.mark.parametrize(
    ("name", "content", "expected", "told"),
    [
        (
            ".trivyignore",
            "# accepted\nAVD-KSV-0017\nKSV017 exp:2020-01-01\nksv009 exp:2099-01-01 # later\nCVE-2024-1 \n",
            [("kubernetes/host-namespace-shared", 8), PRIVILEGED],
            [2, 4, 5],
        ),
        (
            ".trivyignore.yaml",
            (
                "misconfigurations:\n  - id: AVD-KSV-0017\n    paths: [pod.yaml]\n    statement: a module\n"
                "  - id: KSV-0009\n    paths: [other.yaml]\n  - {id: KSV-0009, expired_at: 2020-01-01}\nsecrets: []\n"
            ),
            [PRIVILEGED],
            [2, 5],
        ),
    ],
)
def test_trivys_files_count_for_all_files(
    tmp_path: Path, name: str, content: str, expected: list[tuple[str, int]], told: list[int]
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    report = scanned(tmp_path, "pod.yaml", POD.format("a: b", ""), import_ignores=True)
    assert suppressed(report) == expected
    assert [line for line, _ in notices(report)] == told
    assert {one.suppression.kind for one in report.findings if one.suppression} == {"external"}
