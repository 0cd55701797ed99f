"""Names the paths of a manifest so that moved lines and new neighbours leave them alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from checker.text import FIRST

if TYPE_CHECKING:
    from checker.model import JSON, Path
    from checker.syntax.places import Places
    from checker.text import Region

_PLAIN_KEY: Final = re.compile(r"[A-Za-z_][\w-]*")

_NAMING_KEYS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "volumeMounts": ("mountPath",),
        "volumeDevices": ("devicePath",),
        "ports": ("name", "containerPort", "port"),
        "rules": ("host",),
        "paths": ("path",),
        "items": ("key",),
        "tolerations": ("key",),
        "hostAliases": ("ip",),
        "topologySpreadConstraints": ("topologyKey",),
        "matchExpressions": ("key",),
        "sysctls": ("name",),
    }
)
"""What names an item of a list; everywhere else it is `name`."""

_SETS: Final = frozenset(
    {"add", "drop", "verbs", "resources", "apiGroups", "resourceNames", "nonResourceURLs", "accessModes", "policyTypes"}
)
"""Lists whose items name themselves, because their order means nothing."""


class Nowhere:
    """Locates every path of an object that stands in no file at the first character."""

    def locate(self, path: Path) -> Region:  # noqa: ARG002 - the face of what locates
        """Return the first character."""
        return FIRST


class ManifestLocator:
    """Locates and names the paths of one object."""

    def __init__(self, places: Places[Any] | Nowhere, data: JSON) -> None:
        self._places = places
        self._data = data

    def locate(self, path: Path) -> Region:
        """Return the region of a path, or of its nearest existing ancestor."""
        return self._places.locate(path)

    def name(self, path: Path) -> str:
        """Return the path as `spec.containers[name=web].image`, with an index where an item has no name."""
        shown: list[str] = []
        node, parent = self._data, ""
        for step in path:
            if isinstance(step, int):
                node = node[step] if isinstance(node, list) and 0 <= step < len(node) else None
                shown.append(f"[{_item(node, parent, step)}]")
            else:
                node, parent = (node.get(step) if isinstance(node, dict) else None), step
                if _PLAIN_KEY.fullmatch(step):
                    shown.append(f".{step}" if shown else step)
                else:
                    shown.append(f'["{step}"]')
        return "".join(shown)


def _item(node: JSON, parent: str, index: int) -> str:
    if isinstance(node, dict):
        for key in _NAMING_KEYS.get(parent, ("name",)):
            value = node.get(key)
            if isinstance(value, str | int) and value != "":
                return f"{key}={value}"
    elif isinstance(node, str) and node and parent in _SETS:
        return f"={node}"
    return str(index)
