"""Tests the server as a program: its processes, its signals, and what it says of options that cannot be used."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests

from tests.server.served import Client
from tests.server.test_worker import more, refused, traffic
from tests.services import PATIENCE, eventually, free_ports, running
from tests.webhook import PROGRAM, Certificates

if TYPE_CHECKING:
    import trustme

WORKERS = 2


class Program:
    """Holds a server that runs as a program, and what it is asked with."""

    def __init__(self, folder: Path, authority: trustme.CA, *options: str) -> None:
        self.certificates = Certificates(folder / "certificates", authority)
        self.ports = free_ports(2)
        self.client = Client(self.ports[0], authority)
        self.log = folder / "log"
        files = self.certificates.folder
        self.command = [
            *PROGRAM,
            *("--listen", f"127.0.0.1:{self.ports[0]}", "--metrics", f"127.0.0.1:{self.ports[1]}"),
            *("--certificate", str(files / "tls.crt"), "--key", str(files / "tls.key"), "--no-config"),
            *options,
        ]
        self.process: Any = None

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        return not refused(self.client)() and self.client.ask("GET", "/readyz").status == 200

    def workers(self) -> list[int]:
        """Return the processes that serve, by what the kernel knows of them."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(number) for number in children.read_text().split()]

    def metrics(self) -> str:
        return requests.get(f"http://127.0.0.1:{self.ports[1]}/metrics", timeout=PATIENCE).text


@pytest.fixture
def program(tmp_path: Path, authority: trustme.CA, request: pytest.FixtureRequest) -> Iterator[Program]:
    """Run a server with the options of the test's parameter."""
    started = Program(tmp_path, authority, *getattr(request, "param", ()))
    with running(started.command, started.log) as started.process:
        eventually(started.is_ready, "a server")
        yield started


def options(*given: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("program", [given], indirect=True, ids=[" ".join(given)])


SEVERAL = options("--workers", str(WORKERS), "--drain-seconds", "1")
needs_proc = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="children are looked up in /proc")


@needs_proc
@SEVERAL
def test_a_worker_that_dies_is_replaced_and_the_others_go_on(program: Program) -> None:
    before = eventually(lambda: len(found := program.workers()) == WORKERS and found, "all workers")
    os.kill(before[0], signal.SIGKILL)
    eventually(lambda: before[0] not in program.workers() and len(program.workers()) == WORKERS, "a new worker")
    assert before[1] in program.workers()
    assert program.client.review().verdict == (True, "")
    assert '"message": "worker died"' in program.log.read_text()


@SEVERAL
def test_the_metrics_are_those_of_all_workers(program: Program) -> None:
    for _ in range(20):
        assert program.client.review().verdict == (True, "")
    name = 'checker_admission_requests_total{operation="CREATE",outcome="allow",profile="default"} 20.0'
    assert name in program.metrics().splitlines()


@pytest.mark.parametrize("is_kept", [True, False])
@pytest.mark.parametrize(
    "program", [("--workers", "1", "--drain-seconds", "1"), ("--workers", "2", "--drain-seconds", "1")], indirect=True
)
def test_a_server_that_is_told_to_end_answers_until_the_end(program: Program, *, is_kept: bool) -> None:
    with traffic(program.client, is_kept=is_kept) as replies:
        more(replies)
        program.process.send_signal(signal.SIGTERM)
        eventually(lambda: program.client.ask("GET", "/readyz").status == 503, "a server that is ending")
        more(replies)
    assert program.process.wait(PATIENCE) == 0
    assert {reply.verdict for reply in replies} == {(True, "")}


@pytest.mark.parametrize(
    "program",
    [
        ("--workers", "1", "--drain-seconds", "1000", "--shutdown-seconds", "2000"),
        ("--workers", "2", "--drain-seconds", "1000", "--shutdown-seconds", "2000"),
    ],
    indirect=True,
)
def test_a_second_signal_ends_at_once(program: Program) -> None:
    program.process.send_signal(signal.SIGINT)
    eventually(lambda: program.client.ask("GET", "/readyz").status == 503, "a server that is ending")
    program.process.send_signal(signal.SIGINT)
    assert program.process.wait(PATIENCE) == 0


