"""Parses shell scripts with tree-sitter's grammar of Bash."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

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
