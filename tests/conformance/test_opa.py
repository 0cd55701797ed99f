"""Runs OPA's own conformance cases through the host of its modules."""

from __future__ import annotations

import json
import re
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from checker import resources
from checker.engines.answers import AnswerError
from checker.engines.module import Host

TOOLS = Path(__file__).parent.parent.parent / "tools"
BATCHES = 6
DEVIATIONS = json.loads((Path(__file__).parent / "opa_deviations.json").read_bytes())
"""The cases whose answer differs, by what they have in common, each with its reason."""


@dataclass(frozen=True, slots=True)
class Case:
    """Holds one case, whose packages all lie below `case_<number>`."""

    number: int
    note: str
    modules: tuple[str, ...]
    answer: str
    wanted: Any
    """The set of bindings as JSON, None where the evaluation must fail."""
    input: bytes
    """JSON, or nothing where the input is undefined."""


@pytest.fixture(scope="module")
def cases(program: Callable[[str], Path]) -> list[Case]:
    go = str(program("go"))  # its module cache holds the cases
    version = re.search(r"open-policy-agent/opa (v\S+)", (TOOLS / "go.mod").read_text("utf-8"))
    assert version
    command = [go, "mod", "download", "-json", f"github.com/open-policy-agent/opa@{version[1]}"]
    done = subprocess.run(command, cwd=TOOLS, capture_output=True, text=True, check=True)
    folder = Path(json.loads(done.stdout)["Dir"]) / "v1/test/cases/testdata/v1"
    raw = (case for path in sorted(folder.rglob("*.yaml")) for case in load(path))
    return [case for number, one in enumerate(raw) if (case := read(number, one)) is not None]


def load(path: Path) -> list[Any]:
    """Return the cases of a file."""
    found: list[Any] = yaml.load(path.read_bytes(), yaml.CSafeLoader)["cases"]
    return found


def read(number: int, one: Any) -> Case | None:
    """Return a case, None for one that asks for what no rule may use."""
    if one.get("strict_error") or "input_term" in one or one.get("env") or one.get("experimental_keywords"):
        return None
    root = f"case_{number}"
    modules = [moved(module, root) for module in one.get("modules") or []]
    data = one.get("data") or {}
    modules += [f"package {root}\n\n{key} := {json.dumps(value)}\n" for key, value in data.items()]
    results = one.get("want_result")
    names = sorted({name for result in results or [] for name in result})
    bindings = ", ".join(f'"{name}": {name}' for name in names)
    answer = f"package {root}.answer\n\nbindings contains {{{bindings}}} if {{\n{moved(one['query'], root)}\n}}\n"
    if "want_error" in one or "want_error_code" in one:
        wanted = None
    elif results is not None:
        wanted = sorted({canonical(result) for result in results})
    else:
        wanted = ["{}"] if one.get("want_defined") else []
    content = json.dumps(one["input"]).encode() if "input" in one else b""
    return Case(number, one["note"], tuple(modules), answer, wanted, content)


def moved(text: str, root: str) -> str:
    """Return Rego whose packages, and references to them, begin with `root`."""
    text = re.sub(r"^package ", f"package {root}.", text, flags=re.MULTILINE)
    return re.sub(r"\bdata(?=[.\[])", f"data.{root}", text)


def canonical(value: Any) -> str:
    """Return JSON in which sets and arrays, which look alike there, are sorted, and 1.0 is 1."""
    if isinstance(value, list):
        return "[" + ",".join(sorted(map(canonical, value))) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{canonical(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value)


def build(opa: Path, folder: Path, batch: list[Case]) -> tuple[Host, list[Case]]:
    """Compile what compiles of a batch with the builtins that rules may use."""
    capabilities = str(resources.POLICIES / "capabilities.json")
    for case in batch:
        for index, module in enumerate((*case.modules, case.answer)):
            (folder / f"{case.number}.{index}.rego").write_text(module, "utf-8")
    kept = {case.number: case for case in batch}
    while True:
        files = [path.name for path in sorted(folder.glob("*.rego")) if int(path.name.partition(".")[0]) in kept]
        command = [str(opa), "check", "--capabilities", capabilities, "--max-errors", "0", "--format", "json", *files]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            break
        errors = json.loads(done.stderr or done.stdout)["errors"]
        for error in errors:
            kept.pop(int(error["location"]["file"].partition(".")[0]), None)
    roots = [word for number in kept for word in ("--entrypoint", f"case_{number}/answer/bindings")]
    command = [str(opa), "build", "--target", "wasm", "--capabilities", capabilities, *roots, *files]
    subprocess.run(command, cwd=folder, capture_output=True, check=True)
    with tarfile.open(folder / "bundle.tar.gz") as archive:
        member = archive.extractfile("/policy.wasm")
        assert member
        return Host(member.read(), None, 2**28), list(kept.values())


def differing(host: Host, cases: list[Case]) -> Iterator[str]:
    """Yield the notes of cases whose answer is not the one that OPA gives."""
    instance = host.instantiate()
    assert instance.builtins == {}
    for case in cases:
        try:
            answer = json.loads(instance.evaluate(f"case_{case.number}/answer/bindings", case.input, 5))
            found = sorted(map(canonical, answer[0]["result"])) if answer else []
        except AnswerError:
            instance.close()
            instance = host.instantiate()
            found = None
        if found != case.wanted:
            yield case.note
    instance.close()
    host.close()


def test_the_host_answers_opas_cases_as_opa_does(
    cases: list[Case], program: Callable[[str], Path], tmp_path: Path
) -> None:
    found: list[str] = []
    ran = 0
    for index in range(BATCHES):
        folder = tmp_path / str(index)
        folder.mkdir()
        host, kept = build(program("opa"), folder, cases[index::BATCHES])
        ran += len(kept)
        found += differing(host, kept)
    expected = sorted(note for entry in DEVIATIONS for note in entry["cases"])
    assert sorted(found) == expected
    assert ran > 1000
