from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from checker import bundles, catalog, compiler
from checker.compiler import program as programs
from checker.engines.wasm import WasmEngine
from checker.errors import CheckerError
from checker.model import Parameter, Rule
from tests.rules import METADATA, document, everything, rule, write

if TYPE_CHECKING:
    from checker.bundles import Bundle

DENY = 'deny contains {"path": [], "message": "m"} if input.a'
GOOD = rule("env/own-rule", DENY)
FACTS = "package policies.env.facts\n\nfacts contains 1\n"


@pytest.fixture
def compile_files(program: Callable[[str], Path], tmp_path: Path) -> Callable[..., Bundle]:
    def run(files: dict[str, str], base: Bundle | None = None) -> Bundle:
        return compiler.compile_policies([write(tmp_path / "own", files)], base, program("opa"))

    return run


def refusal(compile_files: Callable[..., Bundle], files: dict[str, str], base: Bundle | None = None) -> str:
    """Return why policies are refused."""
    with pytest.raises(CheckerError) as caught:
        compile_files(files, base)
    return str(caught.value)


def test_own_rules_run_beside_the_built_in_ones(compile_files: Callable[..., Bundle]) -> None:
    base = bundles.builtin()
    both = compile_files({"env/own-rule": GOOD}, base)
    assert set(both.catalog.rules) == {*base.catalog.rules, "env/own-rule"}
    assert both.catalog.profiles["default"].rules == tuple(
        sorted({*base.catalog.profiles["default"].rules, "env/own-rule"})
    )
    engine = WasmEngine(both, everything(both, "env/own-rule"))
    found = engine.evaluate(document({"a": 1}))
    engine.close()
    assert [result.message for result in found.results] == ["m"]


def test_metadata_becomes_a_rule(compile_files: Callable[..., Bundle]) -> None:
    metadata = (
        "objects: [b, a]\nimplied_by: [env/other]\nframeworks:\n  cis: ['1.1']\nequivalents:\n  trivy: [DS-1]\n"
        "parameters:\n  words:\n    type: array\n    default: [x]\n    description: The words that are wrong."
    )
    library = "package policies.lib.env\n\nobjects := set()\n"
    bundle = compile_files({"env/own-rule": rule("env/own-rule", DENY, metadata=metadata), "lib/env/env.rego": library})
    assert bundle.catalog.rules == {
        "env/own-rule": Rule(
            id="env/own-rule",
            kind="env",
            name="own-rule",
            title="Something is wrong with the document",
            description="A rule that exists to be compiled, with a description that is long enough.",
            severity="low",
            enabled="default",
            category="configuration",
            remediation="Write something else instead.",
            objects=("a", "b"),
            implied_by=("env/other",),
            frameworks={"cis": ("1.1",)},
            equivalents={"trivy": ("DS-1",)},
            parameters={"words": Parameter("array", ["x"], "The words that are wrong.")},
        )
    }


def test_compiling_twice_gives_the_same_bytes(compile_files: Callable[..., Bundle]) -> None:
    files = {"env/own-rule": GOOD, "env/facts/facts.rego": FACTS}
    first, second = compile_files(files), compile_files(files)
    assert (first.module, catalog.dump(first.catalog)) == (second.module, catalog.dump(second.catalog))


def with_body(body: str, extra: str = "") -> dict[str, str]:
    """Return a rule of some body."""
    return {"env/own-rule": rule("env/own-rule", body, extra=extra)}


FORBIDDEN = ("http.send({})", "opa.runtime()", 'rand.intn("a", 3)', "time.now_ns()", 'sprintf("%d", [1])', 'trace("a")')
OTHER = rule("env/other", DENY)


@pytest.mark.parametrize(
    ("files", "where", "reason"),
    [
        (with_body("deny contains 1 if {"), "own-rule.rego:14", "unexpected eof token"),
        (with_body("deny contains missing if true"), "own-rule.rego:13", "var missing is unsafe"),
        (with_body('deny contains {"path": [p], "message": "m"} if p := q\n\nq := p\n\np := q'), ":15", "recursive"),
        *(
            (with_body(f"deny contains x if x := {call}"), "own-rule.rego:13", "undefined function")
            for call in FORBIDDEN
        ),
        ({"env/own-rule": f'package policies.env["own-rule"]\n\n{DENY}\n'}, "own-rule.rego:1", "has no METADATA"),
        ({"env/own-rule": OTHER}, "own-rule.rego:9", "the package is that of the folder policies/env/other"),
        ({"pasta/own-rule": rule("pasta/own-rule", DENY)}, ":9", "there is no kind `pasta`, only dockerfile, env"),
        ({"env/own-rule": GOOD.replace("low", "grave")}, ":5", "custom.severity: 'grave' is not one of"),
        ({"env/own-rule": GOOD.replace("low", "[")}, "own-rule.rego:", "yaml"),
        ({"env/own-rule": GOOD.replace("#   category: configuration\n", "")}, ":", "'category' is a required property"),
        (with_body('deny := {"path": []}'), "own-rule.rego:13", "has no set `deny`"),
        (with_body("allow if input.a"), "own-rule.rego:9", "has no set `deny`"),
        (with_body("deny contains x if x := data.system.x"), ":13", "refers to `data.system`, which rules do not get"),
        (with_body("deny contains x if x := data[input.a]"), ":13", "refers to `data` as a whole"),
        (with_body("deny contains x if x := data"), ":13", "refers to `data` as a whole"),
        (
            with_body("deny contains x if x := policies.a", "import data.policies"),
            ":11",
            "refers to `data.policies` as",
        ),
        (with_body("deny contains x if x := data[`policies`].lib"), ":13", "in a way that cannot be renamed"),
        (
            {"env/own-rule": rule("env/own-rule", DENY, metadata="objects: [a]")},
            ":10",
            "names objects, but policies/lib",
        ),
        (
            {
                "env/own-rule": rule(
                    "env/own-rule",
                    DENY,
                    metadata="parameters:\n  a:\n    type: array\n    default: 1\n    description: Something to tune.",
                )
            },
            ":",
            "custom.parameters.a: the default is not of type array",
        ),
        ({"env/facts/facts.rego": "package policies.env.facts\n\na := 1\n"}, "facts.rego:1", "has no set `facts`"),
        ({"env/a/b/c.rego": "package policies.env.a.b\n"}, "c.rego:1", "lies neither in <kind>/<rule> nor in"),
        ({"profiles/own.yaml": "rules: [", "env/own-rule": GOOD}, "own.yaml:1", "is not YAML"),
        ({"profiles/own.yaml": "rules: []", "env/own-rule": GOOD}, "own.yaml:1", ""),
        (
            {"profiles/own.yaml": "description: d\nrules: [x]", "env/own-rule": GOOD},
            "own.yaml:1",
            "no rule matches `x`",
        ),
    ],
)
def test_a_policy_that_cannot_be_used_is_refused_with_file_and_line(
    compile_files: Callable[..., Bundle], files: dict[str, str], where: str, reason: str, tmp_path: Path
) -> None:
    message = refusal(compile_files, files)
    assert message.startswith(str(tmp_path / "own"))
    assert where in message
    assert reason in message


