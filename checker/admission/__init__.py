"""Decides what enters a cluster: an AdmissionReview in, an AdmissionReview out."""

from __future__ import annotations

from checker.admission.decision import Admission, Decision, Explained
from checker.admission.review import MAX_BYTES, opening

__all__ = ["MAX_BYTES", "Admission", "Decision", "Explained", "opening"]
