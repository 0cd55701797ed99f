"""Holds the Kubernetes normalizer to manifests as people commit them, and to the labelled cases of other checkers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from checker import normalizers
from checker.discovery import Discovery
from checker.model import Document, Problem, Skipped, SourceFile, Unrendered
from checker.normalizers import kubernetes
from checker.resources import SCHEMAS
from checker.tree import Candidate

KEY_TWICE = "has a key twice in one mapping"
TEMPLATE = "is a template, of which only its own engine makes manifests"

NOT_CHECKED = {
    "argoproj__argo-cd/gitops-engine/pkg/health/testdata/statefulset-ondelete.yaml": KEY_TWICE,
    "argoproj__argo-cd/resource_customizations/rabbitmq.com/User/testdata/unknown.yaml": KEY_TWICE,
    "kubernetes__examples/_archived/openshift-origin/etcd-controller.yaml": KEY_TWICE,
    "kubernetes__examples/_archived/openshift-origin/etcd-discovery-controller.yaml": KEY_TWICE,
    "kubernetes__examples/_archived/openshift-origin/openshift-controller.yaml": KEY_TWICE,
    "kubernetes__examples/_archived/persistent-volume-provisioning/quobyte/quobyte-admin-secret.yaml": KEY_TWICE,
    "kubernetes__examples/_archived/volumes/scaleio/sc-pvc.yaml": KEY_TWICE,
}
"""Manifests of the corpus that are problems: each holds a key twice, as reading them shows."""

TEMPLATES = {
    "argoproj__argo-cd/reposerver/repository/testdata/invalid-manifests-skipped/bad.yaml",
    "argoproj__argo-cd/reposerver/repository/testdata/invalid-manifests/bad.yaml",
    "argoproj__argo-cd/test/e2e/testdata/declarative-apps/app.yaml",
    "argoproj__argo-cd/test/e2e/testdata/declarative-apps/invalid-helm.yaml",
    "kubernetes__examples/_archived/newrelic-infrastructure/newrelic-config-template.yaml",
    "kubernetes__examples/_archived/newrelic/newrelic-config-template.yaml",
    "kubernetes__examples/_archived/storage/vitess/etcd-controller-template.yaml",
    "kubernetes__examples/_archived/storage/vitess/etcd-service-template.yaml",
    "kubernetes__examples/_archived/storage/vitess/vtgate-controller-template.yaml",
}
"""Templates of the corpus that lie in no chart."""

WRONG_TYPES = {
    "argoproj__argo-cd/reposerver/repository/testdata/invalid-metadata/bad.yaml": "metadata.annotations.invalid",
    "argoproj__argo-cd/reposerver/repository/testdata/invalid-metadata/bad.yaml#1": "metadata.labels.invalid",
    "argoproj__argo-cd/test/e2e/testdata/crd-validation/deployment.yaml": (
        "spec.template.spec.containers.0.ports.0.containerPort"
    ),
}
"""Manifests of the corpus that the API server would refuse for a value of another type."""

LABELLED_WRONG_TYPES = {
    f"kubernetes/{case}": "subjects"
    for case in (
        "anonymous_user_bind:test_cluster_role_binding_with_non_anonymous_user_binding",
        "anonymous_user_bind:test_role_binding_with_non_anonymous_user_binding",
        "authenticate_group_bind:test_cluster_role_binding_with_non_system_authenticated_group_binding",
        "authenticate_group_bind:test_role_binding_with_non_system_authenticated_binding",
        "masters_group_bind:test_cluster_role_binding_with_non_system_masters_group_binding",
        "masters_group_bind:test_role_binding_with_non_system_masters_binding",
    )
}
"""Labelled cases whose `subjects` is no list."""

BUILT_IN = {"v1", "apps/v1", "batch/v1", "networking.k8s.io/v1", "rbac.authorization.k8s.io/v1", "policy/v1"}
VALIDATOR = jsonschema.Draft7Validator(json.loads((SCHEMAS / "documents" / "kubernetes.json").read_text("utf-8")))


@pytest.fixture(scope="module")
def tree(corpus: Callable[[str], Path]) -> tuple[Discovery, list[SourceFile]]:
    root = corpus("realworld")
    discovery = Discovery(root, normalizers.is_wanted, lambda name: normalizers.claimed_by_name(name) is not None)
    candidates = [found for found in discovery.walk((str(root),)) if isinstance(found, Candidate)]
    loaded = [discovery.load(one) for one in candidates if one.path.endswith(kubernetes.SUFFIXES)]
    sources = [one for one in loaded if isinstance(one, SourceFile)]
    return discovery, [one for one in sources if normalizers.recognize(one) is kubernetes]


@pytest.fixture(scope="module")
def items(tree: tuple[Discovery, list[SourceFile]]) -> list[Document | Problem | Unrendered | Skipped]:
    discovery, sources = tree
    return [item for source in sources for item in kubernetes.normalize(source, discovery)]


def wrong_types(documents: Iterator[Document]) -> dict[str, str]:
    """Return the place of the first value of another type than the schema's, by document."""
    found = {}
    for document in documents:
        error = next(VALIDATOR.iter_errors(document.data), None)
        if error is not None:
            found[document.id] = ".".join(map(str, error.absolute_path))
    return found


