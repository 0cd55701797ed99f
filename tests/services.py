"""Runs programs that serve on this machine, for as long as a test needs them."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, Final

import requests

PATIENCE: Final = 60.0
"""How long anything may take before a test gives up: reached only by what hangs."""


def eventually(question: Callable[[], Any], what: str) -> Any:
    """Ask until the answer is true and return it; fails the test with `what` was awaited after all patience."""
    deadline = time.monotonic() + PATIENCE
    while not (answer := question()):
        if time.monotonic() > deadline:
            message = f"waited in vain for {what}"
            raise AssertionError(message)
        time.sleep(0.02)
    return answer


def free_ports(count: int) -> list[int]:
    """Return ports of this machine on which nothing listens, all different."""
    with ExitStack() as stack:
        probes = [stack.enter_context(closing(socket.socket())) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


@contextmanager
def running(command: Sequence[str | Path], log: Path, environment: Mapping[str, str] | None = None) -> Iterator[Any]:
    """Run a program, its output in a file, until the block ends; yields the process."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def answers(url: str, process: subprocess.Popen[bytes], log: Path, **options: Any) -> Callable[[], bool]:
    """Return a question for `eventually`: whether a running program answers an address with 200."""

    def ask() -> bool:
        if process.poll() is not None:
            message = f"{process.args!r} ended with {process.returncode}: {log.read_text()[-2000:]}"
            raise AssertionError(message)
        try:
            return requests.get(url, timeout=PATIENCE, **options).ok
        except requests.RequestException:
            return False

    return ask
