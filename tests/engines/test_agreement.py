"""Holds both engines to one answer, over every fixture and every way to spoil one key of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import pytest
from requests import HTTPError

from checker import bundles, entrypoints
from checker.engines import Evaluation, answers, compiled, uploads
from checker.engines.answers import AnswerError
from checker.engines.wasm import MEMORY
from checker.model import JSON, Rule, Selection
from tests.documents import documents

if TYPE_CHECKING:
    from checker.bundles import Bundle
    from checker.engines.module import Host

FIXTURES: Final = Path(__file__).parent.parent.parent / "fixtures"
BATCH: Final = 400
BATCH_RULE: Final = """package {root}_batch["{kind}"]

answers[i] := answer if {{
	some i, request in input
	answer := data.{root}.entrypoints["{kind}"].answer with input as request
}}
"""


@dataclass(frozen=True, slots=True)
class Question:
    """Asks for some rules of one kind over one document."""

    origin: str
    kind: str
    rules: tuple[Rule, ...]
    request: JSON
    spoiled: bool = False
    """Whether builtins may fail: a spoiled document may have a shape that no normalizer gives."""


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return bundles.builtin()


def spoiled(node: Any) -> Iterator[Any]:
    """Yield a node without each of its keys in turn, with null, and with a value of another type there; deeply."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield {other: item for other, item in node.items() if other != key}
            for wrong in (None, other_type(value)):
                yield {**node, key: wrong}
            for inner in spoiled(value):
                yield {**node, key: inner}
    elif isinstance(node, list):
        for index, value in enumerate(node):
            for inner in spoiled(value):
                yield [*node[:index], inner, *node[index + 1 :]]


def other_type(value: Any) -> Any:
    """Return a value of another JSON type."""
    return 7 if isinstance(value, str) else "x" if isinstance(value, (int, dict)) else {"x": 1}


def questions(bundle: Bundle) -> Iterator[Question]:
    """Yield every document with all rules of its kind, and spoiled with the rule whose fixture it is."""
    rules = bundle.catalog.rules
    nothing = Selection(())
    for folder in sorted(FIXTURES.glob("*/*")):
        name = f"{folder.parent.name}/{folder.name}"
        for one in documents(folder) if name in rules or folder.parent.name == "projects" else ():
            every = tuple(rule for rule in rules.values() if rule.kind == one.kind)
            if one.kind not in bundle.catalog.kinds:
                continue
            request = answers.request(every, nothing, one.data, one.secrets, facts=True)
            yield Question(one.id, one.kind, every, request)
            own = tuple(rule for rule in every if rule.id == name)
            for index, data in enumerate(spoiled(one.data) if own else ()):
                request = answers.request(own, nothing, data, one.secrets, facts=False)
                yield Question(f"{one.id}, spoiled {index}", one.kind, own, request, spoiled=True)


def batches(asked: list[Question]) -> Iterator[list[Question]]:
    """Yield questions of one kind, all spoiled or none, so many at a time."""
    for kind, spoilt in sorted({(question.kind, question.spoiled) for question in asked}):
        same = [question for question in asked if (question.kind, question.spoiled) == (kind, spoilt)]
        yield from (same[start : start + BATCH] for start in range(0, len(same), BATCH))


@pytest.fixture(scope="module")
def client(opa_server: str, bundle: Bundle) -> Iterator[Any]:
    from opa_client import OpaClient

    port = urlsplit(opa_server).port
    with OpaClient(host="127.0.0.1", port=port, timeout=60) as one:
        for kind in bundle.catalog.kinds:
            uploads.upload(one, bundle, kind)
        root = uploads.root(bundle.catalog.revision)
        for kind in bundle.catalog.kinds:
            one.update_policy_from_string(BATCH_RULE.format(root=root, kind=kind), f"batch/{kind}", rego_compat=False)
        yield one


def by_wasm(host: Host, bundle: Bundle, batch: list[Question]) -> list[Evaluation]:
    """Return what the module answers."""
    instance = host.instantiate()
    found = []
    for question in batch:
        content = json.dumps(question.request).encode()
        result = json.loads(instance.evaluate(entrypoints.path(question.kind), content, 30))[0]["result"]
        found.append(answers.read(result, question.rules, question.origin, bundle.catalog.revision))
    instance.close()
    return found


def by_opa(client: Any, bundle: Bundle, batch: list[Question]) -> list[Evaluation]:
    """Return what the server answers; a builtin that fails on what a fixture is, fails the test."""
    path = f"{uploads.root(bundle.catalog.revision)}_batch/{batch[0].kind}/answers"
    requests = {str(index): question.request for index, question in enumerate(batch)}
    strictness = {"strict-builtin-errors": "false" if batch[0].spoiled else "true"}
    try:
        result = client.query_rule(requests, path, query_params=strictness)["result"]
    except HTTPError as error:
        pytest.fail(
            f"{batch[0].origin} … {batch[-1].origin}: {error.response is not None and error.response.text[:700]}"
        )
    revision = bundle.catalog.revision
    return [
        answers.read(result.get(str(index)), question.rules, question.origin, revision)
        for index, question in enumerate(batch)
    ]


def test_both_engines_answer_alike_whatever_is_spoiled(bundle: Bundle, client: Any) -> None:
    asked = list(questions(bundle))
    host = compiled.host(bundle.module, bundle.digest, MEMORY)
    differing = []
    speaking = set()
    for batch in batches(asked):
        try:
            pairs = zip(batch, by_wasm(host, bundle, batch), by_opa(client, bundle, batch), strict=True)
        except AnswerError as error:
            pytest.fail(f"{batch[0].kind}: {error}")
        for question, wasm, opa in pairs:
            speaking |= {result.rule for result in wasm.results}
            if wasm != opa or (wasm.problems and not question.spoiled):
                differing.append((question.origin, wasm, opa))
    host.close()
    assert differing == []
    assert {rule.id for rule in bundle.catalog.rules.values() if rule.kind != answers.PROJECT} - speaking == set()
