"""Prints speed and memory of the webhook beside an OPA server that is asked directly; asserts nothing.

Usage: python benchmarks/webhook.py [--seconds N] [--rate N] [--soak N]     (needs ../shared/corpora/realworld.tar.xz)

The requests create the pods, and the objects with pods in them, of public repositories. The OPA server gets the same
documents, rules, certificate and client, but reads no review, looks for no secret and words no answer. vegeta asks at a
constant rate, whatever the answers take, and then as fast as sixteen connections allow. Clocks of shared machines
wander: compare the figures of one run with each other.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import trustme

from checker import bundles, entrypoints
from checker.config import Settings
from checker.engines import answers, uploads
from checker.engines.opa import OpaEngine, Server
from checker.errors import CheckerError
from checker.model import Document
from checker.normalizers import kubernetes
from checker.selection import select
from checker.webhook import creation
from tests.services import answers as answering
from tests.services import eventually, free_ports, running
from tests.trees import NoTree

ROOT = Path(__file__).parent.parent
ARCHIVE = ROOT.parent / "shared" / "corpora" / "realworld.tar.xz"
KINDS = {"Pod", "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicaSet"}
CONNECTIONS = 16
BUNDLE = bundles.builtin()


@dataclass(frozen=True)
class Contender:
    """Names a server, how it is started at a port and how one knows that it is ready, and what it is asked."""

    name: str
    command: tuple[str, ...]
    ready: str
    path: str
    bodies: list[bytes]


def objects(tree: Path) -> Iterator[Document]:
    """Yield the documents of a tree that hold pods."""
    from checker.model import SourceFile

    for path in sorted(tree.rglob("*.y*ml")):
        source = SourceFile(path.name, path.read_bytes(), path.name)
        try:
            if kubernetes.recognizes(source):
                items = list(kubernetes.normalize(source, NoTree()))
                yield from (item for item in items if isinstance(item, Document) and item.data["kind"] in KINDS)
        except (AssertionError, CheckerError):  # what asks for its neighbours, and what is no text
            continue


def reviews(documents: Sequence[Document]) -> list[bytes]:
    """Return the requests that create objects."""
    return [creation.request(one.data, "bench").replace(b'"rehearsal"', b'"bench"', 1) for one in documents]


def questions(documents: Sequence[Document]) -> list[bytes]:
    """Return what the webhook asks its engine about objects, as OPA's API takes it."""
    selection = select(BUNDLE.catalog, Settings())
    rules = [rule for rule in selection.rules if rule.kind == kubernetes.KIND]
    asked = [answers.request(rules, selection, one.data, one.secrets, facts=False) for one in documents]
    return [json.dumps({"input": one}).encode() for one in asked]


def attack(folder: Path, contender: Contender, port: int, rate: str, seconds: float) -> list[tuple[int, float]]:
    """Return status and milliseconds of each request that was sent."""
    targets = folder / "targets"
    url = f"https://127.0.0.1:{port}{contender.path}"
    header = {"Content-Type": ["application/json"]}
    lines = [
        json.dumps({"method": "POST", "url": url, "header": header, "body": base64.b64encode(body).decode()})
        for body in contender.bodies
    ]
    targets.write_text("\n".join(lines))
    command = [
        *("vegeta", "attack", "-format=json", f"-targets={targets}", f"-rate={rate}", f"-duration={seconds}s"),
        *(f"-max-workers={CONNECTIONS}", f"-workers={CONNECTIONS}", f"-connections={CONNECTIONS}"),
        *("-http2=false", f"-root-certs={folder / 'ca.pem'}"),
    ]
    attacking = subprocess.run(command, capture_output=True, check=True)
    encode = ("vegeta", "encode", "-to=csv")
    encoded = subprocess.run(encode, input=attacking.stdout, capture_output=True, check=True)
    rows = [line.split(",")[:3] for line in encoded.stdout.decode().splitlines()]
    return [(int(code), int(latency) / 1e6) for _, code, latency in rows]


