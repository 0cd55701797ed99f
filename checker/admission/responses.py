"""Writes the AdmissionReviews that an API server is answered with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from checker.admission import wording
from checker.display import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from checker.admission.review import Review
    from checker.admission.wording import Told
    from checker.config import FailureKind

CODES: Final[Mapping[FailureKind, tuple[int, str]]] = {
    "bad-body": (400, "BadRequest"),
    "unknown-version": (400, "BadRequest"),
    "evaluation": (500, "InternalError"),
    "time": (504, "Timeout"),
    "overload": (503, "ServiceUnavailable"),
}
"""The code and reason of each failure, as `Status` has them (StatusReason in k8s.io/apimachinery/pkg/apis/meta/v1)."""


def allowed(
    uid: str, version: str, warnings: Sequence[str] = (), annotations: Mapping[str, str] | None = None
) -> bytes:
    """Return the answer that lets an object in."""
    return _review(version, {"uid": uid, "allowed": True}, warnings, annotations)


def denied(review: Review, version: str, denials: Sequence[Told], annotations: Mapping[str, str]) -> bytes:
    """Return the answer that refuses an object for findings: 403 Forbidden, as pod-security-admission answers.

    Each cause names in `reason` the rule, in `field` the place; warnings are left out, since the request fails anyway.
    """
    causes = [
        {"reason": one.finding.rule, "message": printable(one.finding.message), "field": one.place}
        for one in denials[: wording.MAX_CAUSES]
    ]
    details = {"name": review.name, "group": review.group, "kind": review.resource, "causes": causes}
    status = _status(wording.message(review.kind, review.name, denials), "Forbidden", 403)
    return _review(
        version, {"uid": review.uid, "allowed": False, "status": status | {"details": details}}, (), annotations
    )


def refused(uid: str, version: str, kind: FailureKind, reason: str, annotations: Mapping[str, str]) -> bytes:
    """Return the answer that refuses an object which could not be judged."""
    code, word = CODES[kind]
    return _review(version, {"uid": uid, "allowed": False, "status": _status(reason, word, code)}, (), annotations)


def _status(message: str, reason: str, code: int) -> dict[str, Any]:
    return {"status": "Failure", "message": message, "reason": reason, "code": code}


def _review(
    version: str, response: dict[str, Any], warnings: Sequence[str], annotations: Mapping[str, str] | None
) -> bytes:
    if warnings:
        response["warnings"] = list(warnings)
    if annotations:
        response["auditAnnotations"] = dict(annotations)
    review = {"kind": "AdmissionReview", "apiVersion": version, "response": response}
    return json.dumps(review, separators=(",", ":")).encode("ascii")
