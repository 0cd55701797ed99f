from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from checker import compiler
from checker.bundles import Bundle
from checker.engines import Evaluation, Result
from checker.engines.opa import OpaEngine, Server
from checker.engines.opa_server import Remote
from checker.engines.wasm import WasmEngine
from checker.errors import CheckerError
from checker.model import Problem
from tests.rules import document, everything, rule, write
from tests.services import free_ports


def rules(word: str) -> dict[str, str]:
    """Return the same rules with another message, as the next version of them would have."""
    found = rule(
        "env/named",
        "deny contains finding.at(k, policies) if {\n\tsome k in keys.all\n\tpolicies := keys.word\n}",
        extra="import data.policies.lib.finding\nimport data.policies.lib.keys",
    )
    return {
        "env/named": found,
        "env/quoted": rule(
            "env/quoted",
            'deny contains {"path": [], "message": $"{data["policies"].lib.keys.word}"} if {\n\tinput.quoted\n}',
        ),
        "env/failing": rule(
            "env/failing", 'deny contains {"path": [], "message": "m"} if json.unmarshal(input.json).a == 1'
        ),
        "lib/finding/finding.rego": "package policies.lib.finding\n\nimport data.policies.lib.inner\n\n"
        'at(key, message) := {"path": inner.path(key), "message": message}\n',
        "lib/inner/inner.rego": "package policies.lib.inner\n\npath(key) := [key]\n",
        "lib/keys/keys.rego": "package policies.lib.keys\n\nall contains k if some k, _ in input\n\n"
        f'word := "{word}"\n',
    }


@pytest.fixture(scope="module")
def compiled(program: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Bundle]:
    def compile_word(word: str) -> Bundle:
        folder = write(tmp_path_factory.mktemp("rules"), rules(word))
        return compiler.compile_policies([folder], None, program("opa"))

    return compile_word


@pytest.fixture(scope="module")
def bundle(compiled: Callable[[str], Bundle]) -> Bundle:
    return compiled("first")


def evaluate(bundle: Bundle, url: str, data: Any, **options: Any) -> Evaluation:
    engine = OpaEngine(bundle, everything(bundle, "env/named", "env/quoted"), [Server(url)], **options)
    try:
        return engine.evaluate(document(data))
    finally:
        engine.close()


def test_both_engines_give_the_same_evaluation(bundle: Bundle, opa_server: str) -> None:
    data = {"b": "é", "a": [1.5, 10**30, None], "quoted": True}
    wasm = WasmEngine(bundle, everything(bundle, "env/named", "env/quoted"))
    expected = wasm.evaluate(document(data))
    wasm.close()
    assert evaluate(bundle, opa_server, data) == expected
    assert [result.message for result in expected.results] == ["first"] * 4


def test_two_versions_on_one_server_do_not_mix(
    compiled: Callable[[str], Bundle], bundle: Bundle, opa_server: str
) -> None:
    other = compiled("second")
    for one, word in ((bundle, "first"), (other, "second"), (bundle, "first")):
        found = evaluate(one, opa_server, {"a": 1})
        assert found == Evaluation((Result("env/named", ("a",), word),))


def test_what_is_uploaded_is_not_uploaded_again(
    bundle: Bundle, opa_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from opa_client import OpaClient

    evaluate(bundle, opa_server, {})
    monkeypatch.delattr(OpaClient, "update_policy_from_string")
    assert evaluate(bundle, opa_server, {"a": 1}) == Evaluation((Result("env/named", ("a",), "first"),))


def test_a_builtin_that_fails_costs_that_rule_only(bundle: Bundle, opa_server: str) -> None:
    engine = OpaEngine(bundle, everything(bundle, "env/failing", "env/named"), [Server(opa_server)])
    found = engine.evaluate(document({"json": "{s3cret"}))
    engine.close()
    assert found == Evaluation(
        (Result("env/named", ("json",), "first"),), (), (Problem("a.env", "rule env/failing: the evaluation fails"),)
    )


def test_a_document_that_is_no_json_is_a_problem(bundle: Bundle, opa_server: str) -> None:
    found = evaluate(bundle, opa_server, {"a": float("nan")})
    assert found == Evaluation(problems=(Problem("a.env", "the document cannot be given to rules (ValueError)"),))


def test_a_policy_that_somebody_removed_is_a_problem(compiled: Callable[[str], Bundle], opa_server: str) -> None:
    bundle = compiled("removed")
    evaluate(bundle, opa_server, {})
    root = f"checker_{bundle.catalog.revision}"
    request = urllib.request.Request(  # noqa: S310 - an address of this machine
        f"{opa_server}/v1/policies/{root}/entrypoints/env.rego", method="DELETE"
    )
    with urllib.request.urlopen(request, timeout=5):  # noqa: S310 - an address of this machine
        pass
    found = evaluate(bundle, opa_server, {"a": 1})
    assert found == Evaluation(problems=(Problem("a.env", "the OPA server does not hold the policies"),))


class Impostor(BaseHTTPRequestHandler):
    """Answers like no OPA would."""

    body: bytes = b"{}"
    status = 200
    delay = 0.0
    location = ""
    revision = ""
    tokens: list[str | None]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.tokens.append(self.headers["Authorization"])
        time.sleep(self.delay)
        complete = json.dumps({"result": self.revision}).encode()
        self.answer(complete if "/complete/" in self.path else self.body)

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(b"{}")

    def answer(self, body: bytes) -> None:
        self.send_response(self.status)
        if self.location:
            self.send_header("Location", self.location)
        self.send_header("Content-Length", str(len(body)))
        with suppress(OSError):  # the client may have given up
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def impostor() -> Iterator[Callable[..., tuple[str, list[str | None]]]]:
    servers = []

    def start(**attributes: Any) -> tuple[str, list[str | None]]:
        tokens: list[str | None] = []
        one = ThreadingHTTPServer(("127.0.0.1", 0), type("One", (Impostor,), {**attributes, "tokens": tokens}))
        one.daemon_threads = True
        threading.Thread(target=one.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(one)
        return f"http://127.0.0.1:{one.server_port}", tokens

    yield start
    for one in servers:
        one.shutdown()
        one.server_close()


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ({"body": b"{}"}, "the OPA server does not hold the policies"),
        ({"body": b"[]"}, "the OPA server does not hold the policies"),
        ({"body": b"<html>s3cret</html>"}, "the OPA server answers with something that OPA does not say"),
        ({"status": 401}, "the OPA server answers with status 401"),
        ({"status": 503, "body": b"s3cret"}, "the OPA server answers with status 503"),
        ({"status": 307, "location": "http://127.0.0.1:1/"}, "the OPA server cannot be reached (TooManyRedirects)"),
    ],
)
def test_rubbish_is_a_problem_and_never_a_pass(
    bundle: Bundle, impostor: Callable[..., Any], attributes: dict[str, Any], reason: str
) -> None:
    url, _ = impostor(revision=bundle.catalog.revision, **attributes)
    assert evaluate(bundle, url, {"a": 1}) == Evaluation(problems=(Problem("a.env", reason),))


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        ({"revision": "other", "rules": {}, "facts": []}, "the answer comes from other policies"),
        ({"rules": []}, "the answer is of no known shape"),
        (None, "the answer is of no known shape"),
    ],
)
def test_an_answer_of_other_policies_is_a_problem_of_each_rule(
    bundle: Bundle, impostor: Callable[..., Any], result: Any, reason: str
) -> None:
    url, _ = impostor(revision=bundle.catalog.revision, body=json.dumps({"result": result}).encode())
    problems = (Problem("a.env", f"rule {name}: {reason}") for name in ("env/named", "env/quoted"))
    assert evaluate(bundle, url, {"a": 1}) == Evaluation(problems=tuple(problems))


