"""Knows the rules that find what checks of other tools find."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from checker.model import Rule

_TRIVY_ID: Final = re.compile(r"(?:AVD-)?([A-Z]+)-?0*(\d+)", re.IGNORECASE)


class Meanings:
    """Holds the `equivalents` of rules by tool and id."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self._rules: dict[tuple[str, str], list[str]] = {}
        self._all = tuple(sorted(rules))
        for rule in rules.values():
            for tool, ids in rule.equivalents.items():
                for id_ in ids:
                    self._rules.setdefault((tool, _normal(tool, id_)), []).append(rule.id)

    def of(self, tool: str, id_: str) -> tuple[str, ...]:
        """Return the ids of rules; of all where there is no id."""
        return tuple(sorted(self._rules.get((tool, _normal(tool, id_)), ()))) if id_ else self._all


def _normal(tool: str, id_: str) -> str:
    """Return an id as the catalogue writes it: Trivy has several forms, KICS's begin like the catalogue's."""
    if tool == "trivy" and (match := _TRIVY_ID.fullmatch(id_)):
        return f"{match[1].upper()}-{int(match[2]):04}"
    return id_[:8].lower() if tool == "kics" else id_
