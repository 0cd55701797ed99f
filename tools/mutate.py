"""Removes each clause of the Rego in turn, and names those that no Rego test misses.

Usage: python tools/mutate.py [FOLDER OR FILE]...   (needs opa on the PATH)

A clause is one expression of a body (replaced by `true`) or one of several definitions of a rule (taken out). A file of
a rule is held to its own tests; a file of policies/lib to its own and then to those of all that imports it, which takes
long: without an argument the files of policies/lib are left out. A clause whose line ends in `# for speed alone` is
left in place: it changes no answer. Exits with 1 where a clause survives, and with 2 where tests fail before anything
is removed, for then they would miss every clause.
"""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parent.parent
POLICIES = ROOT / "policies"
OPA = os.environ.get("CHECKER_OPA", "opa")
FOR_SPEED = "# for speed alone"


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
    lines = source.splitlines()
    for rule in rules:
        if not rule.get("default") and definitions[_name(rule)] > 1:
            yield _without(file, source, rule["location"], "")
        for expression in _expressions(rule.get("body", [])):
            if not lines[expression["location"]["row"] - 1].endswith(FOR_SPEED):
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
        return all(_passes(changed, modules) for modules in _modules_for(mutant.file))


def _passes(file: Path, modules: Iterable[Path]) -> bool:
    command = [OPA, "test", str(file), *map(str, modules)]
    return subprocess.run(command, capture_output=True, check=False, cwd=ROOT).returncode == 0


@cache
def _modules_for(file: Path) -> tuple[tuple[Path, ...], ...]:
    """Return what a file's own tests need, without the file; for a library then what those of its users need."""
    tested = [{file.parent}]
    if file.is_relative_to(POLICIES / "lib"):
        tested.append(_users(file.parent.name))
    return tuple(_modules(file, folders) for folders in tested)


def _modules(file: Path, folders: set[Path]) -> tuple[Path, ...]:
    """Return all Rego of some folders and the libraries, without the file and without tests of other folders."""
    return tuple(
        path
        for path in sorted(POLICIES.rglob("*.rego"))
        if path != file
        and (path.parent in folders or (path.is_relative_to(POLICIES / "lib") and not path.name.endswith("_test.rego")))
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


def failing(files: Iterable[Path]) -> list[Path]:
    """Return the files whose tests fail as they are."""
    unchanged = [Mutant(file, 0, "", file.read_text("utf-8")) for file in files]
    return [mutant.file for mutant, passes in _tried(unchanged) if not passes]


def survivors(files: Iterable[Path]) -> list[Mutant]:
    """Return the mutants that no test notices, in order."""
    return [mutant for mutant, alive in _tried([mutant for file in files for mutant in mutants(file)]) if alive]


def _tried(every: Sequence[Mutant]) -> Iterator[tuple[Mutant, bool]]:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from zip(every, pool.map(survives, every), strict=True)


def rego_files(arguments: Iterable[str]) -> list[Path]:
    """Return the Rego below the arguments that is no test."""
    places = [Path(argument).resolve() for argument in arguments]
    places = places or [folder for folder in POLICIES.iterdir() if folder.is_dir() and folder.name != "lib"]
    files = {file for place in places for file in ([place] if place.is_file() else place.rglob("*.rego"))}
    return sorted(file for file in files if not file.name.endswith("_test.rego"))


def main(arguments: list[str]) -> int:
    """Print the survivors."""
    files = rego_files(arguments)
    broken = failing(files)
    if broken:
        print(*(f"{file.relative_to(ROOT)}: its tests fail as it is" for file in broken), sep="\n")
        return 2
    alive = survivors(files)
    for mutant in alive:
        print(f"{mutant.file.relative_to(ROOT)}:{mutant.row}: {mutant.clause}")
    return int(bool(alive))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