def used(pid: int) -> tuple[float, float]:
    """Return the CPU seconds and the resident MiB of a process and its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    memory = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        more = used(int(child))
        seconds, memory = seconds + more[0], memory + more[1]
    return seconds, memory


@contextmanager
def serving(folder: Path, contender: Contender) -> Iterator[tuple[int, int]]:
    """Run a server until the block ends; yields its port and process id."""
    (port,) = free_ports(1)
    log = folder / "log"
    command = [part.format(port=port, folder=folder) for part in contender.command]
    with running(command, log, {"PYTHONPATH": str(ROOT)}) as process:
        url = f"https://127.0.0.1:{port}"
        eventually(answering(f"{url}{contender.ready}", process, log, verify=str(folder / "ca.pem")), contender.name)
        if contender.command[0] == "opa":
            _upload(folder, port)
        yield port, process.pid


def _upload(folder: Path, port: int) -> None:
    """Ask the server once, whose first answer waits for the policies."""
    engine = OpaEngine(
        BUNDLE,
        select(BUNDLE.catalog, Settings()),
        [Server(f"https://127.0.0.1:{port}", authorities=str(folder / "ca.pem"))],
    )
    evaluation = engine.evaluate(kubernetes.document_of({"apiVersion": "v1", "kind": "Pod"}, ""))
    engine.close()
    if evaluation.problems:
        sys.exit(evaluation.problems[0].reason)


def told(folder: Path, contender: Contender, rate: str, seconds: float) -> None:
    """Print a row: what one server did with requests at a rate."""
    with serving(folder, contender) as (port, pid):
        attack(folder, contender, port, "100/s", 2)
        before = used(pid)[0]
        begin = time.perf_counter()
        sent = attack(folder, contender, port, rate, seconds)
        spent = time.perf_counter() - begin
        cpu, memory = used(pid)
    latencies = sorted(latency for _, latency in sent)
    errors = sum(code != requests.codes.ok for code, _ in sent)
    quantiles = [latencies[min(int(len(latencies) * share), len(latencies) - 1)] for share in (0.5, 0.99, 0.999, 1)]
    figures = " ".join(f"{one:8.2f}" for one in quantiles)
    print(
        f"{contender.name:24} {len(sent) / spent:8.0f} {figures} {errors:6} {(cpu - before) / spent:7.2f} {memory:7.0f}"
    )


def soak(folder: Path, contender: Contender, rate: str, seconds: int) -> None:
    """Print the memory of a server minute by minute."""
    print(f"\n{'minute':>6} {'MiB':>8}   {contender.name}, {rate}")
    with serving(folder, contender) as (port, pid):
        for minute in range(seconds // 60 + 1):
            if minute:
                attack(folder, contender, port, rate, 60)
            print(f"{minute:6} {used(pid)[1]:8.1f}", flush=True)


def contenders(documents: Sequence[Document]) -> list[Contender]:
    """Return the webhook with one process and with as many as there are processors, and OPA."""
    pair = ("--certificate", "{folder}/server.pem", "--key", "{folder}/key.pem")
    serve = (sys.executable, "-m", "checker", "serve", "--no-config", "--listen", "127.0.0.1:{port}", *pair)
    opa = ("opa", "run", "--server", "--log-level=error", "--addr=127.0.0.1:{port}")
    path = f"/v1/data/{entrypoints.path(kubernetes.KIND, uploads.root(BUNDLE.catalog.revision))}"
    certificate = ("--tls-cert-file={folder}/server.pem", "--tls-private-key-file={folder}/key.pem")
    asked, reviewed = questions(documents), reviews(documents)
    return [
        Contender("checker, 1 process", (*serve, "--workers", "1"), "/readyz", "/validate?timeout=10s", reviewed),
        Contender("checker, 2 processes", (*serve, "--workers", "2"), "/readyz", "/validate?timeout=10s", reviewed),
        Contender("OPA", (*opa, *certificate), "/health", path, asked),
    ]


def main(arguments: Any) -> None:
    """Print every table."""
    for name in ("vegeta", "opa"):
        if shutil.which(name) is None:
            sys.exit(f"{name} is not on the PATH: run `make bench-webhook`")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        authority = trustme.CA()
        authority.cert_pem.write_to_path(folder / "ca.pem")
        issued = authority.issue_cert("127.0.0.1")
        issued.cert_chain_pems[0].write_to_path(folder / "server.pem")
        issued.private_key_pem.write_to_path(folder / "key.pem")
        with tarfile.open(ARCHIVE) as tar:
            tar.extractall(folder, filter="data")
        documents = list(objects(folder / "realworld"))
        sizes = sorted(map(len, reviews(documents)))
        print(f"{len(sizes)} objects, median {sizes[len(sizes) // 2]:,} bytes, largest {sizes[-1]:,}")
        columns = " ".join(f"{name:>8}" for name in ("p50 ms", "p99", "p99.9", "max"))
        for rate, seconds in ((f"{arguments.rate}/s", arguments.seconds), ("0", max(arguments.seconds / 4, 5))):
            print(f"\n{'as fast as it can' if rate == '0' else rate}, {seconds:g} s, {CONNECTIONS} connections")
            print(f"{'':24} {'req/s':>8} {columns} {'errors':>6} {'cores':>7} {'MiB':>7}")
            for contender in contenders(documents):
                told(folder, contender, rate, seconds)
        if arguments.soak:
            soak(folder, contenders(documents)[1], f"{arguments.rate}/s", arguments.soak)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--soak", type=int, default=0, help="seconds, whole minutes")
    main(parser.parse_args())
