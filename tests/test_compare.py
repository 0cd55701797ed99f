"""Tests comparisons with a baseline and with git's history, from the command line."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from checker import cli

if TYPE_CHECKING:
    from collections.abc import Callable


POD = """\
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  hostNetwork: true
  containers:
    - {name: c, image: 'i:1'}
"""
SHARED = "kubernetes/host-namespace-shared"
PRIVILEGED = "kubernetes/privileged"


def git(*arguments: str) -> str:
    identity = ("-c", "user.name=ana", "-c", "user.email=ana@example.com", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *identity, *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int | str | None, str, str]]:
    monkeypatch.chdir(tmp_path)

    def main(*arguments: str) -> tuple[int | str | None, str, str]:
        with pytest.raises(SystemExit) as exit_:
            cli.main(arguments)
        written = capfd.readouterr()
        return exit_.value.code, written.out, written.err

    return main


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a repository with a pod on its branch `main`, and stand in it on a branch of its own."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    git("init", "-q", "-b", "main")
    Path("pod.yaml").write_text(POD, encoding="utf-8")
    git("add", ".")
    git("commit", "-q", "-m", "Begin")
    git("switch", "-q", "-c", "change")
    return tmp_path


def states(out: str) -> dict[tuple[str, str], bool]:
    return {(one["path"], one["rule"]): one["known"] for one in json.loads(out)["findings"]}


def test_baseline_lets_in_what_it_holds_and_tells_what_is_fixed(run: Any) -> None:
    Path("pod.yaml").write_text(POD, encoding="utf-8")
    code, out, err = run("baseline")
    count = len(json.loads(Path("checker-baseline.json").read_bytes())["findings"])
    assert (code, out, err) == (0, f"Wrote {count} findings to checker-baseline.json.\n", "")
    code, out, _ = run("scan", "--baseline", "checker-baseline.json")
    assert code == 0
    assert f"Left out: 1 of no known kind, {count} known from checker-baseline.json.\nPassed: no findings.\n" in out
    changed = POD.replace("hostNetwork", "hostPID").replace("'i:1'", "'i:1', securityContext: {privileged: true}")
    Path("pod.yaml").write_text(f"# a line\n{changed}", encoding="utf-8")
    code, out, _ = run("scan", "--baseline", "checker-baseline.json", "--format", "json")
    assert code == 1
    assert {rule for (_, rule), known in states(out).items() if not known} == {SHARED, PRIVILEGED}
    assert {one["rule"] for one in json.loads(out)["fixed"]} >= {SHARED}


def test_baseline_with_something_unchecked_says_so(run: Any) -> None:
    Path("a.yaml").write_text("apiVersion: v1\nkind: [\n", encoding="utf-8")
    code, out, err = run("baseline", "--output", "b.json")
    assert (code, out) == (2, "Wrote 0 findings to b.json.\n")
    assert err.startswith("checker: not checked: a.yaml: is not YAML: ")


@pytest.mark.usefixtures("repository")
def test_change_is_blamed_for_what_it_brings_in_files_and_across_them(run: Any) -> None:
    code, out, _ = run("scan", "--since", "main", "--format", "json")
    assert (code, set(states(out).values())) == (0, {True})
    assert json.loads(out)["compared"] == f"main ({git('rev-parse', 'main')[:12]})"
    Path("pod.yaml").write_text("# moved\n" + POD, encoding="utf-8")
    Path("new.yaml").write_text(POD.replace("name: p", "name: q"), encoding="utf-8")
    code, out, _ = run("scan", "--since", "main", "--format", "json")
    assert code == 1
    assert {path: known for (path, _), known in states(out).items()} == {"pod.yaml": True, "new.yaml": False}


@pytest.mark.usefixtures("repository")
def test_what_was_mended_elsewhere_since_the_branch_began_is_not_new(run: Any) -> None:
    git("switch", "-q", "main")
    git("rm", "-q", "pod.yaml")
    git("commit", "-q", "-m", "Mend")
    git("switch", "-q", "change")
    code, out, _ = run("scan", "--since", "main", "--format", "json")
    assert (code, set(states(out).values())) == (0, {True})


@pytest.mark.usefixtures("repository")
def test_renamed_file_brings_nothing_new(run: Any) -> None:
    Path("sub").mkdir()
    git("mv", "pod.yaml", "sub/web.yaml")
    git("commit", "-q", "-m", "Move")
    for revision in ("main", "HEAD~1", git("rev-parse", "main")[:9]):
        code, out, _ = run("scan", "--since", revision, "--format", "json")
        assert (code, set(states(out).values()), json.loads(out)["fixed"]) == (0, {True}, [])


@pytest.mark.usefixtures("repository")
def test_part_of_a_tree_is_compared_with_the_same_part(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("sub").mkdir()
    Path("sub/a.yaml").write_text(POD, encoding="utf-8")
    monkeypatch.chdir("sub")
    code, out, _ = run("scan", "--since", "main", "--format", "json")
    assert (code, set(states(out).values())) == (1, {False})
    monkeypatch.chdir("..")
    assert run("scan", "--since", "main", "pod.yaml")[0] == 0


@pytest.mark.usefixtures("repository")
def test_ignored_file_that_was_committed_is_known(run: Any) -> None:
    Path(".gitignore").write_text("*.yaml\n", encoding="utf-8")
    git("add", ".")
    git("commit", "-q", "-m", "Ignore")
    code, out, _ = run("scan", "--since", "HEAD", "--format", "json")
    assert (code, set(states(out).values())) == (0, {True})


@pytest.mark.usefixtures("repository")
def test_revision_that_the_clone_does_not_have_is_an_error(run: Any) -> None:
    code, out, err = run("scan", "--since", "origin/main")
    assert (code, out) == (2, "")
    assert err == (
        "checker: --since origin/main: this clone has no such commit, or no ancestor in common with it:"
        " fetch the history (`fetch-depth: 0`)\n"
    )


def test_history_needs_a_repository(run: Any, tmp_path: Path) -> None:
    Path("pod.yaml").write_text(POD, encoding="utf-8")
    code, _, err = run("scan", "--since", "main")
    assert (code, err) == (2, f"checker: --since main: {tmp_path} is no git repository\n")
    code, _, err = run("scan", "--since", "main", "--baseline", "b.json")
    assert (code, err) == (2, "checker: --baseline and --since exclude each other\n")


def test_two_sarif_files_are_compared_by_fingerprint(run: Any) -> None:
    Path("pod.yaml").write_text(POD, encoding="utf-8")
    run("scan", "--format", "sarif=a.sarif")
    Path("pod.yaml").write_text("\n" + POD.replace("hostNetwork: true", "hostPID: true"), encoding="utf-8")
    run("scan", "--format", "sarif=b.sarif")
    code, out, _ = run("diff", "a.sarif", "b.sarif")
    assert code == 1
    total = len(json.loads(Path("b.sarif").read_bytes())["runs"][0]["results"])
    assert out == (
        f"New\n  pod.yaml:6: {SHARED}: pod shares the process namespace of its node.\n\n"
        f"Fixed\n  pod.yaml:5: {SHARED}: pod shares the network namespace of its node.\n\n"
        f"1 new, 1 fixed, {total - 1} unchanged.\n"
    )
    code, out, _ = run("diff", "a.sarif", "a.sarif", "--format", "json")
    assert (code, json.loads(out)) == (0, {"new": [], "fixed": [], "unchanged": total})


def test_sarif_of_others_is_compared_by_what_it_says(run: Any) -> None:
    result = {"ruleIndex": 0, "message": {"text": "m"}, "locations": []}
    run_ = {"tool": {"driver": {"name": "x", "rules": [{"id": "R"}]}}, "results": [result, result]}
    Path("a.sarif").write_text(json.dumps({"version": "2.1.0", "runs": [run_]}), encoding="utf-8")
    less = run_ | {"results": [result, result | {"suppressions": [{"kind": "external"}]}]}
    Path("b.sarif").write_text(json.dumps({"version": "2.1.0", "runs": [less]}), encoding="utf-8")
    code, out, _ = run("diff", "a.sarif", "b.sarif")
    assert (code, out) == (0, "Fixed\n  : R: m\n\n0 new, 1 fixed, 1 unchanged.\n")


@pytest.mark.parametrize("content", [None, "{", "[]", '{"runs": [1]}'])
def test_what_is_no_sarif_is_an_error(run: Any, content: str | None) -> None:
    if content is not None:
        Path("a.sarif").write_text(content, encoding="utf-8")
    code, out, err = run("diff", "a.sarif", "a.sarif")
    reason = "cannot be read: No such file or directory" if content is None else "is no SARIF"
    assert (code, out, err) == (2, "", f"checker: a.sarif: {reason}\n")