def test_every_manifest_is_checked_or_told_why(items: list[Any], tree: tuple[Discovery, list[SourceFile]]) -> None:
    assert {item.path: item.reason for item in items if isinstance(item, Problem)} == NOT_CHECKED
    unrendered = {item.path: item.reason for item in items if isinstance(item, Unrendered)}
    assert {path for path, reason in unrendered.items() if reason == TEMPLATE} == TEMPLATES
    plain = {source.path for source in tree[1]} - set(unrendered)
    checked = {item.source.path for item in items if isinstance(item, Document)}
    assert {path for path in plain - checked if "kustomization_y" not in path} <= set(NOT_CHECKED)
    assert len(checked & plain) / len(plain) > 0.99


def test_every_path_has_a_place_in_its_file(items: list[Any]) -> None:
    for document in [item for item in items if isinstance(item, Document)][::3]:
        lines = document.source.text.line_count
        stack: list[tuple[tuple[str | int, ...], Any]] = [((), document.data)]
        while stack:
            path, node = stack.pop()
            region = document.locator.locate(path)
            assert 1 <= region.start_line <= region.end_line <= lines
            assert (region.start_line, region.start_column) < (region.end_line, region.end_column)
            if isinstance(node, dict):
                stack += [((*path, key), child) for key, child in node.items()]
            elif isinstance(node, list):
                stack += [((*path, index), child) for index, child in enumerate(node)]


def test_built_in_objects_have_the_shape_that_rules_are_checked_against(items: list[Any]) -> None:
    documents = (item for item in items if isinstance(item, Document) and item.data["apiVersion"] in BUILT_IN)
    assert wrong_types(documents) == WRONG_TYPES


def test_labelled_cases_are_read(corpus: Callable[[str], Path], tree: tuple[Discovery, list[SourceFile]]) -> None:
    wrong: dict[str, str] = {}
    problems: dict[str, str] = {}
    for path in sorted(corpus("labelled").glob("*.jsonl")):
        for case in map(json.loads, path.read_text("utf-8").splitlines()):
            if case["kind"] != "k8s":
                continue
            source = SourceFile(case["case_id"], case["input"].encode())
            assert kubernetes.recognizes(source)
            found = list(kubernetes.normalize(source, tree[0]))
            problems |= {item.path: item.reason for item in found if not isinstance(item, Document)}
            wrong |= wrong_types(item for item in found if isinstance(item, Document))
    assert problems == {"template-cel": KEY_TWICE}
    assert wrong == LABELLED_WRONG_TYPES
