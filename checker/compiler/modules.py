"""Reads what one Rego file declares, from OPA's own parse of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from checker.errors import CheckerError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

ROOT: Final = "policies"
_READABLE: Final = frozenset({ROOT, "parameters", "secrets"})
"""What rules find below `data`; anything else exists on an OPA server only, where verdicts would then differ."""


@dataclass(frozen=True, slots=True)
class Module:
    """Holds the package of a file and the line of it, and the names that its rules define.

    `offsets` tells where the text says `policies` for the root of a package, in code points. `deny_row` is the line of
    a `deny` that is no set of results (`deny contains …`).
    """

    package: tuple[str, ...]
    row: int
    names: frozenset[str]
    offsets: tuple[int, ...]
    deny_row: int | None = None


def read(parse: Any, text: str, path: Path) -> Module:
    """Return what `opa parse --format json --json-include locations` tells of a file.

    Raises `CheckerError` with file and line where it refers to data that a rule does not get.
    """
    package = parse["package"]["path"]
    terms = [package[1], *_roots(parse, path)]
    rules = parse.get("rules", [])
    return Module(
        tuple(str(term["value"]) for term in package[1:]),
        package[1]["location"]["row"],
        frozenset(_name(rule) for rule in rules),
        tuple(sorted({_offset(term["location"], text, path) for term in terms})),
        next((rule["location"]["row"] for rule in rules if _name(rule) == "deny" and not _is_set(rule["head"])), None),
    )


def rename(text: str, offsets: tuple[int, ...], root: str) -> str:
    """Return a module whose package, imports and references begin with `root` instead of `policies`."""
    parts = []
    start = 0
    for offset in offsets:
        parts += [text[start:offset], root]
        start = offset + len(ROOT)
    return "".join([*parts, text[start:]])


def _name(rule: Any) -> str:
    return str(rule["head"]["ref"][0]["value"])


def _is_set(head: Any) -> bool:
    return "key" in head and "value" not in head and len(head["ref"]) == 1


def _roots(parse: Any, path: Path) -> Iterator[Any]:
    """Yield the second term of each reference that begins with `data.policies`."""
    for reference in _references([parse.get("imports", []), parse.get("rules", [])]):
        row = reference[0]["location"]["row"]
        if len(reference) == 1 or reference[1]["type"] != "string":
            message = f"{path}:{row}: refers to `data` as a whole, where a rule names a package"
            raise CheckerError(message)
        name = reference[1]["value"]
        if name not in _READABLE:
            message = f"{path}:{row}: refers to `data.{name}`, which rules do not get"
            raise CheckerError(message)
        if name != ROOT:
            continue
        if len(reference) == len(("data", ROOT)) or reference[2]["type"] != "string":
            message = f"{path}:{row}: refers to `data.{ROOT}` as a whole, where a rule names a package"
            raise CheckerError(message)
        yield reference[1]


def _references(node: Any) -> Iterator[list[Any]]:
    """Yield the terms of each reference to `data`, wherever in a tree."""
    if isinstance(node, list):
        for item in node:
            yield from _references(item)
    elif isinstance(node, dict):
        value = node.get("value")
        rest: Iterable[Any] = node.values()
        if node.get("type") == "var" and value == "data":
            yield [node]
        elif node.get("type") == "ref" and isinstance(value, list) and _is_data(value[0]):
            yield value
            rest = value[1:]
        for item in rest:
            yield from _references(item)


def _is_data(term: Any) -> bool:
    return bool(term.get("type") == "var" and term.get("value") == "data")


def _offset(location: Any, text: str, path: Path) -> int:
    """Return where the word `policies` of a term begins; OPA counts lines from LF to LF and columns in code points."""
    start = 0
    for _ in range(location["row"] - 1):
        start = text.index("\n", start) + 1
    start += int(location["col"]) - 1
    start += text.startswith('"', start)
    if not text.startswith(ROOT, start):
        message = f"{path}:{location['row']}: writes `{ROOT}` in a way that cannot be renamed"
        raise CheckerError(message)
    return start
