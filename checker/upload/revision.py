"""Finds out which commit of which repository was scanned: from options, the CI's environment, or git."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from checker.errors import CheckerError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dulwich.repo import Repo

_PUBLIC: Final = "https://api.github.com"
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_NAME: Final = r"(?!\.\.?(?:/|$))[\w.-]+"
_REPOSITORY: Final = re.compile(rf"{_NAME}/{_NAME}", re.ASCII)
_REF: Final = re.compile(r"refs/(heads|tags|pull)/\S+")
_COMMIT: Final = re.compile(r"[0-9a-fA-F]{40}")
_URL: Final = re.compile(r"(?P<scheme>https?|ssh|git)://(?:[^/@]*@)?(?P<host>[^/:@]+)(?P<port>:\d+)?/(?P<path>.+)")
_SCP: Final = re.compile(r"(?:[^@/:]*@)?(?P<host>[^/:@]+):(?P<path>[^/].*)")
_OTHERS: Final = re.compile(
    r"(.*\.)?(gitlab\.com|bitbucket\.org|codeberg\.org|gitea\.com|azure\.com|visualstudio\.com)"
)
"""Hosts that are surely no GitHub: a token must not go there by mistake."""


class Given(NamedTuple):
    """Holds what the command line says; None where it says nothing."""

    repository: str | None = None
    ref: str | None = None
    commit: str | None = None
    api: str | None = None


class Target(NamedTuple):
    """Names the repository, the ref and the commit that results are of, and the API to send them to."""

    api: str
    repository: str
    ref: str
    commit: str


class _Clone(NamedTuple):
    """Holds what git says of a folder; None where it says nothing."""

    ref: str | None = None
    commit: str | None = None
    host: str | None = None
    repository: str | None = None


def target(given: Given, environment: Mapping[str, str], folder: Path) -> Target:
    """Return what was scanned: an option counts before the CI's environment, and that before git.

    The commit of a pull request is the merge that was checked out, as `GITHUB_SHA` names it: its lines are the ones in
    the results. Raises `CheckerError` for what is wrong or cannot be found.
    """
    api = given.api or environment.get("GITHUB_API_URL")
    repository = given.repository or environment.get("GITHUB_REPOSITORY")
    ref = given.ref or environment.get("GITHUB_REF")
    commit = given.commit or environment.get("GITHUB_SHA")
    clone = _Clone() if api and repository and ref and commit else _clone(folder)
    return Target(
        _checked_api(api or _api(clone.host, is_ours=repository is None)),
        _checked(_REPOSITORY, repository or clone.repository, "--repository", "OWNER/NAME"),
        _checked(_REF, ref or clone.ref, "--ref", "refs/heads/BRANCH, refs/tags/TAG or refs/pull/NUMBER/merge"),
        _checked(_COMMIT, commit or clone.commit, "--commit", "40 hexadecimal digits"),
    )


def _checked(pattern: re.Pattern[str], value: str | None, option: str, shape: str) -> str:
    if value is None:
        message = f"{option} is needed ({shape}): neither the CI's environment nor git says it"
        raise CheckerError(message)
    if pattern.fullmatch(value) is None:
        message = f"{option} {value}: is not {shape}"
        raise CheckerError(message)
    return value


def _checked_api(url: str) -> str:
    """Return an address that a token may be sent to: plain HTTP never leaves this machine."""
    try:
        parts = urlsplit(url)
        is_secret = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
        is_plain = parts.username is None and parts.password is None and not parts.query and not parts.fragment
    except ValueError:
        is_secret = is_plain = False
    if not is_secret or not is_plain or not parts.hostname:
        message = "--api-url: must be an https address without user name or query, such as https://HOST/api/v3"
        raise CheckerError(message)
    return url.rstrip("/")


def _api(host: str | None, *, is_ours: bool) -> str:
    """Return the API of the host that `origin` names; `is_ours` where the repository is known from there only."""
    if host is None or _OTHERS.fullmatch(host):
        if host is not None and is_ours:
            message = f"origin is at {host}, which is not GitHub: give --repository and --api-url"
            raise CheckerError(message)
        return _PUBLIC
    if host in {"github.com", "www.github.com", "ssh.github.com"}:
        return _PUBLIC
    # data residency: https://docs.github.com/en/enterprise-cloud@latest/admin/data-residency
    return f"https://api.{host}" if host.endswith(".ghe.com") else f"https://{host}/api/v3"


def _clone(folder: Path) -> _Clone:
    from dulwich.errors import NotGitRepository
    from dulwich.repo import Repo

    try:
        repository = Repo.discover(folder)
    except NotGitRepository:
        return _Clone()
    with repository:
        ref, commit = _head(repository)
        return _Clone(ref, commit, *_origin(repository))


def _head(repository: Repo) -> tuple[str | None, str | None]:
    """Return the branch that is checked out, None where HEAD is detached, and its commit, None before the first."""
    from dulwich.refs import HEADREF

    names, commit = repository.refs.follow(HEADREF)
    branch = names[-1].decode("utf-8", "replace")
    return branch if branch.startswith("refs/heads/") else None, commit.decode("ascii") if commit else None


def _origin(repository: Repo) -> tuple[str | None, str | None]:
    """Return host and `OWNER/NAME` of the remote `origin`; its address is never told, for it may hold a password."""
    try:
        url = repository.get_config().get((b"remote", b"origin"), b"url").decode("utf-8", "replace")
    except KeyError:
        return None, None
    match = _URL.fullmatch(url) or _SCP.fullmatch(url)
    if match is None:
        return None, None
    parts = match.groupdict()
    # the port of an SSH server is not that of the web server
    port = (parts.get("port") or "") if parts.get("scheme") == "https" else ""
    name = parts["path"].strip("/").removesuffix(".git")
    return parts["host"].lower() + port, name if _REPOSITORY.fullmatch(name) else None
