"""Tests that a log holds one JSON object a line, and nothing of what was asked about."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from checker.server import logs
from tests.admission.reviews import UID, decide, pod, review


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    handlers, level = logging.root.handlers[:], logging.root.level
    written = io.StringIO()
    logs.configure(written)
    yield written
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_object_with_its_fields(stream: io.StringIO) -> None:
    logging.getLogger(logs.NAME).info("serving", extra={"revision": "ab", "seconds": 1.5})
    (event,) = lines(stream)
    time = event.pop("time")
    assert len(time) == len("2026-01-02T03:04:05.678Z")
    assert time.endswith("Z")
    assert event == {"level": "info", "message": "serving", "revision": "ab", "seconds": 1.5}


def test_a_decision_is_told_without_its_object(stream: io.StringIO) -> None:
    secret = "zK8mP2vQ9xL4wN7rT3"
    environment = [{"name": "DATABASE_PASSWORD", "value": secret}]
    body = review(pod({"security": {"privileged": True}, "env": environment}), name="web")
    logs.decided(decide(body), 0.0012345678)
    (event,) = lines(stream)
    del event["time"]
    assert event == {
        "level": "info",
        "message": "decided",
        "uid": UID,
        "operation": "CREATE",
        "version": "v1",
        "kind": "Pod",
        "namespace": "shop",
        "object": "web",
        "dry_run": False,
        "profile": "default",
        "outcome": "deny",
        "allowed": False,
        "denied_by": event["denied_by"],
        "findings": event["findings"],
        "seconds": 0.001235,
    }
    assert "kubernetes/privileged" in event["denied_by"]
    assert secret not in stream.getvalue()


def test_what_could_not_be_judged_is_a_warning_with_its_reason(stream: io.StringIO) -> None:
    logs.decided(decide(b"{"), 0.001)
    (event,) = lines(stream)
    assert (event["level"], event["failure"], event["allowed"]) == ("warning", "bad-body", False)
    assert event["reason"]


def test_an_exception_is_told_without_its_message(stream: io.StringIO) -> None:
    try:
        int("hunter2")
    except ValueError:
        logging.getLogger("some.library").exception("could not send %s", "hunter2")
    (event,) = lines(stream)
    assert (event["level"], event["message"]) == ("error", "some.library tells of a fault")
    assert event["exception"] == "ValueError"
    assert event["at"].rpartition(":")[0] == __file__
    assert "hunter2" not in stream.getvalue()


@pytest.mark.parametrize("value", ["\ud800", "a\nb", "\x00", "\u2028", "{}"])
def test_any_text_stays_on_its_line(stream: io.StringIO, value: str) -> None:
    logging.getLogger(logs.NAME).error("refused", extra={"reason": value})
    (event,) = lines(stream)
    assert event["reason"] == value


def test_a_long_text_is_cut_and_a_strange_value_is_named(stream: io.StringIO) -> None:
    logging.getLogger(logs.NAME).error("refused", extra={"reason": "x" * 5000, "what": object()})
    (event,) = lines(stream)
    assert (event["reason"], event["what"]) == (f"{'x' * 2000}…", "object")


def test_libraries_are_heard_only_when_something_is_wrong(stream: io.StringIO) -> None:
    logging.getLogger("some.library").info("a request came")
    assert lines(stream) == []


@pytest.mark.parametrize(
    "value",
    [
        "\ud800",
        "a\nb\r\u2028\u0085",
        "\x00\x1b[2J",
        '"}',
        "𝄞é",
        "x" * 2000,
        ["\udfff", ("\n",)],
        {"a": "\n"},
        None,
        1.5,
    ],
    ids=repr,
)
def test_any_value_stays_in_its_line(stream: io.StringIO, value: Any) -> None:
    logging.getLogger(logs.NAME).info("serving", extra={"value": value})
    (line,) = stream.getvalue().split("\n")[:-1]
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["value"] == json.loads(json.dumps(value))


def test_long_texts_are_cut(stream: io.StringIO) -> None:
    logging.getLogger(logs.NAME).info("serving", extra={"value": ["x" * 2001], "reason": "y" * 10**7})
    (event,) = lines(stream)
    assert (event["value"], event["reason"]) == (["x" * 2000 + "…"], "y" * 2000 + "…")


def test_what_has_no_json_is_told_by_its_type(stream: io.StringIO) -> None:
    logging.getLogger(logs.NAME).info("serving", extra={"value": {1, 2}})
    assert lines(stream)[0]["value"] == "set"
