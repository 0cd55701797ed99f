"""Tests what is sent to GitHub, and what becomes of each answer, over real sockets."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Callable, Sequence
from typing import NamedTuple

import pytest

from checker import __version__
from checker.errors import CheckerError
from checker.upload.github import GitHub
from checker.upload.patience import Patience
from checker.upload.revision import Target
from tests.upload.fake_github import (
    ACCEPTED,
    COMPLETE,
    PATH,
    PENDING,
    REPOSITORY,
    TOKEN,
    Answer,
    FakeTime,
    answer,
    reset,
    serving,
    truncated,
)

COMMIT = "0123456789abcdef0123456789abcdef01234567"
REF = "refs/heads/main"
PACKED = gzip.compress(b"{}")


class Told(NamedTuple):
    """What became of a delivery: its errors or the exception, what was told, how long it paused, methods and paths."""

    outcome: tuple[str, ...] | str
    lines: list[str]
    pauses: list[float]
    asked: list[str]


def delivered(script: Sequence[Answer], timeout: int = 300) -> Told:
    time, lines = FakeTime(), list[str]()
    with serving(script) as server:
        host = server.url.removeprefix("http://")
        client = GitHub(
            Target(server.url, REPOSITORY, REF, COMMIT), TOKEN, Patience(timeout, lines.append, time.clock())
        )
        outcome: tuple[str, ...] | str
        try:
            outcome = client.errors(client.upload(PACKED, "checker"))
        except CheckerError as error:
            outcome = str(error).replace(host, "HOST")
        asked = [f"{one.method} {one.path}" for one in server.requests]
        assert {one.headers["Authorization"] for one in server.requests} == {f"Bearer {TOKEN}"}
    lines = [line.replace(host, "HOST") for line in lines]
    assert TOKEN not in str((outcome, lines))
    return Told(outcome, lines, time.pauses, asked)


@pytest.fixture(autouse=True)
def _no_jitter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let jitter be the least possible delay of what is asked for, and none of what is not."""
    monkeypatch.setattr("random.uniform", lambda low, high: low if low == 0 else high)


def test_results_are_sent_and_waited_for() -> None:
    with serving([ACCEPTED]) as server:
        client = GitHub(Target(server.url, REPOSITORY, REF, COMMIT), TOKEN, Patience(9, print, FakeTime().clock()))
        assert client.upload(PACKED, "checker") == "47177e22"
    (request,) = server.requests
    assert request.body == {
        "commit_sha": COMMIT,
        "ref": REF,
        "sarif": base64.b64encode(PACKED).decode(),
        "tool_name": "checker",
    }
    assert (request.method, request.path) == ("POST", PATH)
    assert {name: request.headers[name] for name in ("Accept", "User-Agent", "X-GitHub-Api-Version")} == {
        "Accept": "application/vnd.github+json, application/json",
        "User-Agent": f"checker/{__version__}",
        "X-GitHub-Api-Version": "2022-11-28",
    }


def test_processing_is_asked_for_at_the_api_until_it_is_complete() -> None:
    poll = f"GET {PATH}/47177e22"
    told = delivered([ACCEPTED, PENDING, PENDING, PENDING, PENDING, PENDING, COMPLETE])
    assert told == Told((), [], [1, 2, 4, 8, 8], [f"POST {PATH}", *[poll] * 6])


def test_id_of_a_delivery_leads_to_no_other_path() -> None:
    told = delivered([answer(202, {"id": "../../x?y"}), COMPLETE])
    assert told.asked[1] == f"GET {PATH}/..%2F..%2Fx%3Fy"


def test_errors_of_processing_are_the_outcome() -> None:
    failed = answer(200, {"processing_status": "failed", "errors": ["no rule `x`", f"bad {TOKEN}"]})
    assert delivered([ACCEPTED, failed]).outcome == ("no rule `x`", "bad ***")
    assert delivered([ACCEPTED, answer(200, {"processing_status": "failed", "errors": None})]).outcome == (
        "GitHub gives no reason",
    )


