"""Tests what the rooms promise each other: nothing without its test, nothing told twice."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from checker import bundles, normalizers, resources
from tests.documents import documents

ROOT = Path(__file__).parent.parent
POLICIES = ROOT / "policies"
FIXTURES = ROOT / "fixtures"
NO_KINDS = {"lib", "profiles"}


def rule_folders(policies: Path) -> set[str]:
    """Return `<kind>/<rule>` of every folder that holds a rule."""
    kinds = [kind for kind in policies.iterdir() if kind.is_dir() and kind.name not in NO_KINDS]
    return {f"{kind.name}/{rule.name}" for kind in kinds for rule in kind.iterdir() if rule.name != "facts"}


def lacking(policies: Path, fixtures: Path) -> list[str]:
    """Return what a rule lacks and what belongs to no rule."""
    rules = rule_folders(policies)
    wrong = []
    for rule in sorted(rules):
        name = rule.partition("/")[2]
        needed = [
            policies / rule / f"{name}.rego",
            policies / rule / f"{name}_test.rego",
            policies / rule / "README.md",
        ]
        wrong += [f"{rule} lacks {path.name}" for path in needed if not path.is_file()]
        wrong += [f"{rule} lacks fixtures"] * (not (fixtures / rule / "expected.txt").is_file())
    kinds = {rule.partition("/")[0] for rule in rules}
    cases = {
        f"{kind}/{case.name}" for kind in kinds if (fixtures / kind).is_dir() for case in (fixtures / kind).iterdir()
    }
    return wrong + [f"fixtures of {case}, which is no rule" for case in sorted(cases - rules)]


def test_every_rule_has_its_test_page_and_fixtures_and_every_fixture_its_rule() -> None:
    assert lacking(POLICIES, FIXTURES) == []
    assert set(bundles.builtin().catalog.rules) == rule_folders(POLICIES)


def test_a_rule_without_test_and_a_fixture_without_rule_are_noticed(tmp_path: Path) -> None:
    (tmp_path / "policies" / "env" / "new-rule").mkdir(parents=True)
    (tmp_path / "policies" / "env" / "new-rule" / "new-rule.rego").touch()
    (tmp_path / "fixtures" / "env" / "old-rule").mkdir(parents=True)
    assert lacking(tmp_path / "policies", tmp_path / "fixtures") == [
        "env/new-rule lacks new-rule_test.rego",
        "env/new-rule lacks README.md",
        "env/new-rule lacks fixtures",
        "fixtures of env/old-rule, which is no rule",
    ]


def too_long(files: Iterable[Path], limit: int) -> dict[str, int]:
    """Return the number of lines of the files that have more than a limit, by name."""
    lengths = {path.name: len(path.read_bytes().splitlines()) for path in files}
    return {name: length for name, length in lengths.items() if length > limit}


def test_no_module_and_no_rule_is_longer_than_one_can_keep_in_mind() -> None:
    rules = [POLICIES / rule / f"{Path(rule).name}.rego" for rule in rule_folders(POLICIES)]
    assert too_long((ROOT / "checker").rglob("*.py"), 250) == {}
    assert too_long(rules, 60) == {}


def test_a_file_over_its_limit_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text("pass\n" * 3)
    (tmp_path / "short.py").write_text("pass\n" * 2)
    assert too_long(tmp_path.glob("*.py"), 2) == {"long.py": 3}


def test_every_kind_of_document_has_a_schema_and_every_schema_a_kind() -> None:
    kinds = {normalizer.KIND for normalizer in normalizers.NORMALIZERS}
    assert {path.stem for path in (resources.SCHEMAS / "documents").glob("*.json")} - {"project"} == kinds


@pytest.mark.parametrize("kind", [normalizer.KIND for normalizer in normalizers.NORMALIZERS])
def test_every_fixtures_document_has_the_shape_of_its_schema(kind: str) -> None:
    validator = Draft7Validator(json.loads((resources.SCHEMAS / "documents" / f"{kind}.json").read_bytes()))
    checked = [document for document in documents(FIXTURES) if document.kind == kind]
    assert checked
    wrong = {f"{one.id}: {error.json_path}" for one in checked for error in validator.iter_errors(one.data)}
    assert wrong == set()


def test_the_compiled_policies_are_those_of_the_sources(program: Callable[[str], Path]) -> None:
    environment = os.environ | {"CHECKER_OPA": str(program("opa"))}
    command = ["python", "tools/policies.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_file_speaks_of_the_machine_it_was_written_on() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    home = str(ROOT.parent) + "/"
    texts = {name: (ROOT / name).read_text("utf-8", "replace") for name in listed.split("\0") if name}
    assert [name for name, text in texts.items() if home in text and len(home) > 2] == []


def test_every_clause_of_every_rule_is_missed_by_a_test(program: Callable[[str], Path]) -> None:
    environment = os.environ | {"CHECKER_OPA": str(program("opa"))}
    command = ["python", "tools/mutate.py"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("", "")
