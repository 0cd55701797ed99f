"""Locates paths in the places of a YAML document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from checker.syntax.places import Places, Span

if TYPE_CHECKING:
    from checker.model import Path
    from checker.text import Text

_PROPERTY: Final = re.compile(r"[&!]\S*")


class Branch(NamedTuple):
    """Holds the places in a mapping or sequence: by key with the key's token, or by index.

    `end` is where libyaml stops reading, behind line ends that follow.
    """

    start: int
    end: int
    children: dict[str, tuple[Span, Place]] | list[Place]


Place: TypeAlias = "Span | Branch"
"""Where a node is: a scalar's token, or an alias's, which hides what it stands for; else a branch."""


class YAMLLocator(Places[Place]):
    """Locates paths in the places of one document; what stands behind an alias or a merge key is at the alias.

    `base` is the path of the node that the empty path names, an alias on the way to it stands for it.
    """

    def __init__(self, text: Text, root: Place, base: Path = ()) -> None:
        super().__init__(text)
        for step in base:
            found = self.child(root, step)
            root = found[1] if found else root
        self._root = root

    def root(self) -> Place:
        """Return the document's own place."""
        return self._root

    def child(self, node: Place, step: str | int) -> tuple[Span | None, Place] | None:
        """Return the key's token and the place of the value under a key or index."""
        children = node.children if isinstance(node, Branch) else None
        if isinstance(children, dict):
            return children.get(step) if isinstance(step, str) else None
        if isinstance(children, list) and isinstance(step, int) and 0 <= step < len(children):
            return None, children[step]
        return None

    def first_key(self, node: Place) -> Span | None:
        """Return the token of a mapping's first key."""
        if isinstance(node, Branch) and isinstance(node.children, dict):
            return next((key for key, _ in node.children.values()), None)
        return None

    def scalar(self, node: Place) -> Span | None:
        """Return the token of a scalar or an alias."""
        return None if isinstance(node, Branch) else self.extent(node)

    def first(self, node: Place) -> Span:
        """Return the first token: a property, a bracket, the first key or a dash."""
        start = node.start if isinstance(node, Branch) else node[0]
        key = self.first_key(node)
        if key is not None and key[0] == start:
            return key
        found = _PROPERTY.match(self.text.value, start)
        return found.span() if found else (start, start + 1)

    def extent(self, node: Place) -> Span:
        """Return the offsets of a node without the line ends behind it."""
        start, end = (node.start, node.end) if isinstance(node, Branch) else node
        return start, start + len(self.text.value[start:end].rstrip(" \t\r\n"))
