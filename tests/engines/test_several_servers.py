"""Tests that documents spread over OPA servers, and that one which fails costs none of them."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

from checker import compiler
from checker.bundles import Bundle
from checker.engines import Evaluation, Result
from checker.engines.opa import OpaEngine, Server
from checker.model import Problem
from tests.rules import document, everything, rule, write
from tests.services import PATIENCE, answers, eventually, free_ports

RIGHT = Evaluation((Result("env/named", ("a",), "m"),))
SILENT = Evaluation(problems=(Problem("a.env", "the OPA server does not answer within 30 s"),), out_of_time=True)


@dataclass
class Opa:
    """Runs one server, which can be killed, paused and started again at its address."""

    program: Path
    log: Path
    port: int = field(default_factory=lambda: free_ports(1)[0])
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [str(self.program), "run", "--server", "--addr", f"127.0.0.1:{self.port}", "--log-level", "error"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        eventually(answers(f"{self.url}/health", self.process, self.log), "opa")

    def tell(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(PATIENCE)
            self.process = None

    def asked(self) -> int:
        """Return how many queries the server has answered."""
        lines = requests.get(f"{self.url}/metrics", timeout=PATIENCE).text.splitlines()
        counts = [line for line in lines if line.startswith("http_request_duration_seconds_count{")]
        return sum(int(line.split()[-1]) for line in counts if 'handler="v1/data"' in line and 'method="post"' in line)


@pytest.fixture(scope="module")
def bundle(program: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    deny = 'deny contains {"path": [k], "message": "m"} if some k, _ in input'
    own = write(tmp_path_factory.mktemp("rules"), {"env/named": rule("env/named", deny)})
    return compiler.compile_policies([own], None, program("opa"))


@pytest.fixture
def servers(program: Callable[[str], Path], tmp_path: Path) -> Iterator[list[Opa]]:
    running = [Opa(program("opa"), tmp_path / f"{number}.log") for number in range(2)]
    try:
        for server in running:
            server.start()
        yield running
    finally:
        for server in running:
            server.kill()


@pytest.fixture
def engine(bundle: Bundle, servers: list[Opa]) -> Iterator[OpaEngine]:
    made = OpaEngine(bundle, everything(bundle), [Server(one.url) for one in servers])
    yield made
    made.close()


def evaluate(engine: OpaEngine, count: int = 1, seconds: float | None = None) -> set[Evaluation]:
    """Return the different evaluations of one document that is evaluated so often, by several threads."""
    with ThreadPoolExecutor(4) as pool:
        return set(pool.map(lambda _: engine.evaluate(document({"a": 1}), seconds), range(count)))


def test_servers_are_asked_in_turn(engine: OpaEngine, servers: list[Opa]) -> None:
    evaluate(engine, 2)
    before = [one.asked() for one in servers]
    assert evaluate(engine, 40) == {RIGHT}
    assert [one.asked() - old for one, old in zip(servers, before, strict=True)] == [20, 20]


def test_one_server_dies_and_comes_back_empty(engine: OpaEngine, servers: list[Opa]) -> None:
    assert evaluate(engine, 20) == {RIGHT}
    with ThreadPoolExecutor(1) as pool:
        during = pool.submit(evaluate, engine, 200)
        servers[0].kill()
        assert during.result() == {RIGHT}
    assert evaluate(engine, 20) == {RIGHT}
    servers[0].start()
    eventually(lambda: evaluate(engine, 4) == {RIGHT} and servers[0].asked() > 4, "the server to be asked again")


def test_all_servers_die_and_one_comes_back(engine: OpaEngine, servers: list[Opa]) -> None:
    assert evaluate(engine, 4) == {RIGHT}
    for one in servers:
        one.kill()
    away = Evaluation(problems=(Problem("a.env", "the OPA server cannot be reached (ConnectionError)"),))
    assert evaluate(engine, 8) == {away}
    servers[1].start()
    eventually(lambda: evaluate(engine) == {RIGHT}, "the server that came back")


def test_one_server_hangs(engine: OpaEngine, servers: list[Opa]) -> None:
    assert evaluate(engine, 4) == {RIGHT}
    servers[0].tell(signal.SIGSTOP)
    assert evaluate(engine, 8, seconds=2) == {RIGHT}
    assert evaluate(engine, 20) == {RIGHT}
    servers[0].tell(signal.SIGCONT)
    before = servers[0].asked()
    eventually(lambda: evaluate(engine, 4) == {RIGHT} and servers[0].asked() > before + 1, "the server to be asked")


def test_all_servers_hang(engine: OpaEngine, servers: list[Opa]) -> None:
    assert evaluate(engine, 4) == {RIGHT}
    for one in servers:
        one.tell(signal.SIGSTOP)
    assert engine.evaluate(document({"a": 1}), 0.5) == SILENT


def test_policies_that_somebody_removed_come_back(bundle: Bundle, servers: list[Opa], engine: OpaEngine) -> None:
    assert evaluate(engine, 4) == {RIGHT}
    name = f"checker_{bundle.catalog.revision}/entrypoints/env.rego"
    assert requests.delete(f"{servers[0].url}/v1/policies/{name}", timeout=PATIENCE).status_code == 200
    marker = f"checker_{bundle.catalog.revision}/complete/env.rego"
    assert requests.delete(f"{servers[0].url}/v1/policies/{marker}", timeout=PATIENCE).status_code == 200
    assert evaluate(engine, 8) == {RIGHT}
    question: dict[str, object] = {"input": {}}
    path = f"{servers[0].url}/v1/data/checker_{bundle.catalog.revision}/complete/env"
    eventually(lambda: requests.post(path, json=question, timeout=PATIENCE).json().get("result"), "the policies")


def test_a_connection_that_the_server_closed_is_opened_again(bundle: Bundle, servers: list[Opa]) -> None:
    engine = OpaEngine(bundle, everything(bundle), [Server(servers[0].url)])
    assert engine.evaluate(document({"a": 1})) == RIGHT
    servers[0].kill()
    servers[0].start()
    engine._remotes[0]._uploaded = frozenset()  # noqa: SLF001 - a server that keeps its policies
    assert engine.evaluate(document({"a": 1})) == RIGHT
    engine.close()


def test_closing_leaves_no_thread(bundle: Bundle, servers: list[Opa]) -> None:
    before = set(threading.enumerate())
    engine = OpaEngine(bundle, everything(bundle), [Server(one.url) for one in servers])
    for one in servers:
        one.kill()
    engine.evaluate(document({"a": 1}))
    assert set(threading.enumerate()) != before
    engine.close()
    assert set(threading.enumerate()) == before