@pytest.mark.parametrize("file", ["privileged", "other"])
def test_an_id_that_is_taken_is_refused(compile_files: Callable[..., Bundle], file: str) -> None:
    text = rule("kubernetes/privileged", DENY)
    message = refusal(compile_files, {f"kubernetes/privileged/{file}.rego": text}, bundles.builtin())
    assert "privileged" in message
    assert "is there already" in message or "the id kubernetes/privileged is taken" in message


def test_a_folder_that_is_not_there_is_refused(program: Callable[[str], Path], tmp_path: Path) -> None:
    with pytest.raises(CheckerError, match="is not a folder of policies"):
        compiler.compile_policies([tmp_path / "none"], None, program("opa"))


def test_without_opa_the_error_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CHECKER_OPA", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CheckerError, match=r"needs the program `opa` 1\.12 or newer .* download it from https://"):
        programs.find()


def test_policies_that_were_compiled_before_need_no_opa(
    program: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "cache"))
    monkeypatch.setenv("CHECKER_OPA", str(program("opa")))
    own = write(tmp_path / "own", {"env/own-rule": GOOD})
    first = compiler.load([own], bundles.builtin())
    monkeypatch.setattr(programs, "find", lambda: pytest.fail("asked for opa"))
    second = compiler.load([own], bundles.builtin())
    assert (second.catalog, second.module, second.sources) == (first.catalog, first.module, first.sources)


@pytest.mark.parametrize("script", ["#!/bin/sh\necho Version: 1.11.9\n", "#!/bin/sh\nexit 3\n", "no program"])
def test_an_opa_that_is_too_old_or_none_is_refused(tmp_path: Path, script: str) -> None:
    executable = tmp_path / "opa"
    executable.write_text(script, "utf-8")
    executable.chmod(0o755)
    with pytest.raises(CheckerError, match="download it from https://"):
        compiler.compile_policies([write(tmp_path / "own", {"env/own-rule": GOOD})], None, executable)


def test_a_bundle_needs_no_opa(compile_files: Callable[..., Bundle], tmp_path: Path) -> None:
    made = compile_files({"env/own-rule": GOOD, "env/facts/facts.rego": FACTS, "profiles/mine.yaml": PROFILE})
    bundles.write(made, tmp_path / "bundle")
    read = bundles.read(tmp_path / "bundle")
    assert (read.catalog, read.module, read.sources) == (made.catalog, made.module, made.sources)
    assert [bundles.is_bundle(tmp_path / name) for name in ("bundle", "own")] == [True, False]
    profile = read.catalog.profiles["mine"]
    assert (profile.rules, profile.report_implied) == (("env/own-rule",), True)


PROFILE = "description: Mine.\nrules: [env/*]\nenabled: [default]\nimplied: report\n"


@pytest.mark.parametrize("name", ["policies.wasm", "catalog.json", "policies/env/own-rule/own-rule.rego"])
def test_a_bundle_that_was_changed_is_refused(compile_files: Callable[..., Bundle], tmp_path: Path, name: str) -> None:
    bundles.write(compile_files({"env/own-rule": GOOD}), tmp_path / "bundle")
    path = tmp_path / "bundle" / name
    path.write_bytes(path.read_bytes() + b" ")
    if name == "catalog.json":  # the same catalog in other bytes is the same catalog
        content = json.loads(path.read_bytes())
        content["rules"][0]["severity"] = "critical"
        path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(CheckerError, match="is not a complete bundle: compile it again"):
        bundles.read(tmp_path / "bundle")


def test_a_folder_with_nothing_in_it_is_no_bundle(tmp_path: Path) -> None:
    (tmp_path / "digest").touch()
    with pytest.raises(CheckerError, match="catalog"):
        bundles.read(tmp_path)


def test_policies_without_rules_give_no_module(compile_files: Callable[..., Bundle]) -> None:
    made = compile_files({"lib/one/one.rego": f"{METADATA.split('custom')[0].rstrip('# ')}package policies.lib.one\n"})
    assert (made.module, made.catalog.rules) == (b"", {})
