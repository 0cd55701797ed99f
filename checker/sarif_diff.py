"""Compares the results of two SARIF files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from checker.errors import CheckerError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Result(NamedTuple):
    """Holds what is told of a result."""

    path: str
    line: int
    rule: str
    message: str


class Difference(NamedTuple):
    """Holds the results that only one of two files has, and how many both have."""

    new: tuple[Result, ...]
    fixed: tuple[Result, ...]
    unchanged: int

    def text(self) -> Iterator[str]:
        """Yield lines for people."""
        from checker.display import printable

        for title, results in (("New", self.new), ("Fixed", self.fixed)):
            if results:
                yield f"{title}\n"
            for one in results:
                place = f"{one.path}:{one.line}" if one.line else one.path
                yield f"  {printable(f'{place}: {one.rule}: {one.message}')}\n"
            if results:
                yield "\n"
        yield f"{len(self.new):,} new, {len(self.fixed):,} fixed, {self.unchanged:,} unchanged.\n"

    def json(self) -> Iterator[str]:
        """Yield one JSON object."""
        new, fixed = ([one._asdict() for one in results] for results in (self.new, self.fixed))
        yield json.dumps({"new": new, "fixed": fixed, "unchanged": self.unchanged}, indent=2) + "\n"


def compare(before: Path, after: Path) -> Difference:
    """Compare two files, leaving out what is suppressed; raises `CheckerError` for what is no SARIF."""
    old, new = _results(before), _results(after)
    return Difference(
        tuple(sorted(new[key] for key in new.keys() - old.keys())),
        tuple(sorted(old[key] for key in old.keys() - new.keys())),
        len(new.keys() & old.keys()),
    )


def _results(file: Path) -> dict[tuple[str, ...], Result]:
    """Return the results of a file by what names them in each run of it."""
    try:
        log = json.loads(file.read_bytes())
        found: dict[tuple[str, ...], Result] = {}
        for run in log["runs"]:
            rules = run["tool"]["driver"].get("rules", [])
            for one in run.get("results", []):
                if not one.get("suppressions"):
                    found |= dict([_named(one, rules, found)])
    except OSError as error:
        message = f"{file}: cannot be read: {error.strerror}"
        raise CheckerError(message) from None
    except (ValueError, LookupError, TypeError, AttributeError):
        message = f"{file}: is no SARIF"
        raise CheckerError(message) from None
    return found


def _named(one: Any, rules: list[Any], found: dict[tuple[str, ...], Result]) -> tuple[tuple[str, ...], Result]:
    """Return a result and its name: its fingerprint, else what is said of it; equal ones are counted."""
    rule = one.get("ruleId") or rules[one["ruleIndex"]]["id"]
    place = (one.get("locations") or [{}])[0].get("physicalLocation", {})
    path = unquote(place.get("artifactLocation", {}).get("uri", ""))
    result = Result(path, place.get("region", {}).get("startLine", 0), rule, one["message"].get("text", ""))
    prints = one.get("partialFingerprints") or {}
    mark = prints.get("checker/v1") or prints.get("primaryLocationLineHash") or f"{path} {result.message}"
    number = 1
    while (rule, mark, str(number)) in found:
        number += 1
    return (rule, mark, str(number)), result
