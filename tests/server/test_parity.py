"""Tests that the running server answers each object of the fixtures as the decision does, under both engines."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from checker import bundles
from checker.admission import Admission
from checker.config import AdmissionSettings, ModeEntry, Settings
from checker.engines import Engine
from checker.engines.opa import OpaEngine, Server
from checker.engines.wasm import WasmEngine
from checker.model import Document, Selection
from checker.normalizers import kubernetes
from tests.admission.reviews import NOW, review
from tests.documents import documents
from tests.server.served import JSON, ask, serving
from tests.services import eventually

if TYPE_CHECKING:
    import trustme

FIXTURES = Path(__file__).parent.parent.parent / "fixtures" / "kubernetes"
BUNDLE = bundles.builtin()
EVERYTHING = AdmissionSettings((ModeEntry("deny"),), templates="deny", budget=25.0)


@pytest.fixture(scope="module", name="objects")
def _objects() -> list[Document]:
    return [one for one in documents(FIXTURES) if one.kind == kubernetes.KIND]


def admission(open_engine: Callable[[Selection], Engine]) -> Admission:
    return Admission(BUNDLE, Settings(admission=EVERYTHING), open_engine)


@pytest.mark.parametrize("engine", ["wasm", "opa"])
def test_every_object_gets_through_the_server_the_answer_of_the_decision(
    tmp_path: Path, authority: trustme.CA, objects: list[Document], request: pytest.FixtureRequest, engine: str
) -> None:
    """That this answer holds the findings of a scan is tested in tests/admission/test_parity.py."""
    decider = admission(partial(WasmEngine, BUNDLE))
    servers = [Server(request.getfixturevalue("opa_server"))] if engine == "opa" else []
    served_by = admission(partial(OpaEngine, BUNDLE, servers=servers)) if servers else decider
    with (
        closing(decider),
        closing(served_by),
        serving(tmp_path, authority, served_by) as served,
        closing(served.client.open()) as connection,
    ):
        eventually(lambda: served.client.ask("GET", "/readyz").status == 200, "a server that is ready")
        for document in objects:
            body = review(document.data)
            reply = ask(connection, "POST", "/validate/strict?timeout=30s", body, JSON)
            decision = decider.decide(body, "strict", NOW)
            assert (decision.failure, reply.status, reply.body) == (None, 200, decision.body), document.id
