"""Tests what is found out of a checkout, in real git repositories."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from checker.errors import CheckerError
from checker.upload.revision import Given, Target, target

COMMIT = "0123456789abcdef0123456789abcdef01234567"
CI = {
    "GITHUB_API_URL": "https://ghe.test/api/v3",
    "GITHUB_REPOSITORY": "owner/name",
    "GITHUB_REF": "refs/pull/7/merge",
    "GITHUB_SHA": COMMIT,
}
ENVIRONMENT = {
    **os.environ,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    **{f"GIT_{who}_{what}": "a@test" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, env=ENVIRONMENT, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet", "--initial-branch", "topic/one")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", "first")
    git(tmp_path, "remote", "add", "origin", "https://github.com/owner/name.git")
    return tmp_path


def complaint(given: Given, environment: dict[str, str], folder: Path) -> str:
    with pytest.raises(CheckerError) as raised:
        target(given, environment, folder)
    return str(raised.value)


def test_environment_of_the_ci_says_everything(tmp_path: Path) -> None:
    assert target(Given(), CI, tmp_path) == Target("https://ghe.test/api/v3", "owner/name", "refs/pull/7/merge", COMMIT)


def test_options_count_before_the_environment(tmp_path: Path) -> None:
    given = Given("a/b", "refs/tags/v1", "f" * 40, "https://other.test/api/v3/")
    assert target(given, CI, tmp_path) == Target("https://other.test/api/v3", "a/b", "refs/tags/v1", "f" * 40)


def test_environment_counts_before_git(clone: Path) -> None:
    del (environment := CI.copy())["GITHUB_API_URL"]
    expected = Target("https://api.github.com", "owner/name", "refs/pull/7/merge", COMMIT)
    assert target(Given(), environment, clone) == expected


def test_git_says_the_rest_from_any_folder_of_a_clone(clone: Path) -> None:
    (clone / "deep" / "er").mkdir(parents=True)
    commit = git(clone, "rev-parse", "HEAD")
    expected = Target("https://api.github.com", "owner/name", "refs/heads/topic/one", commit)
    assert target(Given(), {"GITHUB_REF": ""}, clone / "deep" / "er") == expected


def test_linked_work_tree_has_a_branch_of_its_own(clone: Path, tmp_path: Path) -> None:
    git(clone, "worktree", "add", "--quiet", "-b", "other", str(tmp_path / "linked"))
    assert target(Given(), {}, tmp_path / "linked").ref == "refs/heads/other"


@pytest.mark.parametrize(
    ("origin", "api", "repository"),
    [
        ("https://github.com/owner/name", "https://api.github.com", "owner/name"),
        ("https://github.com/owner/name.git/", "https://api.github.com", "owner/name"),
        ("https://user:secret@GitHub.com/owner/na.me.git", "https://api.github.com", "owner/na.me"),
        ("git@github.com:owner/name.git", "https://api.github.com", "owner/name"),
        ("github.com:owner/name", "https://api.github.com", "owner/name"),
        ("ssh://git@github.com/owner/name.git", "https://api.github.com", "owner/name"),
        ("ssh://git@ssh.github.com:443/owner/name.git", "https://api.github.com", "owner/name"),
        ("https://ghe.test/owner/name.git", "https://ghe.test/api/v3", "owner/name"),
        ("https://ghe.test:8443/owner/name.git", "https://ghe.test:8443/api/v3", "owner/name"),
        ("git@ghe.test:owner/name.git", "https://ghe.test/api/v3", "owner/name"),
        ("ssh://git@ghe.test:2222/owner/name.git", "https://ghe.test/api/v3", "owner/name"),
        ("https://octo.ghe.com/owner/name.git", "https://api.octo.ghe.com", "owner/name"),
    ],
)
def test_origin_names_host_and_repository(clone: Path, origin: str, api: str, repository: str) -> None:
    git(clone, "remote", "set-url", "origin", origin)
    assert target(Given(), {}, clone)[:2] == (api, repository)


@pytest.mark.parametrize("origin", ["../bare.git", "/srv/owner/name.git", "C:/owner/name", "https://ghe.test/a/b/c"])
def test_origin_that_is_no_repository_of_a_github_needs_the_option(clone: Path, origin: str) -> None:
    git(clone, "remote", "set-url", "origin", origin)
    assert complaint(Given(), {}, clone) == (
        "--repository is needed (OWNER/NAME): neither the CI's environment nor git says it"
    )


def test_token_goes_to_no_other_kind_of_server_by_mistake(clone: Path) -> None:
    git(clone, "remote", "set-url", "origin", "git@gitlab.com:owner/name.git")
    assert complaint(Given(), {}, clone) == (
        "origin is at gitlab.com, which is not GitHub: give --repository and --api-url"
    )
    assert target(Given("a/b"), {}, clone)[:2] == ("https://api.github.com", "a/b")


def test_detached_head_needs_a_ref(clone: Path) -> None:
    git(clone, "checkout", "--quiet", "--detach")
    assert complaint(Given(), {}, clone) == (
        "--ref is needed (refs/heads/BRANCH, refs/tags/TAG or refs/pull/NUMBER/merge):"
        " neither the CI's environment nor git says it"
    )
    assert target(Given(ref="refs/tags/v1"), {}, clone).commit == git(clone, "rev-parse", "HEAD")


def test_repository_without_commits_needs_a_commit(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    assert complaint(Given("a/b"), {}, tmp_path) == (
        "--commit is needed (40 hexadecimal digits): neither the CI's environment nor git says it"
    )


def test_folder_outside_of_git_needs_options(tmp_path: Path) -> None:
    given = Given("a/b", "refs/heads/main", COMMIT)
    assert target(given, {}, tmp_path) == Target("https://api.github.com", "a/b", "refs/heads/main", COMMIT)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (Given(repository="a"), "--repository a: is not OWNER/NAME"),
        (Given(repository="a/.."), "--repository a/..: is not OWNER/NAME"),
        (Given(repository="../b"), "--repository ../b: is not OWNER/NAME"),
        (Given(repository="a/b/c"), "--repository a/b/c: is not OWNER/NAME"),
        (Given(repository="a/b?c"), "--repository a/b?c: is not OWNER/NAME"),
        (
            Given(ref="main"),
            "--ref main: is not refs/heads/BRANCH, refs/tags/TAG or refs/pull/NUMBER/merge",
        ),
        (Given(commit="0123abc"), "--commit 0123abc: is not 40 hexadecimal digits"),
    ],
)
def test_wrong_option_is_refused(tmp_path: Path, given: Given, sentence: str) -> None:
    assert complaint(given, CI, tmp_path) == sentence


@pytest.mark.parametrize(
    "url",
    [
        "http://ghe.test/api/v3",
        "http://127.0.0.1.test",
        "https://user:password@ghe.test/api/v3",
        "https://ghe.test/api/v3?a=b",
        "https://ghe.test/api/v3#a",
        "https://[ghe.test",
        "https://",
        "ghe.test",
        "file:///etc",
    ],
)
def test_token_is_sent_over_tls_only(tmp_path: Path, url: str) -> None:
    assert complaint(Given(api=url), CI, tmp_path) == (
        "--api-url: must be an https address without user name or query, such as https://HOST/api/v3"
    )


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://localhost/api", "http://[::1]:1"])
def test_this_machine_may_be_spoken_to_without_tls(tmp_path: Path, url: str) -> None:
    assert target(Given(api=url), CI, tmp_path).api == url
