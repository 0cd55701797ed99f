"""Tells which requests bring in something that rules can judge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from checker.admission.review import Review
    from checker.model import JSON

_UNJUDGED_SUBRESOURCES: Final = frozenset(
    {"attach", "binding", "eviction", "exec", "log", "portforward", "proxy", "scale", "status"}
)
"""What changes no spec. Any other sub-resource is judged, so that one that is new is not a way around the rules.

The list is that of pod-security-admission (`ignoredPodSubresources` in its admission.go), and `scale`, which holds
nothing but a number.
"""

_MUTABLE_POD_FIELDS: Final = (
    "activeDeadlineSeconds",
    "nodeName",
    "nodeSelector",
    "affinity",
    "schedulingGates",
    "terminationGracePeriodSeconds",
    "tolerations",
)
"""Where a pod may run and how long: what may change of a pod (`ValidatePodUpdate` in the API server's validation) and
makes it neither safer nor less safe."""

_PROFILE_ANNOTATIONS: Final = (
    "container.apparmor.security.beta.kubernetes.io/",
    "container.seccomp.security.alpha.kubernetes.io/",
    "seccomp.security.alpha.kubernetes.io/",
)

_BOOKKEEPING: Final = frozenset(
    {
        "creationTimestamp",
        "deletionGracePeriodSeconds",
        "deletionTimestamp",
        "finalizers",
        "generation",
        "managedFields",
        "ownerReferences",
        "resourceVersion",
        "selfLink",
        "uid",
    }
)
"""What the API server and controllers note in `metadata`: refusing to take back a finalizer would keep an object for
ever."""


def subject(review: Review) -> JSON | None:
    """Return the object of a request that is to be judged, or None where there is nothing new to judge.

    What is deleted or connected to is there already. An update counts as pod-security-admission's
    `isSignificantPodUpdate` has it: pods must keep their labels, finalizers and owners changeable, whatever they are.
    """
    if review.operation not in ("CREATE", "UPDATE") or review.object is None:
        return None
    if review.subresource in _UNJUDGED_SUBRESOURCES:
        return None
    if review.operation == "UPDATE" and review.old is not None and not _is_significant(review.object, review.old):
        return None
    return review.object


def is_pod(data: JSON) -> bool:
    """Tell whether an object is a Pod."""
    return bool(data["kind"] == "Pod" and data["apiVersion"] == "v1")


def _is_significant(new: JSON, old: JSON) -> bool:
    relevant = _relevant_of_pod if is_pod(new) else _relevant
    return bool(relevant(new) != relevant(old))


def _relevant_of_pod(data: JSON) -> Any:
    spec, annotations = data.get("spec"), _mapping(_mapping(data.get("metadata")).get("annotations"))
    profiles = {key: value for key, value in annotations.items() if key.startswith(_PROFILE_ANNOTATIONS)}
    if isinstance(spec, dict):
        spec = {key: value for key, value in spec.items() if key not in _MUTABLE_POD_FIELDS}
    return spec, profiles


def _relevant(data: JSON) -> Any:
    metadata = {key: value for key, value in _mapping(data.get("metadata")).items() if key not in _BOOKKEEPING}
    return {key: value for key, value in data.items() if key not in ("metadata", "status")}, metadata


def _mapping(value: JSON) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