REFUSALS = {
    "bad request": (
        answer(400, {"message": f"Bad ref {TOKEN}\x1b[31m"}),
        "GitHub refuses the request (400): Bad ref ***\\x1b[31m",
    ),
    "unknown token": (
        answer(401, {"message": "Bad credentials"}),
        (
            "GitHub does not accept the token (401): Bad credentials:"
            " it is wrong, has expired, or belongs to another GitHub than HOST"
        ),
    ),
    "no licence": (
        answer(403, {"message": "Advanced Security must be enabled"}),
        (
            "GitHub forbids the upload (403): Advanced Security must be enabled:"
            " the token needs `security-events: write` (a token of a person: `security_events`),"
            " and the repository code scanning:"
            " private ones need GitHub Code Security, archived ones take nothing"
        ),
    ),
    "requests left": (
        answer(403, {"message": ""}, X_RateLimit_Remaining="4999", X_RateLimit_Reset="1800000010"),
        (
            "GitHub forbids the upload (403): the token needs `security-events: write`"
            " (a token of a person: `security_events`), and the repository code scanning:"
            " private ones need GitHub Code Security, archived ones take nothing"
        ),
    ),
    "no repository": (
        answer(404, {"message": "Not Found"}),
        (
            "GitHub knows no such repository, or the token has no access to it (404): Not Found:"
            " see --repository, --api-url and what the token may read"
        ),
    ),
    "too large": (
        answer(413, "<html>"),
        "the results are too large for the server (413): scan fewer folders at once, with a --category for each",
    ),
    "invalid": (
        answer(422, {"message": "Invalid", "errors": [{"message": "a"}, {"code": "b"}, "c"]}),
        "GitHub refuses the results (422): Invalid; a; c",
    ),
    "another server": (
        answer(200, "<html>"),
        "HOST answers 200, which GitHub's API does not: see --api-url",
    ),
    "status of nobody": (
        answer(299, []),
        "HOST answers 299, which GitHub's API does not: see --api-url",
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_refusal_is_not_tried_again_and_says_what_to_do(name: str) -> None:
    script, sentence = REFUSALS[name]
    assert delivered([script]) == Told(sentence, [], [], [f"POST {PATH}"])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_not_followed_and_carries_no_token(status: int) -> None:
    with serving([]) as other:
        told = delivered([answer(status, None, Location=f"{other.url}{PATH}")])
        assert other.requests == []
    there = other.url.removeprefix("http://")
    assert told.outcome == (
        f"HOST redirects to {there} ({status}), and the token is sent nowhere else:"
        " was the repository renamed? See --repository and --api-url"
    )


LIMITS = {
    "seconds": (answer(429, {}, Retry_After="7"), 429, 7),
    "date": (answer(429, {}, Retry_After="Fri, 15 Jan 2027 08:00:09 GMT"), 429, 9),
    "date that is over": (answer(429, {}, Retry_After="Fri, 15 Jan 2021 08:00:09 GMT"), 429, 0),
    "no time": (answer(429, {}), 429, 60),
    "rubbish": (answer(429, {}, Retry_After="soon"), 429, 60),
    "reset": (answer(403, {}, X_RateLimit_Remaining="0", X_RateLimit_Reset="1800000010"), 403, 10),
    "reset unknown": (answer(403, {}, X_RateLimit_Remaining="0"), 403, 60),
    "secondary": (answer(403, {}, Retry_After="3"), 403, 3),
}


@pytest.mark.parametrize("name", LIMITS)
def test_limit_is_waited_for_as_long_as_github_asks(name: str) -> None:
    limit, status, pause = LIMITS[name]
    told = delivered([limit, ACCEPTED, COMPLETE])
    assert told[:3] == ((), [f"HOST limits requests ({status}): trying again in {pause} s"], [pause])


LOST: dict[str, tuple[Callable[..., None], str]] = {
    "trouble": (answer(503, {}), "HOST is in trouble (503)"),
    "bad gateway": (answer(502, "<html>"), "HOST is in trouble (502)"),
    "truncated": (truncated, "the connection to HOST was lost"),
    "reset": (reset, "the connection to HOST was lost"),
    "rubbish": (answer(202, "{{{"), "the answer of HOST cannot be read"),
    "no object": (answer(202, ["id"]), "the answer of HOST cannot be read"),
    "no id": (answer(202, {}), "the answer of HOST cannot be read"),
}


@pytest.mark.parametrize("name", LOST)
def test_lost_answer_is_asked_for_again_later_each_time(name: str) -> None:
    fault, reason = LOST[name]
    told = delivered([fault, fault, fault, ACCEPTED, COMPLETE])
    lines = [f"{reason}: trying again in {pause} s" for pause in (1, 2, 4)]
    assert told == Told((), lines, [1, 2, 4], [f"POST {PATH}"] * 4 + [f"GET {PATH}/47177e22"])


def test_server_in_trouble_may_say_when_to_come_back() -> None:
    told = delivered([answer(503, {}, Retry_After="20"), ACCEPTED, COMPLETE])
    assert told.lines == ["HOST is in trouble (503): trying again in 20 s"]


def test_attempts_end_with_the_timeout() -> None:
    fault = answer(500, {})
    told = delivered([fault] * 4, timeout=10)
    assert (told.outcome, told.pauses) == (
        "HOST is in trouble (500), and --timeout 10 leaves no time to try again in 8 s",
        [1, 2, 4],
    )


def test_limit_beyond_the_timeout_is_not_waited_for() -> None:
    told = delivered([answer(429, {}, Retry_After="3600")], timeout=300)
    assert told[:3] == (
        "HOST limits requests (429), and --timeout 300 leaves no time to try again in 3600 s",
        [],
        [],
    )


def test_processing_is_not_waited_for_beyond_the_timeout() -> None:
    told = delivered([ACCEPTED, PENDING, PENDING, PENDING], timeout=6)
    assert (told.outcome, told.pauses) == (
        "GitHub took the results in, but has not processed them within --timeout 6: raise it, or give --no-wait",
        [1, 2],
    )


def test_server_that_nobody_runs_is_a_lost_connection() -> None:
    with serving([]) as gone:
        pass
    client = GitHub(Target(gone.url, REPOSITORY, REF, COMMIT), TOKEN, Patience(2, print, FakeTime().clock()))
    with pytest.raises(CheckerError, match=r"the connection to 127\.0\.0\.1:\d+ was lost, and --timeout 2 leaves"):
        client.upload(PACKED, "checker")


def test_pauses_of_jobs_that_failed_together_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    pauses = {delivered([answer(500, {}), ACCEPTED, COMPLETE]).pauses[0] for _ in range(3)}
    assert len(pauses) == 3
    assert all(0.5 <= pause <= 1 for pause in pauses)
