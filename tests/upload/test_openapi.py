"""Uploads to a server that answers by GitHub's own description of its API, and refuses what does not fit it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from checker import cli
from tests.reports import MIXED
from tests.services import answers, eventually, free_ports, running
from tests.upload.fake_github import PATH, REPOSITORY, TOKEN

COLLECTION = "/repos/{owner}/{repo}/code-scanning/sarifs"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def cut(description: Any) -> Any:
    """Return the part of a description that is about uploads, with what it refers to."""
    paths = {path: description["paths"][path] for path in (COLLECTION, f"{COLLECTION}/{{sarif_id}}")}
    components: dict[str, dict[str, Any]] = {}
    waiting: list[Any] = [paths]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()
            reference = value.get("$ref")
            if isinstance(reference, str):
                _, _, section, name = reference.split("/")
                if name not in components.setdefault(section, {}):
                    components[section][name] = description["components"][section][name]
                    waiting.append(components[section][name])
    return {"openapi": description["openapi"], "info": description["info"], "paths": paths, "components": components}


@pytest.fixture(scope="module")
def api(program: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run the server, and return its address."""
    prism = program("prism")
    packages = prism.resolve().parents[3]
    folder = tmp_path_factory.mktemp("openapi")
    whole = packages / "@octokit" / "openapi" / "generated" / "api.github.com.json"
    (folder / "api.json").write_text(json.dumps(cut(json.loads(whole.read_bytes()))))
    (port,) = free_ports(1)
    url, log = f"http://127.0.0.1:{port}", folder / "log"
    command = [str(prism), "mock", "--errors", "--port", str(port), str(folder / "api.json")]
    with running(command, log) as process:
        eventually(answers(f"{url}{PATH}/1", process, log), "prism")
        yield url


def test_what_is_sent_fits_githubs_description(
    api: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from checker.formats import Options, sarif

    monkeypatch.chdir(tmp_path)
    Path("results.sarif").write_text("".join(sarif.render(MIXED, Options())), encoding="utf-8")
    for name, value in {"GITHUB_TOKEN": TOKEN, "GITHUB_API_URL": api, "GITHUB_REPOSITORY": REPOSITORY}.items():
        monkeypatch.setenv(name, value)
    arguments = ["upload", "results.sarif", "--commit", COMMIT, "--ref", "refs/heads/main", "--category", "deploy"]
    with pytest.raises(SystemExit) as exit_:
        cli.main(arguments)
    told = capsys.readouterr()
    assert (exit_.value.code, told.err) == (
        0,
        "checker: results.sarif: 1 suppressed result is left out: GitHub would open alerts for them\n",
    )
    assert TOKEN not in told.out


@pytest.mark.parametrize("lacking", ["commit_sha", "ref", "sarif"])
def test_what_does_not_fit_the_description_is_refused(api: str, lacking: str) -> None:
    body = {"commit_sha": COMMIT, "ref": "refs/heads/main", "sarif": "H4sI", "tool_name": "checker"}
    assert requests.post(f"{api}{PATH}", json=body, timeout=30).status_code == 202
    del body[lacking]
    assert requests.post(f"{api}{PATH}", json=body, timeout=30).status_code == 400