def test_a_slow_server_is_a_problem(bundle: Bundle, impostor: Callable[..., Any]) -> None:
    url, _ = impostor(delay=2.0)
    found = evaluate(bundle, url, {"a": 1}, seconds=0.2)
    assert found == Evaluation(
        problems=(Problem("a.env", "the OPA server does not answer within 0.2 s"),), out_of_time=True
    )


def test_a_server_that_is_away_is_a_problem_of_each_document_and_asked_once(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checker.engines.opa.RETRIES", 0)
    (port,) = free_ports(1)
    engine = OpaEngine(bundle, everything(bundle, "env/named"), [Server(f"http://127.0.0.1:{port}")])
    away = Evaluation(problems=(Problem("a.env", "the OPA server cannot be reached (ConnectionError)"),))
    assert engine.evaluate(document({})) == away
    monkeypatch.setattr(Remote, "ask", lambda *_: pytest.fail("asked again"))
    assert engine.evaluate(document({})) == away
    engine.close()


def test_policies_that_the_server_refuses_are_a_problem(bundle: Bundle, opa_server: str, tmp_path: Path) -> None:
    (tmp_path / "named.rego").write_text("package policies.env.named\n\ndeny contains\n")
    files = {**bundle.files, "policies/env/named/named.rego": tmp_path / "named.rego"}
    broken = Bundle(bundle.catalog._replace(revision="f" * 32), bundle.module, files)
    found = evaluate(broken, opa_server, {"a": 1})
    reason = "the OPA server refuses the policies: OPA 1.12 or newer is needed"
    assert found == Evaluation(problems=(Problem("a.env", reason),))


def test_the_token_is_sent_and_never_shown(bundle: Bundle, impostor: Callable[..., Any]) -> None:
    url, tokens = impostor(revision=bundle.catalog.revision)
    given = Server(url, token="invented")
    engine = OpaEngine(bundle, everything(bundle, "env/named"), [given])
    engine.evaluate(document({}))
    engine.close()
    assert (set(tokens), "invented" in repr(given)) == ({"Bearer invented"}, False)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:8181/v1", "has a path, where only scheme, host and port can be given"),
        ("http://opa.example:8181", "would send documents unencrypted to another machine"),
        ("opa.example:8181", "is no URL of the form https://host:8181"),
        ("http://[::1", "is no URL"),
        ("https://user:s3cret@opa.example", "holds a user name or password"),
    ],
)
def test_a_url_that_cannot_be_used_is_refused_before_anything_is_scanned(bundle: Bundle, url: str, reason: str) -> None:
    with pytest.raises(CheckerError) as caught:
        OpaEngine(bundle, everything(bundle), [Server(url)])
    assert reason in str(caught.value)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    "server",
    [
        Server("http://localhost:8181/"),
        Server("http://[::1]:8181"),
        Server("http://opa.example", insecure=True),
        Server("https://opa.example", authorities="ca.pem", certificate="c.pem", key="k.pem"),
    ],
)
def test_a_url_that_can_be_used_opens_no_connection_yet(bundle: Bundle, server: Server) -> None:
    remote = Remote(server, bundle, 30.0, retries=2)
    client = remote._client()  # noqa: SLF001 - what the library was told is not seen otherwise
    assert (client.root_url.startswith(server.url.removesuffix("/")), client.retries) == (True, 2)
    assert client._session.trust_env is False  # noqa: SLF001 - what the library was told is not seen otherwise
    remote.close()
