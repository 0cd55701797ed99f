"""Writes JSON for people and for speed: an outline down to some depth, one line for each value below it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checker.model import JSON

_encode = json.JSONEncoder(ensure_ascii=False).encode


def write(value: JSON, depth: int) -> Iterator[str]:
    """Yield a value's lines; containers are spread over lines down to `depth`, deeper ones stand on one line.

    Characters stay as they are, so that diffs can be read; unpaired surrogates are left to the encoder of the output,
    whose `backslashreplace` writes them as JSON does.
    """
    yield from _lines(value, depth, "", "\n")


def _lines(value: JSON, depth: int, indent: str, end: str) -> Iterator[str]:
    if depth == 0 or not value or not isinstance(value, dict | list):
        yield _encode(value) + end
        return
    inner = indent + " "
    last = len(value) - 1
    if isinstance(value, dict):
        yield "{\n"
        for number, (key, item) in enumerate(value.items()):
            yield f"{inner}{_encode(key)}: "
            yield from _lines(item, depth - 1, inner, ",\n" if number < last else "\n")
        yield f"{indent}}}{end}"
    else:
        yield "[\n"
        for number, item in enumerate(value):
            yield inner
            yield from _lines(item, depth - 1, inner, ",\n" if number < last else "\n")
        yield f"{indent}]{end}"
