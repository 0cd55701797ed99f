"""Reads what a waiver in a comment or an annotation says."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from checker import nearest
from checker.waivers import WaiverError

_FIELD: Final = re.compile(
    r"""\s*(?P<name>[A-Za-z-]+)=(?P<value>"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'](?:\S|\s+(?![A-Za-z-]+=))*|)\s*"""
)
_ESCAPED: Final = re.compile(r"\\(.)")
_NAMES: Final = ("reason", "owner", "until", "container")


class Fields(NamedTuple):
    """Holds the words behind the rules."""

    reason: str
    owner: str = ""
    until: str = ""
    container: str = ""


def rules(text: str) -> tuple[str, ...]:
    """Return the rules of a list with commas; raises `WaiverError` where it names none."""
    found = tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))
    if not found:
        message = "it names no rule"
        raise WaiverError(message)
    return found


def fields(text: str, *, allow_container: bool = False) -> Fields:
    """Return what `reason="…" owner=… until=…` says; quotes may be left out.

    Raises `WaiverError` for other words, for a word twice and where there is no reason.
    """
    allowed = _NAMES if allow_container else _NAMES[:-1]
    found: dict[str, str] = {}
    position = 0
    while position < len(text.rstrip()):
        match = _FIELD.match(text, position)
        if match is None:
            message = "what follows the rules must be `reason=`, `owner=` or `until=` with a value"
            raise WaiverError(message)
        name = match["name"]
        if name not in allowed:
            message = f"it has no `{name}=`{nearest.hint(name, allowed)}"
            raise WaiverError(message)
        if name in found:
            message = f"it says `{name}=` twice"
            raise WaiverError(message)
        found[name] = _value(match["value"])
        position = match.end()
    if not found.get("reason"):
        message = "it gives no reason: add `reason=` and why"
        raise WaiverError(message)
    return Fields(**found)


def _value(written: str) -> str:
    if written.startswith('"'):
        return _ESCAPED.sub(r"\1", written[1:-1]).strip()
    return written[1:-1].strip() if written.startswith("'") else written.strip()
