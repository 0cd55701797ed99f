"""Tells which resources the rules look at."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from checker.normalizers import kubernetes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from checker.catalog import Catalog

_WORKLOADS: Final = {
    "": ("pods", "pods/ephemeralcontainers", "pods/resize", "podtemplates", "replicationcontrollers"),
    "apps": ("daemonsets", "deployments", "replicasets", "statefulsets"),
    "batch": ("cronjobs", "jobs"),
}
_RESOURCES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "config-map": {"": ("configmaps",)},
    "pod": _WORKLOADS,
    "role": {"rbac.authorization.k8s.io": ("clusterroles", "roles")},
    "secret": {"": ("secrets",)},
    "service": {"": ("services",)},
}
"""Where the API server has what policies/lib/kubernetes calls by these words, by group."""

_OPERATIONS: Final = ("CREATE", "UPDATE")
"""What brings something in: of other operations every request is let through unread."""


def rules(catalog: Catalog) -> tuple[dict[str, Any], ...]:
    """Return what a registration must ask about so that every rule for Kubernetes sees all that it looks at.

    A rule that does not say what it looks at may look at anything. The sub-resources that change what a pod runs have
    no pattern of their own: `*/*` would ask about every binding, eviction and status as well.
    """
    words: set[str] = set()
    for rule in catalog.rules.values():
        if rule.kind != kubernetes.KIND:
            continue
        if not rule.objects or not _RESOURCES.keys() >= set(rule.objects):
            subresources = [name for name in _WORKLOADS[""] if "/" in name]
            return (_rule("*", ["*", *subresources], "*"),)
        words.update(rule.objects)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for word in words:
        for group, resources in _RESOURCES[word].items():
            found[group].update(resources)
    return tuple(_rule(group, sorted(found[group]), "v1") for group in sorted(found))


def profiles(catalog: Catalog) -> tuple[str, ...]:
    """Return the names of the profiles that hold rules for Kubernetes."""
    prefix = f"{kubernetes.KIND}/"
    return tuple(
        sorted(name for name, one in catalog.profiles.items() if any(rule.startswith(prefix) for rule in one.rules))
    )


def _rule(group: str, resources: list[str], version: str) -> dict[str, Any]:
    return {
        "apiGroups": [group],
        "apiVersions": [version],
        "operations": list(_OPERATIONS),
        "resources": resources,
        "scope": "*",
    }
