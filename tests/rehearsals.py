"""Rehearses objects with the built-in policies."""

from __future__ import annotations

import json
from typing import Any

from checker.config import AdmissionSettings
from checker.webhook.existing import Reader
from checker.webhook.rehearsal import Judged, Rehearsal
from checker.webhook.rehearse import Conditions, rehearse
from tests.admission.reviews import NOW, admission


def rehearsed(
    *objects: Any, settings: AdmissionSettings | None = None, conditions: Conditions | None = None, **others: Any
) -> Rehearsal:
    """Rehearse objects as `kubectl get -o json` prints them."""
    listed = {"apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": ""}, "items": objects}
    return rehearsed_text(json.dumps(listed), settings=settings, conditions=conditions, **others)


def rehearsed_text(
    text: str, settings: AdmissionSettings | None = None, conditions: Conditions | None = None, **others: Any
) -> Rehearsal:
    """Rehearse what stands on standard input."""
    decider = admission(settings or AdmissionSettings(budget=10.0), **others)
    reader = Reader()
    try:
        return rehearse(decider, reader.objects([], text.encode()), reader.checked, conditions or Conditions(), NOW)
    finally:
        decider.close()


def brief(judged: Judged) -> tuple[Any, ...]:
    """Return namespace, owner, what it is and what becomes of it, and what is said."""
    made = "made " if judged.is_made else ""
    said = [(one.mode, one.rule.removeprefix("kubernetes/")) for one in judged.said]
    return judged.namespace, " ".join(judged.owner), f"{made}{judged.kind} {judged.name}", judged.outcome, said
