from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from checker import compiler
from checker.bundles import Bundle
from checker.engines import Evaluation, Result
from checker.engines.wasm import WasmEngine
from checker.model import Problem, SecretMark, Selection
from tests.rules import document, everything, rule, write

FINDING = "import data.policies.lib.finding"
LIBRARY = 'package policies.lib.finding\n\nat(path, message) := {"path": path, "message": message}\n'
RULES = {
    "lib/finding/finding.rego": LIBRARY,
    "lib/env/env.rego": "package policies.lib.env\n\nobjects contains input.kind\n",
    "env/facts/facts.rego": "package policies.env.facts\n\n"
    'facts contains {"type": "key", "path": [k]} if some k, _ in input\n',
    "env/named": rule(
        "env/named",
        'deny contains finding.at([k], $"{k} is named {data.parameters["env/named"].name}") if {\n'
        '\tsome k, v in input\n\tv == data.parameters["env/named"].name\n}',
        metadata="parameters:\n  name:\n    type: string\n    default: x\n    description: The name that is wrong.",
        extra=FINDING,
    ),
    "env/secret": rule(
        "env/secret",
        "deny contains finding.at(mark.path, mark.type) if some mark in data.secrets",
        extra=FINDING,
    ),
    "env/widget": rule(
        "env/widget", 'deny contains finding.at([], "is a widget") if true', metadata="objects: [widget]", extra=FINDING
    ),
    "env/shapeless": rule("env/shapeless", 'deny contains "text" if input.shapeless'),
    "env/slow": rule(
        "env/slow",
        'deny contains {"path": [], "message": "slow"} if {\n\tinput.slow\n\tsome a in numbers.range(1, 20000)\n'
        "\tsome b in numbers.range(1, 20000)\n\ta * b == 0 - 1\n}",
    ),
    "env/large": rule(
        "env/large",
        'deny contains {"path": [], "message": "large"} if {\n\tinput.large\n'
        "\tcount([[a, b] | some a in numbers.range(1, 3000); some b in numbers.range(1, 3000)]) == 0\n}",
    ),
    "env/conflict": rule(
        "env/conflict",
        'deny contains {"path": [], "message": value} if value := word\n\nword := input.conflict[_]',
    ),
    "project/twice": rule(
        "project/twice",
        'deny contains {"document": d.id, "path": f.path, "message": "is there"} if {\n'
        "\tsome d in input.documents\n\tsome f in d.facts\n}",
    ),
}