@needs_proc
@SEVERAL
def test_workers_end_when_their_parent_is_killed(program: Program) -> None:
    workers = program.workers()
    program.process.kill()
    program.process.wait(PATIENCE)
    eventually(lambda: not any(Path(f"/proc/{number}/exe").exists() for number in workers), "the end of the workers")
    assert refused(program.client)()


def said(*arguments: str) -> tuple[int, str]:
    """Run the program with options that it refuses, and return exit code and message."""
    done = subprocess.run([*PROGRAM, *arguments], capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.stdout == ""
    return done.returncode, done.stderr.splitlines()[-1]


@pytest.fixture
def files(tmp_path: Path, authority: trustme.CA) -> tuple[str, ...]:
    folder = Certificates(tmp_path / "certificates", authority).folder
    return ("--certificate", str(folder / "tls.crt"), "--key", str(folder / "tls.key"), "--no-config")


def test_files_that_are_not_there_are_named(files: tuple[str, ...]) -> None:
    assert said(*files, "--key", "no.key") == (2, "checker: no.key: cannot be read: No such file or directory")
    assert said(*files, "--client-ca", "ca.pem") == (2, "checker: ca.pem: cannot be read: No such file or directory")


def test_a_key_of_another_certificate_is_told(files: tuple[str, ...], tmp_path: Path, authority: trustme.CA) -> None:
    key = tmp_path / "other.key"
    authority.issue_cert("127.0.0.1").private_key_pem.write_to_path(key)
    message = f"checker: {files[1]}, {key}: the key is not that of the certificate"
    assert said(*files, "--key", str(key)) == (2, message)


@pytest.mark.parametrize("address", ["8443", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "::1:8443", ":x"])
def test_what_is_no_address_is_told(files: tuple[str, ...], address: str) -> None:
    expected = f"{address!r} is no address such as :8443 or 127.0.0.1:8443"
    assert said(*files, f"--listen={address}") == (2, f"checker serve: error: argument --listen: {expected}")


def test_an_address_that_is_taken_or_not_ours_is_told(files: tuple[str, ...]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        message = f"checker: {address}: cannot listen there: Address already in use"
        assert said(*files, "--listen", address) == (2, message)
        assert said(*files, "--listen", f"127.0.0.1:{free_ports(1)[0]}", "--metrics", address) == (2, message)
    code, told = said(*files, "--listen", "192.0.2.1:8443")
    assert (code, told) == (2, "checker: 192.0.2.1:8443: cannot listen there: Cannot assign requested address")


def test_an_end_that_leaves_no_time_to_finish_is_told(files: tuple[str, ...]) -> None:
    message = "checker: --drain-seconds 30: must be less than --shutdown-seconds 25"
    assert said(*files, "--drain-seconds", "30") == (2, message)


def test_rules_and_profiles_that_do_not_exist_are_told(files: tuple[str, ...]) -> None:
    code, message = said(*files, "--profile", "strikt")
    assert (code, message) == (2, "checker: there is no profile `strikt`: did you mean `strict`?")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_what_is_wrong_in_a_worker_ends_the_server(files: tuple[str, ...], workers: str) -> None:
    arguments = ("--listen", f"127.0.0.1:{free_ports(1)[0]}", "--workers", workers)
    code, message = said(*files, *arguments, "--engine", "opa", "--opa-url", "ftp://127.0.0.1")
    assert (code, message.startswith("checker: ")) == (2, True)


def test_libraries_that_are_not_installed_are_named(files: tuple[str, ...]) -> None:
    hidden = "import sys; sys.modules['aiohttp'] = None; from checker.cli import main; main(['serve', *sys.argv[1:]])"
    done = subprocess.run(
        [sys.executable, "-c", hidden, *files], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert (done.returncode, done.stderr) == (
        2,
        "checker: serve needs aiohttp: install `container-policy-checker[webhook]`\n",
    )


def test_the_help_fits_a_screen() -> None:
    done = subprocess.run(
        [*PROGRAM, "--help"], capture_output=True, text=True, check=True, env={**os.environ, "COLUMNS": "120"}
    )
    assert len(done.stdout.splitlines()) <= 60
    assert max(map(len, done.stdout.splitlines())) <= 120
