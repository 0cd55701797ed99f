"""Reads JSON whose nodes know their places."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Final, TypeAlias

from checker.errors import InputError
from checker.syntax.depth import MAX_DEPTH, TOO_DEEP, is_too_deep
from checker.syntax.places import Places, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checker.model import JSON, Path
    from checker.text import Text

_STRING: Final = r'"(?:[^"\\]++|\\.)*+"'
_STRUCTURE: Final = re.compile(rf"({_STRING})(?=\s*+:)|{_STRING}|[\[\]{{}}]", re.DOTALL)
_GAP: Final = re.compile(r"[\s,:]*+")
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPE: Final = re.compile(
    r"(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.", re.DOTALL
)
_LONG_NUMBER: Final = re.compile(r"[0-9]{4301}")
NO_NUMBER: Final = "has a number that JSON cannot hold"
_LARGE: Final = 4096
_decode: Final = json.JSONDecoder().raw_decode
"""Reads one value at an offset and returns it with the offset behind it."""

_Member: TypeAlias = tuple[str | int, Span | None, int]
_Children: TypeAlias = dict[str | int, tuple[Span | None, int]]


class _DuplicateKeyError(Exception):
    """Stops the parser at an object that has a key twice."""


def parse(text: Text) -> JSON:
    """Return the value that a text holds, object keys in the text's order.

    Half of a surrogate pair becomes U+FFFD, as in Go. Raises `InputError` with its region for anything that is not
    JSON (RFC 8259), for a key that an object has twice, for a number beyond a double and for nesting deeper than
    `MAX_DEPTH`.
    """
    try:
        data = json.loads(
            _whole_pairs(text.value), object_pairs_hook=_unique, parse_float=_finite, parse_constant=_refuse
        )
    except json.JSONDecodeError as error:
        reason = f"is not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        raise InputError(reason.removesuffix(" at"), text.region(error.pos, error.pos)) from None
    except (RecursionError, _DuplicateKeyError):
        raise _structural_fault(text) from None
    except ValueError:
        raise _numeric_fault(text) from None
    if is_too_deep(data):
        raise _structural_fault(text)
    return data


def top_level_keys(text: Text) -> set[str]:
    """Return the keys of the object that a text begins with, as far as they can be read: the text may be broken."""
    keys = set()
    depth = 0
    for match in _STRUCTURE.finditer(text.value):
        found = match[0]
        if found in "[{]}":
            depth += 1 if found in "[{" else -1
        elif match[1] and depth == 1:
            keys.add(found[1:-1])
    return keys


def _whole_pairs(value: str) -> str:
    if _SURROGATE.search(value):
        return _ESCAPE.sub(lambda match: "\\ufffd" if match[2] else match[0], value)
    return value


def _unique(pairs: list[tuple[str, JSON]]) -> dict[str, JSON]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise _DuplicateKeyError
    return data


def _finite(literal: str) -> float:
    number = float(literal)
    if math.isinf(number):
        raise ValueError
    return number


def _refuse(_constant: str) -> JSON:
    raise ValueError


def _structural_fault(text: Text) -> InputError:
    """Find the first key that repeats an earlier one, or the first bracket that is too deep."""
    seen: list[set[str]] = []
    for match in _STRUCTURE.finditer(text.value):
        found = match[0]
        if found in "[{":
            seen.append(set())
            if len(seen) > MAX_DEPTH:
                return InputError(TOO_DEEP, text.region(*match.span()))
        elif found in "]}":
            seen.pop()
        elif match[1]:
            key = json.loads(_whole_pairs(found))
            if key in seen[-1]:
                return InputError("has a key twice in one object", text.region(*match.span()))
            seen[-1].add(key)
    return InputError(TOO_DEEP)  # pragma: no cover - one of the two is there


def _numeric_fault(text: Text) -> InputError:
    """Find the first number that JSON does not have, or that a double cannot hold."""
    for match in re.finditer(rf"{_STRING}|-?(?:NaN|Infinity)|-?[0-9][-+.0-9eE]*+", text.value, re.DOTALL):
        token = match[0]
        if token.startswith('"'):
            continue
        if token.endswith(("N", "y")) or _LONG_NUMBER.search(token) or math.isinf(float(token)):
            return InputError(NO_NUMBER, text.region(*match.span()))
    return InputError(NO_NUMBER)  # pragma: no cover - such a number is there


class JSONLocator(Places[int]):
    """Locates paths in a text that `parse` accepts; `base` is the path of the node that the empty path names.

    A node is the offset of its first character. A container is read up to what is asked for; what was read of a large
    one is kept.
    """

    def __init__(self, text: Text, base: Path = ()) -> None:
        super().__init__(text)
        self._base = base
        self._root: int | None = None
        self._read: dict[int, tuple[_Children, Iterator[_Member]]] = {}

    def root(self) -> int:
        """Return the offset of the value that `base` names."""
        if self._root is None:
            node = self._gap(0)
            for step in self._base:
                found = self.child(node, step)
                node = found[1] if found else node
            self._root = node
        return self._root

    def child(self, node: int, step: str | int) -> tuple[Span | None, int] | None:
        """Return the key's token and the offset of the value under a key or index."""
        if self.text.value[node] != ("[" if isinstance(step, int) else "{"):
            return None
        children, members = self._read.get(node) or ({}, self._members(node))
        if step not in children:
            value = node
            for name, key, value in members:
                children[name] = key, value
                if name == step:
                    break
            if value - node > _LARGE:
                self._read[node] = children, members
        return children.get(step)

    def first_key(self, node: int) -> Span | None:
        """Return the token of an object's first key."""
        return next((key for _, key, _ in self._members(node)), None)

    def scalar(self, node: int) -> Span | None:
        """Return the token of anything but an object or array."""
        return None if self.text.value[node] in "[{" else self.extent(node)

    def first(self, node: int) -> Span:
        """Return the opening bracket."""
        return node, node + 1

    def extent(self, node: int) -> Span:
        """Return the offsets of a value, brackets and quotes included."""
        return node, _decode(self.text.value, node)[1]

    def _gap(self, offset: int) -> int:
        return _GAP.match(self.text.value, offset).end()  # type: ignore[union-attr] # matches everywhere

    def _members(self, node: int) -> Iterator[_Member]:
        text = self.text.value
        if text[node] not in "[{":
            return
        is_object = text[node] == "{"
        offset, index = self._gap(node + 1), 0
        while text[offset] not in "]}":
            name: str | int = index
            key = None
            if is_object:
                name, end = _decode(text, offset)
                key = offset, end
                if "\\" in text[offset:end]:
                    name = json.loads(_whole_pairs(text[offset:end]))
                offset = self._gap(end)
            yield name, key, offset
            offset, index = self._gap(_decode(text, offset)[1]), index + 1
