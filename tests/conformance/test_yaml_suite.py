"""Holds the YAML reader to the YAML test suite, where libyaml and Kubernetes' own parser do the same."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml as pyyaml

from checker.errors import InputError
from checker.syntax.yaml import parse, split
from checker.text import Text

DEVIATIONS: dict[str, str] = json.loads((Path(__file__).parent / "yaml_suite_deviations.json").read_text("utf-8"))
"""Reasons by the name of the case: `ABCD-0` is the first case of ABCD.yaml."""


@dataclass(frozen=True)
class Case:
    """Holds one case of the suite: `documents` is None where the suite gives no JSON."""

    name: str
    text: str
    fails: bool
    documents: list[Any] | None


def visible(text: str) -> str:
    """Return the text that the suite writes with visible signs for white space."""
    text = re.sub("—*»", "\t", text).replace("␣", " ").replace("←", "\r").replace("⇔", "\ufeff").replace("↵", "")
    return text.replace("∎\n", "").replace("∎", "")


def json_documents(text: str) -> Iterator[Any]:
    decoder, offset = json.JSONDecoder(), 0
    while (rest := text[offset:].lstrip()) != "":
        value, length = decoder.raw_decode(rest)
        offset = len(text) - len(rest) + length
        yield value


def cases(folder: Path) -> Iterator[Case]:
    """Yield the cases; what a case of a file leaves out is that of the one before."""
    for path in sorted((folder / "src").glob("*.yaml")):
        known: Mapping[str, str] = {}
        for number, given in enumerate(pyyaml.load(path.read_text("utf-8"), Loader=pyyaml.CBaseLoader)):  # noqa: S506 - strings only
            known = {key: value for key, value in known.items() if key != "fail"} | given
            documents = list(json_documents(known["json"])) if "json" in known else None
            yield Case(f"{path.stem}-{number}", visible(known["yaml"]), "fail" in known, documents)


def read(value: str) -> list[Any] | InputError:
    text = Text.decode(value.encode())
    try:
        parsed = [parse(text, span) for span in split(text)]
    except InputError as error:
        return error
    return [one.data for one in parsed if one is not None]


def complaint(case: Case) -> str | None:
    """Return how our answer differs from the suite's, or None where it does not."""
    found = read(case.text)
    if case.fails:
        return None if isinstance(found, InputError) else "is accepted"
    if isinstance(found, InputError):
        return found.reason if case.documents is not None else None
    if case.documents is None or json.dumps(found, sort_keys=True) == json.dumps(case.documents, sort_keys=True):
        return None
    return "is read as something else"


def test_every_case_is_read_as_the_suite_says_or_the_reason_is_known(corpus: Callable[[str], Path]) -> None:
    found = {case.name: complaint(case) for case in cases(corpus("yaml-test-suite"))}
    assert len(found) == 406
    assert {name for name, reason in found.items() if reason is not None} == set(DEVIATIONS)


def test_the_table_of_deviations_tells_why() -> None:
    assert [name for name, reason in DEVIATIONS.items() if len(reason.split()) < 4] == []


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (Case("x", "a: 1", fails=False, documents=[{"a": 1}]), None),
        (Case("x", "a: 1", fails=False, documents=[{"a": 2}]), "is read as something else"),
        (Case("x", "a: 1", fails=True, documents=None), "is accepted"),
        (Case("x", "a: [", fails=False, documents=[1]), "is not YAML: did not find expected node content"),
    ],
)
def test_a_wrong_answer_is_complained_of(case: Case, expected: str | None) -> None:
    assert complaint(case) == expected
