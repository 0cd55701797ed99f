"""Removes each clause of the Rego in turn, and names those that no Rego test misses.

Usage: python tools/mutate.py [FOLDER OR FILE]...   (needs opa on the PATH)

A clause is one expression of a body (replaced by `true`) or one of several definitions of a rule (taken out). A file of
a rule is held to its own tests; a file of policies/lib to the tests of all that imports it, which takes long: without
an argument the files of policies/lib are left out. Exits with 1 where a clause survives.
"""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parent.parent
POLICIES = ROOT / "policies"
OPA = os.environ.get("CHECKER_OPA", "opa")


@dataclass(frozen=True, slots=True)
class Mutant:
    """Holds a file with one clause less."""

    file: Path
    row: int
    clause: str
    source: str


def mutants(file: Path) -> Iterator[Mutant]:
    """Yield the file without each of its clauses."""
    command = [OPA, "parse", "--format", "json", "--json-include", "locations", file.name]
    parsed = subprocess.run(command, cwd=file.parent, capture_output=True, text=True, check=True)
    source = file.read_text("utf-8")
    rules = json.loads(parsed.stdout).get("rules", [])
    definitions = Counter(_name(rule) for rule in rules if not rule.get("default"))
    for rule in rules:
        if not rule.get("default") and definitions[_name(rule)] > 1:
            yield _without(file, source, rule["location"], "")
        for expression in _expressions(rule.get("body", [])):
            yield _without(file, source, expression["location"], "true")


def _name(rule: dict[str, Any]) -> str:
    """Return the part of a rule's head that several definitions share."""
    return json.dumps([part["value"] for part in rule["head"].get("ref", [])])


def _expressions(body: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the expressions of a body that can be missing, those inside `every` too."""
    for expression in body:
        terms = expression.get("terms")
        if isinstance(terms, dict) and "body" in terms:
            yield from _expressions(terms["body"])
        if _text(expression["location"]) != "true":
            yield expression


def _text(location: dict[str, Any]) -> str:
    return base64.b64decode(location["text"]).decode("utf-8")


def _without(file: Path, source: str, location: dict[str, Any], replacement: str) -> Mutant:
    text = _text(location)
    lines = source.splitlines(keepends=True)
    start = sum(len(line) for line in lines[: location["row"] - 1]) + location["col"] - 1
    found = source.index(text.split("\n", 1)[0], start)
    end = found + len(text)
    return Mutant(file, location["row"], text.split("\n")[0], source[:found] + replacement + source[end:])


def survives(mutant: Mutant) -> bool:
    """Tell whether every test passes without the clause; what does not compile does not survive."""
    with TemporaryDirectory() as temporary:
        changed = Path(temporary) / mutant.file.name
        changed.write_text(mutant.source, "utf-8")
        inputs = [str(path) for path in _modules_for(mutant.file)]
        done = subprocess.run([OPA, "test", str(changed), *inputs], capture_output=True, check=False, cwd=ROOT)
        return done.returncode == 0


@cache
def _modules_for(file: Path) -> tuple[Path, ...]:
    """Return what a file's tests need, without the file."""
    is_library = file.is_relative_to(POLICIES / "lib")
    tested = _users(file.parent.name) if is_library else {file.parent}
    return tuple(
        path
        for path in sorted(POLICIES.rglob("*.rego"))
        if path != file
        and (path.parent in tested or (path.is_relative_to(POLICIES / "lib") and not path.name.endswith("_test.rego")))
    )


def _users(library: str) -> set[Path]:
    """Return the folders whose Rego imports a library, directly or through another one, and its own."""
    names, folders = {library}, {POLICIES / "lib" / library}
    sources = {path: path.read_text("utf-8") for path in POLICIES.rglob("*.rego")}
    while True:
        pattern = re.compile(rf"\bdata\.policies\.lib\.(?:{'|'.join(sorted(names))})\b")
        found = {path.parent for path, source in sources.items() if pattern.search(source)} | folders
        if found == folders:
            return found
        folders = found
        names |= {folder.name for folder in folders if folder.parent == POLICIES / "lib"}


def survivors(files: Iterable[Path]) -> list[Mutant]:
    """Return the mutants that no test notices, in order."""
    every = [mutant for file in files for mutant in mutants(file)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return [mutant for mutant, alive in zip(every, pool.map(survives, every), strict=True) if alive]


def rego_files(arguments: Iterable[str]) -> list[Path]:
    """Return the Rego below the arguments that is no test."""
    places = [Path(argument).resolve() for argument in arguments]
    places = places or [folder for folder in POLICIES.iterdir() if folder.is_dir() and folder.name != "lib"]
    files = {file for place in places for file in ([place] if place.is_file() else place.rglob("*.rego"))}
    return sorted(file for file in files if not file.name.endswith("_test.rego"))


def main(arguments: list[str]) -> int:
    """Print the survivors."""
    alive = survivors(rego_files(arguments))
    for mutant in alive:
        print(f"{mutant.file.relative_to(ROOT)}:{mutant.row}: {mutant.clause}")
    return int(bool(alive))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
