"""Turns the Markdown that rules are described in into elements: paragraphs, lists, code."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Final

from checker.formats.html.markup import Markup, element, join, lines, text

if TYPE_CHECKING:
    from collections.abc import Iterator

_FENCED: Final = re.compile(r"^[ ]*```[^\n]*\n(.*?)\n?^[ ]*```[ ]*$", re.MULTILINE | re.DOTALL)
_PARAGRAPHS: Final = re.compile(r"\n[ \t]*\n|\n(?=- )")
_LEAD: Final = re.compile(r"\n(?=[ ]*```)|\n[ \t]*\n|\n(?=- )")
_CODE: Final = re.compile(r"`([^`]+)`")


@lru_cache(maxsize=2048)
def blocks(markdown: str) -> tuple[Markup, ...]:
    """Return one element for each paragraph, list and block of code."""
    return tuple(_blocks(markdown))


def lead(markdown: str) -> tuple[Markup, tuple[Markup, ...]]:
    """Return the first paragraph as a line, and what follows it as elements."""
    first, *rest = _LEAD.split(markdown.strip(), maxsplit=1)
    if first.lstrip().startswith(("```", "- ")):
        return text("What to do"), blocks(markdown)
    return inline(" ".join(first.split())), blocks("".join(rest))


def _blocks(markdown: str) -> Iterator[Markup]:
    for number, part in enumerate(_FENCED.split(markdown)):
        if number % 2:
            yield element("pre", element("code", lines(part)))
        else:
            yield from _prose(part)


def _prose(prose: str) -> Iterator[Markup]:
    parts = [" ".join(part.split()) for part in _PARAGRAPHS.split(prose)]
    for is_list, group in groupby(filter(None, parts), key=lambda part: part.startswith("- ")):
        if is_list:
            yield element("ul", *(element("li", inline(item[2:])) for item in group))
        else:
            yield from (element("p", inline(part)) for part in group)


def inline(prose: str) -> Markup:
    """Return a line of prose, what stands between backticks as code."""
    parts = _CODE.split(prose)
    return join(*(element("code", part) if number % 2 else part for number, part in enumerate(parts)))
