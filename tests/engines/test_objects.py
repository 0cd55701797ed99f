"""Tests which documents are given to rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from checker.catalog import Catalog, Kind
from checker.engines import evaluator
from checker.engines.evaluator import Evaluator
from checker.model import JSON, Document, Rule, Selection, SourceFile
from tests.rules import Nowhere

PODS = Rule("k/pods", "k", "pods", "", "", "low", "default", "hardening", "", objects=("pod",))
ALL = PODS._replace(id="k/all", name="all", objects=())
PROJECT = ALL._replace(id="project/all", kind="project")
CATALOG = Catalog("r", {}, kinds={"k": Kind("k", has_facts=True, has_objects=True)})
ROLE = {"apiVersion": "v1", "kind": "Role"}
POD = {"apiVersion": "v1", "kind": "Pod"}


@dataclass
class Server:
    """Answers that nothing is wrong, and with objects where it knows the kind."""

    asked: list[JSON] = field(default_factory=list)
    objects: JSON = field(default_factory=lambda: {"Pod": ["pod"], "Role": ["role"]})

    def __call__(self, _kind: str, request: JSON, _seconds: float) -> Any:
        self.asked.append(request["document"])
        told = self.objects.get(request["document"].get("kind"), [])
        return {"revision": "r", "rules": {key: [] for key in request["rules"]}, "facts": [], "objects": told}


def given(server: Server, documents: list[JSON], *rules: Rule) -> list[JSON]:
    one = Evaluator(CATALOG, Selection(rules or (PODS,)), server, 1.0)
    for number, data in enumerate(documents):
        one.document(Document("k", SourceFile(f"{number}.yaml", b""), f"{number}.yaml", "", data, Nowhere()))
    return server.asked


def test_documents_that_no_rule_applies_to_are_given_once() -> None:
    assert given(Server(), [ROLE, {**ROLE, "rules": []}, POD, {**POD, "spec": {}}]) == [ROLE, POD, {**POD, "spec": {}}]


def test_documents_of_another_version_are_not_alike() -> None:
    assert given(Server(), [ROLE, {**ROLE, "apiVersion": "v2"}]) == [ROLE, {**ROLE, "apiVersion": "v2"}]


@pytest.mark.parametrize("rule", [ALL, PROJECT])
def test_documents_are_always_given_to_rules_for_all_and_for_facts(rule: Rule) -> None:
    assert given(Server(), [ROLE, ROLE], PODS, rule) == [ROLE, ROLE]


@pytest.mark.parametrize("data", [{"kind": "Role"}, {"apiVersion": 1, "kind": "Role"}])
def test_documents_without_an_identity_are_always_given(data: JSON) -> None:
    assert given(Server(), [data, data]) == [data, data]


@pytest.mark.parametrize("told", [None, "role", [1], {"role": True}])
def test_what_is_said_wrongly_of_objects_is_not_remembered(told: JSON) -> None:
    assert given(Server(objects={"Role": told}), [ROLE, ROLE]) == [ROLE, ROLE]


def test_only_so_many_identities_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluator, "_REMEMBERED", 1)
    other = {**ROLE, "apiVersion": "v2"}
    assert given(Server(), [ROLE, other, ROLE, other]) == [ROLE, other, other]
