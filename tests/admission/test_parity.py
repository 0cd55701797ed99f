"""Tests that an object gets at admission the findings that it gets in a file, under both engines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from checker import bundles
from checker.admission import Admission, Decision, wording
from checker.config import AdmissionSettings, ModeEntry, Settings
from checker.engines import Engine
from checker.engines.opa import OpaEngine, Server
from checker.engines.wasm import WasmEngine
from checker.model import Document, Finding, Selection
from checker.normalizers import kubernetes
from checker.request import ScanRequest
from checker.scan import scan
from tests.admission.reviews import NOW, response, review
from tests.documents import documents

FIXTURES = Path(__file__).parent.parent.parent / "fixtures" / "kubernetes"
BUNDLE = bundles.builtin()
EVERYTHING = AdmissionSettings((ModeEntry("deny"),), templates="deny", budget=25.0)
"""What makes an answer name every finding."""


@pytest.fixture(scope="module", name="in_files")
def _in_files() -> dict[tuple[str, str], list[Finding]]:
    """Return the findings of all fixtures by file and object."""
    report = scan(
        ScanRequest(
            partial(WasmEngine, BUNDLE),
            BUNDLE.catalog,
            (str(FIXTURES),),
            root=FIXTURES,
            settings=Settings(profiles=("strict",)),
        )
    )
    found = defaultdict(list)
    for finding in report.findings:
        if finding.kind == kubernetes.KIND and finding.rule.startswith("kubernetes/"):
            found[finding.path, finding.identity].append(finding)
    return found


@pytest.fixture(scope="module", name="objects")
def _objects() -> dict[tuple[str, str], list[Document]]:
    """Return the objects of all fixtures by file and identity: what is in one file twice is judged twice."""
    found = defaultdict(list)
    for document in documents(FIXTURES):
        found[document.source.path, document.identity].append(document)
    return found


@pytest.fixture(scope="module", params=["wasm", "opa"], name="decide")
def _decide(request: pytest.FixtureRequest) -> Iterator[Callable[[Document], Decision]]:
    """Return what decides about an object under an engine, and names every finding however many there are."""
    url = request.getfixturevalue("opa_server") if request.param == "opa" else ""

    def open_engine(selection: Selection) -> Engine:
        return OpaEngine(BUNDLE, selection, [Server(url)]) if url else WasmEngine(BUNDLE, selection)

    decider = Admission(BUNDLE, Settings(admission=EVERYTHING), open_engine)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wording, "MAX_CAUSES", 1000)
        yield lambda document: decider.decide(review(document.data), "strict", NOW)
    decider.close()


def test_every_fixture_gets_the_findings_of_a_scan(
    decide: Callable[[Document], Decision],
    in_files: dict[tuple[str, str], list[Finding]],
    objects: dict[tuple[str, str], list[Document]],
) -> None:
    assert in_files.keys() <= objects.keys()
    for where, same in objects.items():
        decisions = [decide(document) for document in same]
        assert {one.failure for one in decisions} == {None}, where
        answers = [response(one) for one in decisions]
        causes = [cause for one in answers if not one["allowed"] for cause in one["status"]["details"]["causes"]]
        scanned = in_files.get(where, [])
        assert sorted((one["reason"], one["field"]) for one in causes) == sorted(
            (one.rule, wording.field(one.node)) for one in scanned
        ), where
        assert sorted(one["message"] for one in causes) == sorted(one.message for one in scanned), where


def test_every_fixture_has_the_identity_and_the_names_of_its_file(
    in_files: dict[tuple[str, str], list[Finding]], objects: dict[tuple[str, str], list[Document]]
) -> None:
    for where, same in objects.items():
        for document in same:
            judged = kubernetes.document_of(document.data, document.source.text.value)
            assert (judged.identity, judged.data, judged.secrets) == (
                document.identity,
                document.data,
                document.secrets,
            )
            for finding in in_files.get(where, []):
                assert judged.locator.name(finding.node) == document.locator.name(finding.node)
