"""Tests `checker upload` from the command line to the socket."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from checker import cli
from checker.formats import Options, sarif
from tests.reports import MIXED
from tests.upload.fake_github import ACCEPTED, COMPLETE, PATH, REPOSITORY, TOKEN, answer, serving

COMMIT = "0123456789abcdef0123456789abcdef01234567"
PLACE = f"results for refs/heads/main of {REPOSITORY}, commit 0123456789ab"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_API_URL", "GITHUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    environment = {"GH_TOKEN": TOKEN, "GITHUB_REF": "refs/heads/main", "GITHUB_SHA": COMMIT}
    for name, value in {**environment, "GITHUB_REPOSITORY": REPOSITORY}.items():
        monkeypatch.setenv(name, value)
    Path("log.sarif").write_text("".join(sarif.render(MIXED, Options())), encoding="utf-8")

    def run_it(*arguments: str, file: str = "log.sarif") -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            cli.main(["upload", file, *arguments])
        out, err = capsys.readouterr()
        assert TOKEN not in out + err
        assert isinstance(end.value.code, int)
        return end.value.code, out, err

    return run_it


LEFT_OUT = "checker: log.sarif: 1 suppressed result is left out: GitHub would open alerts for them\n"


def test_results_are_sent_without_what_is_suppressed_and_the_file_stays(run: Run) -> None:
    before = Path("log.sarif").read_bytes()
    with serving([ACCEPTED, COMPLETE]) as server:
        ended = run("--api-url", server.url, "--category", "deploy")
    count = len([one for one in MIXED.findings if one.suppression is None])
    assert ended == (0, f"GitHub has processed {count} {PLACE}.\n", LEFT_OUT)
    (sending, _) = server.requests
    log = json.loads(gzip.decompress(base64.b64decode(sending.body["sarif"])))
    (sent,) = log["runs"]
    assert (sent["automationDetails"], len(sent["results"])) == ({"id": "deploy/"}, count)
    assert {name: sending.body[name] for name in ("commit_sha", "ref", "tool_name")} == {
        "commit_sha": COMMIT,
        "ref": "refs/heads/main",
        "tool_name": "checker",
    }
    assert sending.headers["Authorization"] == f"Bearer {TOKEN}"
    assert Path("log.sarif").read_bytes() == before


def test_processing_is_not_waited_for_where_nobody_wants_it(run: Run) -> None:
    with serving([ACCEPTED]) as server:
        code, out, _ = run("--api-url", server.url, "--no-wait")
    count = len([one for one in MIXED.findings if one.suppression is None])
    assert (code, out) == (0, f"GitHub has taken in {count} {PLACE}, as delivery 47177e22.\n")


def test_results_that_github_cannot_process_end_with_one(run: Run) -> None:
    failed = answer(200, {"processing_status": "failed", "errors": ["a", "b\x1b[31m"]})
    with serving([ACCEPTED, failed]) as server:
        code, out, err = run("--api-url", server.url)
    lines = [f"checker: GitHub could not process the results: {error}\n" for error in ("a", "b\\x1b[31m")]
    assert (code, out, err) == (1, "", LEFT_OUT + "".join(lines))


def test_results_that_cannot_be_sent_end_with_two(run: Run) -> None:
    with serving([answer(422, {"message": "no"})]) as server:
        assert run("--api-url", server.url) == (2, "", f"{LEFT_OUT}checker: GitHub refuses the results (422): no\n")


def test_time_is_limited(run: Run) -> None:
    with serving([answer(429, {}, Retry_After="5")]) as server:
        code, _, err = run("--api-url", server.url, "--timeout", "2")
    assert code == 2
    assert "limits requests (429), and --timeout 2 leaves no time to try again in " in err


def test_token_of_the_job_counts_before_that_of_the_client(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", " first\n")
    with serving([ACCEPTED]) as server:
        run("--api-url", server.url, "--no-wait")
    assert server.requests[0].headers["Authorization"] == "Bearer first"
    assert server.requests[0].path == PATH


@pytest.mark.parametrize("token", ["", " \n"])
def test_nothing_is_sent_without_a_token(run: Run, monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    monkeypatch.setenv("GH_TOKEN", token)
    assert run() == (2, "", "checker: there is no token: set GITHUB_TOKEN (or GH_TOKEN) in the environment\n")


@pytest.mark.parametrize("token", ["two\nlines", "two words", "ümlaut"])
def test_token_that_no_header_takes_is_refused_and_not_shown(
    run: Run, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", token)
    assert run() == (2, "", "checker: the token in the environment has characters that no token has\n")


def test_netrc_does_not_replace_the_token(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login other password other\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with serving([ACCEPTED]) as server:
        run("--api-url", server.url, "--no-wait")
    assert server.requests[0].headers["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    ("content", "reason"),
    [("{", "is no SARIF"), ("[" * 100_000, "is no SARIF"), ("{}", "is no SARIF"), ('{"runs": []}', "has no runs")],
)
def test_file_that_is_no_sarif_is_refused(run: Run, content: str, reason: str) -> None:
    Path("bad.sarif").write_text(content, encoding="utf-8")
    assert run(file="bad.sarif") == (2, "", f"checker: bad.sarif: {reason}\n")


def test_file_that_is_not_there_is_refused(run: Run) -> None:
    assert run(file="none.sarif") == (2, "", "checker: none.sarif: cannot be read: No such file or directory\n")


def test_token_is_no_option(run: Run) -> None:
    code, _, err = run("--token", "x")
    assert (code, err.splitlines()[-1]) == (2, "checker: error: unrecognized arguments: --token x")
