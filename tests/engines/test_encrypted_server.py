"""Tests that an OPA server is asked over TLS, and only where it is the right one and lets us in."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

from tests.scans import POD
from tests.services import answers, eventually, free_ports, running

ROOT = Path(__file__).parents[2]
TOKEN = "invented-for-this-test"
AUTHORIZATION = f"""package system.authz

default allow := false

allow if input.identity == "{TOKEN}"

allow if input.path == ["health"]
"""


class Files:
    """Holds an authority, and what it has issued, as files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        authority, stranger = trustme.CA(), trustme.CA()
        authority.cert_pem.write_to_path(folder / "ca.pem")
        stranger.cert_pem.write_to_path(folder / "stranger.pem")
        for name in ("127.0.0.1", "client"):
            issued = authority.issue_cert(name)
            issued.cert_chain_pems[0].write_to_path(folder / f"{name}.pem")
            issued.private_key_pem.write_to_path(folder / f"{name}.key")
        (folder / "authz.rego").write_text(AUTHORIZATION)
        (folder / "token").write_text(f"{TOKEN}\n")
        (folder / "pod.yaml").write_text(POD)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("tls"))


@contextmanager
def serving(opa: Path, files: Files, *options: str) -> Iterator[str]:
    (port,) = free_ports(1)
    url, folder = f"https://127.0.0.1:{port}", files.folder
    command = [
        *(str(opa), "run", "--server", "--addr", f"127.0.0.1:{port}", "--log-level", "error"),
        *("--tls-cert-file", str(folder / "127.0.0.1.pem"), "--tls-private-key-file", str(folder / "127.0.0.1.key")),
        *options,
    ]
    shown = {"verify": str(folder / "ca.pem"), "cert": (str(folder / "client.pem"), str(folder / "client.key"))}
    with running(command, folder / f"{port}.log") as process:
        eventually(answers(f"{url}/health", process, folder / f"{port}.log", **shown), "opa")
        yield url


@pytest.fixture(scope="module")
def plain(program: Callable[[str], Path], files: Files) -> Iterator[str]:
    with serving(program("opa"), files) as url:
        yield url


@pytest.fixture(scope="module")
def by_token(program: Callable[[str], Path], files: Files) -> Iterator[str]:
    """Run a server that wants a token."""
    options = ("--authentication=token", "--authorization=basic", str(files.folder / "authz.rego"))
    with serving(program("opa"), files, *options) as url:
        yield url


@pytest.fixture(scope="module")
def by_certificate(program: Callable[[str], Path], files: Files) -> Iterator[str]:
    """Run a server that wants a certificate."""
    with serving(
        program("opa"), files, "--authentication=tls", "--tls-ca-cert-file", str(files.folder / "ca.pem")
    ) as url:
        yield url


def scan(files: Files, url: str, *options: str) -> tuple[int, set[str], set[str]]:
    """Return the exit code, the rules that found something, and the problems."""
    command = [sys.executable, "-m", "checker", "scan", "--no-config", "--format", "json", "--engine", "opa"]
    done = subprocess.run(
        [*command, "--opa-url", url, *options, "pod.yaml"],
        cwd=files.folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert TOKEN not in done.stdout + done.stderr
    found = json.loads(done.stdout)
    rules = {finding["rule"] for finding in found["findings"]}
    return done.returncode, rules, {problem["reason"] for problem in found["problems"]}


def test_a_server_with_a_certificate_of_the_given_authority_is_asked(files: Files, plain: str) -> None:
    code, rules, problems = scan(files, plain, "--opa-ca", "ca.pem")
    assert (code, "kubernetes/seccomp-not-set" in rules, problems) == (1, True, set())


@pytest.mark.parametrize("options", [(), ("--opa-ca", "stranger.pem")])
def test_a_server_that_nobody_vouches_for_is_sent_nothing(files: Files, plain: str, options: tuple[str, ...]) -> None:
    assert scan(files, plain, *options) == (2, set(), {"the OPA server cannot be reached (SSLError)"})


def test_https_to_a_port_that_speaks_http_is_a_problem(files: Files, opa_server: str) -> None:
    found = scan(files, opa_server.replace("http:", "https:"))
    assert found == (2, set(), {"the OPA server cannot be reached (SSLError)"})


def test_a_token_lets_us_in(files: Files, by_token: str) -> None:
    code, rules, problems = scan(files, by_token, "--opa-ca", "ca.pem", "--opa-token-file", "token")
    assert (code, "kubernetes/seccomp-not-set" in rules, problems) == (1, True, set())


def test_without_the_token_nothing_is_judged(files: Files, by_token: str) -> None:
    found = scan(files, by_token, "--opa-ca", "ca.pem")
    assert found == (2, set(), {"the OPA server answers with status 401"})


def test_a_certificate_lets_us_in(files: Files, by_certificate: str) -> None:
    pair = ("--opa-certificate", "client.pem", "--opa-key", "client.key")
    code, rules, problems = scan(files, by_certificate, "--opa-ca", "ca.pem", *pair)
    assert (code, "kubernetes/seccomp-not-set" in rules, problems) == (1, True, set())


def test_without_the_certificate_nothing_is_judged(files: Files, by_certificate: str) -> None:
    code, rules, (problem,) = scan(files, by_certificate, "--opa-ca", "ca.pem")
    assert (code, rules) == (2, set())
    assert problem.startswith("the OPA server cannot be reached (")
