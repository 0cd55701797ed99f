"""Writes requests to the entry point of a kind, and reads its answers without trusting them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from checker.engines import Evaluation, Result
from checker.model import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from checker.model import JSON, Rule, SecretMark, Selection

PROJECT: Final = "project"


class AnswerError(Exception):
    """Says in one clause why there is no answer, quoting nothing of the document.

    `concerns_rule` tells whether other rules might answer where all together did not, `out_of_time` whether there would
    have been an answer later.
    """

    def __init__(self, reason: str, *, concerns_rule: bool = True, out_of_time: bool = False) -> None:
        super().__init__(reason)
        self.concerns_rule = concerns_rule
        self.out_of_time = out_of_time


def request(
    rules: Iterable[Rule], selection: Selection, document: JSON, secrets: Sequence[SecretMark], *, facts: bool
) -> JSON:
    """Return what the entry point of a kind is asked."""
    ids = [rule.id for rule in rules]
    return {
        "document": document,
        "rules": dict.fromkeys(ids, True),
        "parameters": {name: selection.parameters[name] for name in ids if name in selection.parameters},
        "secrets": [{"path": mark.path, "type": mark.type} for mark in secrets],
        "facts": facts,
    }


def read(answer: Any, rules: Iterable[Rule], path: str, revision: str) -> Evaluation:
    """Return the results of the rules that an answer `{revision, rules: {id: results}, facts}` gives, sorted.

    A rule that is absent or whose results have another shape is a problem of `path`; raises `AnswerError` where no
    rule can be read off the answer.
    """
    if not isinstance(answer, dict) or not isinstance(answer.get("rules"), dict):
        message = "the answer is of no known shape"
        raise AnswerError(message)
    if answer.get("revision") != revision:
        message = "the answer comes from other policies"
        raise AnswerError(message)
    facts = answer.get("facts")
    if not isinstance(facts, list):
        message = "the answer holds no facts"
        raise AnswerError(message)
    results: list[Result] = []
    problems = []
    for rule in rules:
        found = _results(rule, answer["rules"].get(rule.id))
        if found is None:
            reason = "gave no answer" if rule.id not in answer["rules"] else "gave results of a wrong shape"
            problems.append(Problem(path, f"rule {rule.id} {reason}"))
        else:
            results += found
    return Evaluation(tuple(sorted(results, key=_order)), tuple(sorted(facts, key=_text)), tuple(problems))


def objects(answer: Any) -> frozenset[str] | None:
    """Return the objects that an answer says its document is, None where it says nothing that is understood."""
    found = answer.get("objects") if isinstance(answer, dict) else None
    if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
        return None
    return frozenset(found)


def _results(rule: Rule, found: Any) -> list[Result] | None:
    if not isinstance(found, list):
        return None
    keys = {"path", "message", "document"} if rule.kind == PROJECT else {"path", "message"}
    if not all(isinstance(item, dict) and item.keys() == keys and _is_result(item) for item in found):
        return None
    return [Result(rule.id, tuple(item["path"]), item["message"], item.get("document", "")) for item in found]


def _is_result(item: Mapping[str, Any]) -> bool:
    path = item["path"]
    return (
        isinstance(item["message"], str)
        and isinstance(item.get("document", ""), str)
        and isinstance(path, list)
        and all(isinstance(key, str) or type(key) is int for key in path)
    )


def _order(result: Result) -> tuple[Any, ...]:
    return result.rule, result.document, [(isinstance(key, str), key) for key in result.path], result.message


def _text(fact: JSON) -> str:
    return json.dumps(fact, sort_keys=True)
