"""Tests which resources a registration asks about."""

from __future__ import annotations

import pytest

from checker import bundles
from checker.catalog import Catalog
from checker.webhook import scope

BUILT_IN = bundles.builtin().catalog
EVERYTHING = {
    "apiGroups": ["*"],
    "apiVersions": ["*"],
    "operations": ["CREATE", "UPDATE"],
    "resources": ["*", "pods/ephemeralcontainers", "pods/resize"],
    "scope": "*",
}


def catalog(**objects: tuple[str, ...]) -> Catalog:
    """Return a catalog of rules for Kubernetes that look at the given objects, beside one for Dockerfiles."""
    model = BUILT_IN.rules["kubernetes/privileged"]
    foreign = BUILT_IN.rules["dockerfile/runs-as-root"]
    rules = {name: model._replace(id=f"kubernetes/{name}", name=name, objects=own) for name, own in objects.items()}
    return Catalog("", {foreign.id: foreign, **rules})


def resources(found: Catalog) -> dict[str, list[str]]:
    return {rule["apiGroups"][0]: rule["resources"] for rule in scope.rules(found)}


def test_each_group_is_asked_about_once_and_only_where_a_rule_looks() -> None:
    assert resources(catalog(a=("config-map",), b=("secret", "config-map"), c=("role",))) == {
        "": ["configmaps", "secrets"],
        "rbac.authorization.k8s.io": ["clusterroles", "roles"],
    }


@pytest.mark.parametrize("objects", [(), ("pod", "gadget")], ids=["nothing said", "an unknown word"])
def test_a_rule_that_may_look_at_anything_is_shown_everything(objects: tuple[str, ...]) -> None:
    assert scope.rules(catalog(a=("config-map",), b=objects)) == (EVERYTHING,)


def test_nothing_is_asked_for_rules_about_other_things() -> None:
    assert scope.rules(catalog()) == ()


def test_profiles_that_may_be_chosen_hold_rules_for_kubernetes() -> None:
    assert scope.profiles(BUILT_IN) == tuple(sorted(BUILT_IN.profiles))
    only_dockerfiles = BUILT_IN.profiles["strict"]._replace(rules=("dockerfile/runs-as-root",))
    assert scope.profiles(BUILT_IN._replace(profiles={"d": only_dockerfiles, **BUILT_IN.profiles})) == tuple(
        sorted(BUILT_IN.profiles)
    )
