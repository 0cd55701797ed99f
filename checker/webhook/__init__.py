"""Prepares a cluster for the admission webhook."""

from __future__ import annotations

from typing import Final

NAMESPACE: Final = "checker-system"
"""Where the webhook itself runs, unless it is told otherwise."""

EXCLUDED: Final = ("kube-system", NAMESPACE)
"""The namespaces that the webhook leaves out: a cluster must be able to start and repair what the webhook needs."""
