"""Bounds how deep the data of a document may be nested."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from checker.model import JSON

MAX_DEPTH: Final = 250
"""How deep lists and objects may be nested: far beyond any real document, far below the interpreter's stack."""

TOO_DEEP: Final = f"is nested deeper than {MAX_DEPTH} levels"


def is_too_deep(data: JSON) -> bool:
    """Tell whether lists and objects are nested deeper than `MAX_DEPTH`, level by level, without recursion."""
    level = [data]
    for _ in range(MAX_DEPTH):
        level = [
            child
            for node in level
            if node.__class__ is dict or node.__class__ is list
            for child in (node.values() if node.__class__ is dict else node)
            if child.__class__ is dict or child.__class__ is list
        ]
        if not level:
            return False
    return True
