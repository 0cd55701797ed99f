"""Parses shell scripts with tree-sitter's grammar of Bash."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

_DEPTH: Final = 500
_BRACKET: Final = re.compile(r"([({])|[)}]")
_NON_ASCII: Final = re.compile(r"[^\x00-\x7f]")


@cache
def _parser() -> Parser:
    import tree_sitter_bash
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_bash.language()))


def parse(script: str) -> Node:
    """Return the root of a script's tree; its byte offsets are positions in the script.

    No character outside of ASCII means anything to a shell, so a letter takes the place of each.
    """
    return _parser().parse(_NON_ASCII.sub("x", script).encode()).root_node


def too_deep(script: str) -> int | None:
    """Return the position of the bracket that nests deeper than anybody writes, or None.

    Parsing takes time that grows faster than such depth.
    """
    if script.count("(") + script.count("{") <= _DEPTH:
        return None
    depth = 0
    for match in _BRACKET.finditer(script):
        depth = depth + 1 if match[1] else max(depth - 1, 0)
        if depth > _DEPTH:
            return match.start()
    return None
