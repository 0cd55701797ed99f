"""Chooses the profile of each namespace as the registration of the webhook does."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from checker import nearest
from checker.errors import CheckerError
from checker.webhook import creation

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from checker.model import JSON


class Choice:
    """Knows the profile of each namespace: by patterns, else by a label of the namespace, else the default one."""

    def __init__(
        self, names: Collection[str], default: str, patterns: Sequence[tuple[str, str]] = (), label: str = ""
    ) -> None:
        """Take pairs of a pattern and a profile; raises `CheckerError` for a profile that is none of the names."""
        for _, profile in patterns:
            if profile not in names:
                message = f"there is no profile `{profile}` with rules for Kubernetes{nearest.hint(profile, names)}"
                raise CheckerError(message)
        self._names = names
        self._default = default
        self._patterns = patterns
        self._label = label
        self._labels: dict[str, object] = {}

    @property
    def needs_namespaces(self) -> bool:
        """Tell whether namespaces must be learned before the profile of any is known."""
        return bool(self._label)

    def learn(self, data: JSON) -> None:
        """Remember an object that is a namespace."""
        if (data["apiVersion"], data["kind"]) == ("v1", "Namespace"):
            labels = creation.metadata(data).get("labels")
            self._labels[creation.name(data)] = labels.get(self._label) if isinstance(labels, dict) else None

    def is_known(self, namespace: str) -> bool:
        """Tell whether all is known that the profile of a namespace depends on."""
        return not (self._label and namespace) or namespace in self._labels or self._by_pattern(namespace) is not None

    def profile(self, namespace: str) -> str:
        """Return the profile of a namespace; what lies in none has the default one."""
        named = self._labels.get(namespace)
        by_label = named if isinstance(named, str) and named in self._names else self._default
        return self._by_pattern(namespace) or by_label

    def _by_pattern(self, namespace: str) -> str | None:
        return next((profile for pattern, profile in self._patterns if fnmatchcase(namespace, pattern)), None)
