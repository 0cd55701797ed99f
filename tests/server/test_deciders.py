"""Tests that a request is answered in its time and as the failure table says, however many there are."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from checker.admission import Admission
from checker.config import AdmissionSettings
from checker.engines.wasm import WasmEngine
from tests.admission.reviews import UID, admission
from tests.server.served import GOOD, JSON, Reply, Served, serving
from tests.services import PATIENCE, eventually

if TYPE_CHECKING:
    import trustme

ALLOWED = AdmissionSettings(failures={"overload": "allow", "time": "allow", "evaluation": "allow"}, budget=25.0)


class Gate:
    """Keeps everything that a server is to evaluate waiting until it is opened."""

    def __init__(self, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
        eventually(lambda: served.client.ask("GET", "/readyz").status == 200, "a server that is ready")
        self.open = threading.Event()
        self.begun = threading.Semaphore(0)
        evaluate = WasmEngine.evaluate

        def evaluate_later(*arguments: Any) -> Any:
            self.begun.release()
            assert self.open.wait(PATIENCE)
            return evaluate(*arguments)

        monkeypatch.setattr(WasmEngine, "evaluate", evaluate_later)


def failures(replies: Sequence[Reply]) -> list[str]:
    annotations = [json.loads(reply.body)["response"]["auditAnnotations"] for reply in replies]
    return sorted(one.get("failure", "") for one in annotations)


def opened(served: Served, gate: Gate) -> Reply:
    """Let what waits through, and ask again."""
    gate.open.set()
    eventually(lambda: served.client.review().verdict == (True, ""), "the usual answer")
    return served.client.review()


@pytest.mark.parametrize(
    ("settings", "verdict"),
    [
        (AdmissionSettings(budget=25.0), (False, "too many requests wait to be judged")),
        (ALLOWED, (True, "not judged: too many requests wait to be judged")),
    ],
)
def test_what_finds_no_room_to_wait_is_answered_at_once(
    tmp_path: Path,
    authority: trustme.CA,
    monkeypatch: pytest.MonkeyPatch,
    settings: AdmissionSettings,
    verdict: tuple[bool, str],
) -> None:
    decider = admission(settings)
    with serving(tmp_path, authority, decider, queue=2) as served, ThreadPoolExecutor(8) as pool:
        gate = Gate(served, monkeypatch)
        first = pool.submit(served.client.review)
        assert gate.begun.acquire(timeout=PATIENCE)
        others = [pool.submit(served.client.review) for _ in range(5)]
        eventually(lambda: sum(one.done() for one in others) == 3, "three answers")
        refused = [one.result() for one in others if one.done()]
        assert [(one.status, one.verdict) for one in refused] == [(200, verdict)] * 3
        assert {json.loads(one.body)["response"]["uid"] for one in refused} == {UID}
        gate.open.set()
        waited = [one.result() for one in (first, *others) if one.result() not in refused]
        assert [one.verdict for one in waited] == [(True, "")] * 3
    decider.close()


def test_waiting_counts_as_time(
    tmp_path: Path, authority: trustme.CA, decider: Admission, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(tmp_path, authority, decider) as served, ThreadPoolExecutor(8) as pool:
        gate = Gate(served, monkeypatch)
        path = "/validate?timeout=300ms"
        replies = [one.result() for one in [pool.submit(served.client.review, GOOD, path) for _ in range(4)]]
        assert [one.verdict for one in replies] == [(False, "no time is left to judge the object")] * 4
        assert failures(replies) == ["time: no time is left to judge the object"] * 4
        assert opened(served, gate).verdict == (True, "")


def test_what_nobody_waits_for_any_more_still_counts_as_waiting(
    tmp_path: Path, authority: trustme.CA, decider: Admission, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(tmp_path, authority, decider, queue=1) as served:
        gate = Gate(served, monkeypatch)
        path = "/validate?timeout=100ms"
        replies = [served.client.review(path=path) for _ in range(4)]
        assert failures(replies) == [
            "overload: too many requests wait to be judged",
            "overload: too many requests wait to be judged",
            "time: no time is left to judge the object",
            "time: no time is left to judge the object",
        ]
        assert opened(served, gate).verdict == (True, "")


def test_a_fault_in_here_is_answered_as_the_failure_table_says(
    tmp_path: Path, authority: trustme.CA, decider: Admission, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Any:
        raise MemoryError

    with serving(tmp_path, authority, decider) as served:
        with monkeypatch.context() as patch:
            patch.setattr(Admission, "decide", broken)
            assert served.client.review().verdict == (False, "the rules give no answer")
        assert served.client.review().verdict == (True, "")


def test_bodies_beyond_what_is_held_are_answered_as_an_overload(
    tmp_path: Path, authority: trustme.CA, decider: Admission, monkeypatch: pytest.MonkeyPatch
) -> None:
    from checker.server import bodies

    monkeypatch.setattr(bodies, "MAX_HELD", len(GOOD) + 100)
    with serving(tmp_path, authority, decider) as served:
        for large in (GOOD + b" " * 200, iter([GOOD, b" " * 200])):
            reply = served.client.ask("POST", "/validate", large, JSON)
            assert (reply.status, reply.verdict) == (200, (False, "too many requests wait to be judged"))
        assert served.client.review().verdict == (True, "")
        assert served.client.review().verdict == (True, "")