@pytest.fixture(scope="module")
def bundle(program: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    folder = write(tmp_path_factory.mktemp("rules"), RULES)
    return compiler.compile_policies([folder], None, program("opa"))


@pytest.fixture
def engine(bundle: Bundle) -> Iterator[Callable[..., WasmEngine]]:
    opened: list[WasmEngine] = []

    def make(*ids: str, selection: Selection | None = None, **options: Any) -> WasmEngine:
        opened.append(WasmEngine(bundle, selection or everything(bundle, *ids), **options))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def test_a_rule_reads_the_default_of_its_parameter(engine: Callable[..., WasmEngine]) -> None:
    found = engine("env/named").evaluate(document({"b": "x", "a": "x", "c": "y"}))
    assert found == Evaluation(
        (Result("env/named", ("a",), "a is named x"), Result("env/named", ("b",), "b is named x")), (), ()
    )


def test_a_configured_parameter_takes_the_place_of_the_default(
    engine: Callable[..., WasmEngine], bundle: Bundle
) -> None:
    selection = everything(bundle, "env/named", env__named={"name": "y"})
    found = engine(selection=selection).evaluate(document({"b": "x", "c": "y"}))
    assert found == Evaluation((Result("env/named", ("c",), "c is named y"),))


def test_a_rule_sees_the_marks_of_secrets_without_their_values(engine: Callable[..., WasmEngine]) -> None:
    mark = SecretMark(("a", 0), "token", "invented-value")
    found = engine("env/secret").evaluate(document({"a": ["invented-value"]}, secrets=(mark,)))
    assert found == Evaluation((Result("env/secret", ("a", 0), "token"),))


@pytest.mark.parametrize(
    ("data", "results"), [({"kind": "widget"}, (Result("env/widget", (), "is a widget"),)), ({"kind": "x"}, ())]
)
def test_a_rule_for_some_objects_leaves_others_alone(
    engine: Callable[..., WasmEngine], data: Any, results: tuple[Result, ...]
) -> None:
    assert engine("env/widget").evaluate(document(data)) == Evaluation(results)


def test_facts_are_read_where_a_project_rule_is_selected(engine: Callable[..., WasmEngine]) -> None:
    facts = ({"path": ["a"], "type": "key"}, {"path": ["b"], "type": "key"})
    both = engine("project/twice")
    assert both.evaluate(document({"b": 1, "a": 2})) == Evaluation(facts=facts)
    assert engine("env/secret").evaluate(document({"b": 1, "a": 2})) == Evaluation()
    found = both.evaluate_project([{"id": "a.env", "kind": "env", "source": "a.env", "facts": list(facts)}])
    results = (Result("project/twice", (key,), "is there", "a.env") for key in "ab")
    assert found == Evaluation(tuple(results))


def test_a_kind_without_rules_costs_nothing(engine: Callable[..., WasmEngine]) -> None:
    assert engine("env/named").evaluate(document({}, "kubernetes")) == Evaluation(applies=False)


def test_a_result_of_a_wrong_shape_costs_that_rule_only(engine: Callable[..., WasmEngine]) -> None:
    found = engine("env/named", "env/shapeless").evaluate(document({"shapeless": True, "a": "x"}))
    assert found == Evaluation(
        (Result("env/named", ("a",), "a is named x"),),
        (),
        (Problem("a.env", "rule env/shapeless gave results of a wrong shape"),),
    )


def test_a_rule_that_contradicts_itself_costs_that_rule_only(engine: Callable[..., WasmEngine]) -> None:
    found = engine("env/conflict", "env/named").evaluate(document({"conflict": ["s3cret", "t0ken"], "a": "x"}))
    assert found.results == (Result("env/named", ("a",), "a is named x"),)
    (problem,) = found.problems
    assert problem.reason.startswith("rule env/conflict: stops: policies/env/conflict/conflict.rego:")
    assert "s3cret" not in problem.reason


def test_a_rule_that_takes_too_long_costs_that_rule_only(engine: Callable[..., WasmEngine]) -> None:
    found = engine("env/named", "env/slow", seconds=0.2).evaluate(document({"slow": True, "a": "x"}))
    assert found.results == (Result("env/named", ("a",), "a is named x"),)
    (problem,) = found.problems
    assert problem.reason == "rule env/slow: takes more time than it may"


def test_time_that_is_given_for_one_document_is_for_all_rules_together(engine: Callable[..., WasmEngine]) -> None:
    found = engine("env/named", "env/slow").evaluate(document({"slow": True, "a": "x"}), 0.2)
    assert found == Evaluation(problems=(Problem("a.env", "takes more time than it may"),), out_of_time=True)
    found = engine("env/named", "env/slow", seconds=0.1).evaluate(document({"slow": True, "a": "x"}), 5.0)
    assert found == Evaluation(problems=(Problem("a.env", "takes more time than it may"),), out_of_time=True)


def test_a_rule_that_needs_too_much_memory_costs_that_rule_only(engine: Callable[..., WasmEngine]) -> None:
    found = engine("env/large", "env/named", memory=32 * 2**20).evaluate(document({"large": True, "a": "x"}))
    assert found == Evaluation(
        (Result("env/named", ("a",), "a is named x"),),
        (),
        (Problem("a.env", "rule env/large: needs more than 32 MiB of memory"),),
    )


def test_a_document_larger_than_the_memory_is_a_problem_of_each_rule(engine: Callable[..., WasmEngine]) -> None:
    found = engine("env/named", memory=8 * 2**20).evaluate(document({"a": "s3cret" * 2_000_000}))
    assert found == Evaluation(problems=(Problem("a.env", "rule env/named: needs more than 8 MiB of memory"),))


@pytest.mark.parametrize("data", [{"a": float("nan")}, {"a": object()}])
def test_a_document_that_is_no_json_is_a_problem(engine: Callable[..., WasmEngine], data: Any) -> None:
    (problem,) = engine("env/named").evaluate(document(data)).problems
    assert problem.reason.startswith("the document cannot be given to rules (")


def test_a_document_that_is_nested_without_end_is_a_problem(engine: Callable[..., WasmEngine]) -> None:
    data: Any = {}
    for _ in range(100_000):
        data = {"a": data}
    (problem,) = engine("env/named").evaluate(document(data)).problems
    assert problem.reason == "the document cannot be given to rules (RecursionError)"
    while data:  # what Python frees by recursion must be taken apart
        data = data["a"]


def test_text_outside_of_unicode_reaches_the_rule(engine: Callable[..., WasmEngine]) -> None:
    data = json.loads(r'{"\ud83d\ude00é": "x"}')
    assert engine("env/named").evaluate(document(data)).results == (Result("env/named", ("😀é",), "😀é is named x"),)


def test_large_documents_leave_no_large_memory_behind(engine: Callable[..., WasmEngine]) -> None:
    one = engine("env/named")
    one.evaluate(document({"a": "y" * 40_000_000}))
    assert one._idle == []  # noqa: SLF001 - memory is not seen otherwise
    one.evaluate(document({"a": "y"}))
    assert len(one._idle) == 1  # noqa: SLF001 - memory is not seen otherwise


def test_threads_evaluate_at_the_same_time_and_agree(engine: Callable[..., WasmEngine]) -> None:
    one = engine("env/named")
    answers: list[Evaluation] = []
    barrier = threading.Barrier(4)

    def work() -> None:
        barrier.wait()
        answers.extend(one.evaluate(document({f"k{i}": "x" for i in range(20)})) for _ in range(20))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 80
    assert set(map(repr, answers)) == {repr(one.evaluate(document({f"k{i}": "x" for i in range(20)})))}


def test_answers_of_other_policies_are_problems(bundle: Bundle) -> None:
    mixed = Bundle(bundle.catalog._replace(revision="0" * 32), bundle.module, bundle.files)
    one = WasmEngine(mixed, everything(bundle, "env/named"))
    found = one.evaluate(document({}))
    one.close()
    assert found == Evaluation(problems=(Problem("a.env", "rule env/named: the answer comes from other policies"),))


def test_a_rule_that_the_module_lacks_is_a_problem(engine: Callable[..., WasmEngine], bundle: Bundle) -> None:
    (named,) = everything(bundle, "env/named").rules
    unknown = named._replace(id="env/unknown", name="unknown")
    found = engine(selection=Selection((named, unknown))).evaluate(document({"a": "x"}))
    assert found == Evaluation(
        (Result("env/named", ("a",), "a is named x"),), (), (Problem("a.env", "rule env/unknown gave no answer"),)
    )
