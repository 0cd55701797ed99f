"""Tests what the command line and the configuration become."""

from __future__ import annotations

import io
from pathlib import Path
from unittest import mock

import pytest

from checker import bundles, commands, compiler, normalizers
from checker.arguments import parser
from checker.bundles import Bundle
from checker.catalog import Catalog
from checker.config import Settings
from checker.engines.opa import Server
from checker.errors import CheckerError
from checker.model import Selection
from checker.request import ScanRequest, StandardInput
from tests.reports import CATALOG

SELECTION = Selection(())
COMPILED = Bundle(Catalog(CATALOG.revision, CATALOG.rules), b"compiled", {})


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bundles, "builtin", lambda: Bundle(CATALOG, b"", {}))


def request(line: str, stdin: bytes = b"") -> ScanRequest:
    return commands.request(parser().parse_args(["scan", *line.split()]), io.BytesIO(stdin))


def write_bundle(folder: Path) -> None:
    folder.mkdir()
    bundles.write(COMPILED, folder)


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
        ("--policies missing", "missing: is not a folder of policies"),
        ("--opa-url http://localhost:8181", "--opa-url does nothing with --engine wasm"),
        ("--engine opa", "--engine opa: needs --opa-url"),
        ("--engine opa --evaluation-memory 1M", "--evaluation-memory does nothing with --engine opa"),
        ("--engine opa --opa-url x --opa-key y", "--opa-key: needs --opa-certificate"),
        ("--engine opa --opa-url x --opa-token-file missing", "--opa-token-file missing: is no file"),
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


def test_own_policies_are_compiled_with_the_built_in_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    both = Bundle(CATALOG, b"both", {})

    def load(folders: list[Path], base: Bundle) -> Bundle:
        assert (folders, base) == ([Path("own")], bundles.builtin())
        return both

    Path("own").mkdir()
    monkeypatch.setattr(compiler, "load", load)
    assert commands.policies(["own"]) == both


def test_compiled_policies_stand_for_themselves(tmp_path: Path) -> None:
    write_bundle(tmp_path / "a")
    assert commands.policies(["a"]) == COMPILED
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "digest").touch()
    with pytest.raises(CheckerError, match=r"^a and b are both compiled: compile their sources together$"):
        commands.policies(["a", "b"])


def test_own_policies_are_written_as_a_bundle(tmp_path: Path) -> None:
    write_bundle(tmp_path / "a")
    told = commands.compile_bundle(["a"], "b")
    assert told == "Compiled 3 rules into b: scan with `--policies b`.\n"
    assert commands.policies(["b"]) == COMPILED
    Path("file").touch()
    with pytest.raises(CheckerError, match=r"^file: cannot be written: (File exists|Not a directory)$"):
        commands.compile_bundle(["a"], "file")


def test_engine_gets_its_bounds() -> None:
    with mock.patch("checker.engines.wasm.WasmEngine") as engine:
        request("--evaluation-memory 1M --evaluation-time 5").open_engine(SELECTION)
        request("").open_engine(SELECTION)
    bundle = bundles.builtin()
    assert engine.call_args_list == [
        mock.call(bundle, SELECTION, memory=2**20, seconds=5.0),
        mock.call(bundle, SELECTION, memory=2**30, seconds=30.0),
    ]


def test_server_is_reached_as_the_options_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text("from-file\n", encoding="utf-8")
    (tmp_path / "ca.pem").touch()
    monkeypatch.setenv("CHECKER_OPA_TOKEN", "from-environment")
    with mock.patch("checker.engines.opa.OpaEngine") as engine:
        request("--engine opa --opa-url https://opa --opa-ca ca.pem").open_engine(SELECTION)
        request("--engine opa --opa-url http://opa --opa-token-file token --opa-insecure").open_engine(SELECTION)
        request("--engine opa --opa-url https://a --opa-url https://b --opa-url https://a").open_engine(SELECTION)
    assert [call.kwargs["servers"] for call in engine.call_args_list] == [
        (Server("https://opa", "from-environment", authorities="ca.pem"),),
        (Server("http://opa", "from-file", insecure=True),),
        (Server("https://a", "from-environment"), Server("https://b", "from-environment")),
    ]
