"""Tests what the command line and the configuration become."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from checker import bundles, commands, normalizers
from checker.arguments import parser
from checker.bundles import Bundle
from checker.catalog import Catalog, Profile
from checker.config import Settings
from checker.errors import CheckerError
from checker.scan import ScanRequest, StandardInput
from tests.reports import EMPTY, MEMORY, PRIVILEGED, SECRET

CATALOG = Catalog(
    "5f1d",
    {rule.id: rule for rule in EMPTY.rules},
    {
        "default": Profile("default", "", (PRIVILEGED.id, MEMORY.id)),
        "strict": Profile("strict", "", tuple(rule.id for rule in EMPTY.rules)),
    },
)


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bundles, "builtin", lambda: Bundle(CATALOG, b"", {}))


def request(line: str, stdin: bytes = b"") -> ScanRequest:
    return commands.request(parser().parse_args(["scan", *line.split()]), io.BytesIO(stdin), None)


def configure(text: str, file: str = ".checker.yaml") -> None:
    Path(file).write_text(text, encoding="utf-8")


def test_command_line_without_options_scans_the_working_directory_with_the_defaults() -> None:
    asked = request("")
    assert (asked.paths, asked.standard_input, asked.root, asked.settings) == ((".",), None, None, Settings())
    assert (asked.jobs, asked.max_file_size, asked.ignore_files, asked.trivy) == (0, 2**26, True, False)
    assert (asked.fail_on_unrendered, asked.catalog) == (False, CATALOG)


def test_every_option_reaches_the_scan() -> None:
    asked = request(
        "a b --root . --exclude x --no-ignore-files --max-file-size 1K --trivy --profile strict --select */a"
        " --ignore */b --fail-on high --fail-on-unrendered --jobs 3"
    )
    assert (asked.paths, asked.root, asked.jobs, asked.max_file_size) == (("a", "b"), Path(), 3, 1024)
    assert (asked.ignore_files, asked.trivy, asked.fail_on_unrendered) == (False, True, True)
    assert asked.settings == Settings(("strict",), ("*/a",), ("*/b",), exclude=("x",), fail_on="high")


def test_option_replaces_the_same_key_of_the_configuration() -> None:
    configure("exclude: a\nignore: [env/*]\nselect: env/*\nfail-on: high\nseverity: {env/secret-value: low}\n")
    assert request("").settings == Settings(
        select=("env/*",), ignore=("env/*",), severities={"env/secret-value": "low"}, exclude=("a",), fail_on="high"
    )
    assert request("--ignore kubernetes/* --exclude b --fail-on never").settings == Settings(
        select=("env/*",),
        ignore=("kubernetes/*",),
        severities={"env/secret-value": "low"},
        exclude=("b",),
        fail_on="never",
    )
    assert request("--no-config").settings == Settings()


def test_configuration_of_another_name_is_read_where_it_is_named() -> None:
    configure("fail-on: high\n")
    configure("fail-on: critical\n", "other.yaml")
    assert request("--config other.yaml").settings == Settings(fail_on="critical")


def test_nearest_configuration_above_the_working_directory_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").touch()
    configure("selct: x\n")
    (tmp_path / "a").mkdir()
    monkeypatch.chdir(tmp_path / "a")
    with pytest.raises(CheckerError, match=r"^\.\./\.checker\.yaml:1: `selct` is not known here"):
        request("")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "select:\n- env/*\n- env/secretvalue\n",
            ":3: no rule matches `env/secretvalue`: did you mean `env/secret-value`?",
        ),
        ("ignore: privilegd\n", ":1: no rule matches `privilegd`: did you mean `kubernetes/privileged`?"),
        ("\nprofile: strct\n", ":2: there is no profile `strct`: did you mean `strict`?"),
        ("severity:\n  privileged: low\n", ":2: there is no rule `privileged`: did you mean `kubernetes/privileged`?"),
        (
            "parameters:\n  kubernetes/memory-limit-missing:\n    exemt: []\n",
            ":3: there is no parameter of kubernetes/memory-limit-missing `exemt`: did you mean `exempt`?",
        ),
        (
            "parameters:\n  kubernetes/memory-limit-missing:\n    exempt: x\n",
            ":3: parameter exempt of kubernetes/memory-limit-missing is no array",
        ),
        ("parameters:\n  env/a: {}\n", ":2: there is no rule `env/a`: did you mean `env/secret-value`?"),
    ],
)
def test_name_that_does_not_exist_is_told_with_file_line_and_the_nearest_one(text: str, message: str) -> None:
    configure(text)
    with pytest.raises(CheckerError) as error:
        request("")
    assert str(error.value) == f".checker.yaml{message}"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("--config a --no-config", "--config and --no-config exclude each other"),
        ("--config missing.yaml", "missing.yaml: cannot be read: No such file or directory"),
        ("--root missing", "--root missing: is no folder"),
        ("--kind env", "--kind and --stdin-name describe standard input: give - as a path"),
        ("- --kind evn", "there is no kind `evn`: did you mean `env`?"),
        ("- --max-file-size 3", "standard input is larger than 3 bytes: raise --max-file-size"),
    ],
)
def test_contradictions_are_refused(line: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Env:
        KIND = "env"

    monkeypatch.setattr(normalizers, "NORMALIZERS", (Env,))
    with pytest.raises(CheckerError) as error:
        request(line, b"KEY=value")
    assert str(error.value) == message


def test_standard_input_is_scanned_beside_paths() -> None:
    assert request("-", b"x").standard_input == StandardInput(b"x", None, "stdin")
    assert request("-", b"x").paths == ()
    both = request("a - --stdin-name deploy/web.yaml", b"x")
    assert (both.paths, both.standard_input) == (("a",), StandardInput(b"x", None, "deploy/web.yaml"))


def test_rules_are_listed_a_line_each() -> None:
    assert commands.rules(CATALOG, "*", "text") == (
        "kubernetes/privileged            critical  Container runs privileged\n"
        "kubernetes/memory-limit-missing  medium    Container has no memory limit\n"
        "env/secret-value                 high      Env file holds a secret\n"
    )
    assert commands.rules(CATALOG, "env/*", "text") == "env/secret-value  high      Env file holds a secret\n"


def test_rules_are_listed_for_machines() -> None:
    listed: list[dict[str, Any]] = json.loads(commands.rules(CATALOG, "*/memory*", "json"))
    assert listed == [
        {
            "id": "kubernetes/memory-limit-missing",
            "title": "Container has no memory limit",
            "severity": "medium",
            "category": "resources",
            "enabled": "default",
            "description": "Without a limit one leak takes its neighbours down.",
            "remediation": "Set `resources.limits.memory`, for example to `256Mi`.",
            "references": [],
            "implied_by": [],
            "frameworks": {},
            "equivalents": {},
            "parameters": {
                "exempt": {
                    "type": "array",
                    "default": ["istio-proxy"],
                    "description": "Names of containers that need none.",
                }
            },
        }
    ]


def test_pattern_that_matches_no_rule_is_refused() -> None:
    with pytest.raises(CheckerError, match=r"^no rule matches `secret`: did you mean `env/secret-value`\?$"):
        commands.rules(CATALOG, "secret", "text")


def test_rule_is_explained_by_its_page(tmp_path: Path) -> None:
    folder = tmp_path / "privileged"
    folder.mkdir()
    bundle = Bundle(CATALOG, b"", {f"policies/{PRIVILEGED.id}/privileged.rego": folder / "privileged.rego"})
    (folder / "README.md").write_text("# The page\n", encoding="utf-8")
    assert commands.explain(bundle, PRIVILEGED.id) == "# The page\n"


def test_rule_without_a_page_is_explained_by_its_metadata() -> None:
    bundle = Bundle(CATALOG, b"", {})
    assert commands.explain(bundle, SECRET.id) == (
        "# Env file holds a secret\n\n`env/secret-value` · high · secrets\n\n"
        "Whoever reads the repository reads the secret.\n\n"
        "## What to do\n\nTake it from a secret store, and change it.\n\n"
        "## References\n\n- <https://12factor.net/config>\n"
    )
    assert "## References" not in commands.explain(bundle, MEMORY.id)


def test_rule_that_does_not_exist_is_refused() -> None:
    with pytest.raises(CheckerError, match=r"^there is no rule `privileged`: did you mean `kubernetes/privileged`\?$"):
        commands.explain(Bundle(CATALOG, b"", {}), "privileged")
