"""Decides what each finding does."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from checker.admission.changes import is_pod

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from checker.config import AdmissionSettings, Mode, ModeEntry
    from checker.model import JSON, Path, Rule, Severity

DEFAULTS: Final[Mapping[Severity, Mode]] = {"critical": "deny", "high": "deny", "medium": "warn", "low": "audit"}
"""What a finding does for which no entry of the configuration fits."""

_TEMPLATES: Final[Mapping[str, Path]] = {
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    "DaemonSet": ("spec", "template"),
    "Deployment": ("spec", "template"),
    "Job": ("spec", "template"),
    "PodTemplate": ("template",),
    "ReplicaSet": ("spec", "template"),
    "ReplicationController": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
}
"""Where the kinds of Kubernetes whose pods come from a template have it."""


class Modes:
    """Knows the mode of each finding of one request."""

    def __init__(self, settings: AdmissionSettings, profiles: Collection[str], namespace: str, data: JSON) -> None:
        self._settings = settings
        self._entries = [entry for entry in settings.modes if _applies(entry, profiles, namespace)]
        self._template = template_path(data["apiVersion"], data["kind"])
        self._is_owned = _is_made_from_template(data)
        self._is_pod = is_pod(data)

    def configured(self, rule: Rule) -> Mode:
        """Return what the configuration says of a rule's findings, wherever they stand."""
        for entry in self._entries:
            if (not entry.severities or rule.severity in entry.severities) and (
                not entry.rules or any(fnmatchcase(rule.id, pattern) for pattern in entry.rules)
            ):
                return entry.mode
        return DEFAULTS[rule.severity]

    def of(self, mode: Mode, path: Path, *, is_old: bool) -> Mode:
        """Return what a finding of a configured mode does at its place.

        In a template a denial becomes a warning unless `templates` says otherwise, since the pods are judged as well.
        A finding that the old object had is not denied again. What would be said of a template and once more of each
        of its pods is said of the template only; who forges an owner is spared warnings, never a denial.
        """
        in_template = self._template is not None and path[: len(self._template)] == self._template
        if mode == "deny" and (is_old or (in_template and self._settings.templates == "warn")):
            mode = "warn"
        if mode == "warn" and self._is_owned and (in_template or self._is_pod):
            mode = "audit"
        return mode


def template_path(api_version: str, kind: str) -> Path | None:
    """Return where an object of a kind has its pod template, or None where it has none.

    Groups of custom resources have a dot in their names, Kubernetes' own workloads are in groups without one.
    """
    group = api_version.rpartition("/")[0]
    return None if "." in group else _TEMPLATES.get(kind)


def _applies(entry: ModeEntry, profiles: Collection[str], namespace: str) -> bool:
    return (not entry.profiles or any(profile in entry.profiles for profile in profiles)) and (
        not entry.namespaces or any(fnmatchcase(namespace, pattern) for pattern in entry.namespaces)
    )


def _is_made_from_template(data: JSON) -> bool:
    """Tell whether an object says that its controller is of a kind whose templates are judged."""
    metadata = data.get("metadata")
    owners: Any = metadata.get("ownerReferences") if isinstance(metadata, dict) else None
    for owner in owners if isinstance(owners, list) else ():
        if isinstance(owner, dict) and owner.get("controller") is True:
            version, kind = owner.get("apiVersion"), owner.get("kind")
            return isinstance(version, str) and isinstance(kind, str) and template_path(version, kind) is not None
    return False
