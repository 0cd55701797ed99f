"""Prints speed and memory of a scan beside other tools and beside the floor; asserts nothing.

Usage: python benchmarks/scan.py [--runs N] [--quick]     (needs ../shared/corpora/realworld.tar.xz)

The floor walks the tree, reads every file that may be checked and composes its YAML with libyaml, nothing else.
Clocks of shared machines wander: compare the figures of one run with each other. Memory is the peak of the resident
sets of all processes of a tool, added up, sampled every 20 ms.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
ARCHIVE = ROOT.parent / "shared" / "corpora" / "realworld.tar.xz"
GROWTH = (1, 2, 4, 8)

FLOOR = """
import sys, yaml
from pathlib import Path
count = 0
for path in sorted(Path(sys.argv[1]).rglob("*")):
    if path.is_file():
        content = path.read_bytes()
        count += 1
        if path.suffix in {".yaml", ".yml"}:
            try:
                for _ in yaml.compose_all(content.decode("utf-8", "replace"), Loader=yaml.CSafeLoader):
                    pass
            except yaml.YAMLError:
                pass
print(count)
"""


@dataclass(frozen=True, slots=True)
class Tool:
    """Names a program and how to count the results in what it prints."""

    name: str
    command: Callable[[Path], list[str]]
    results: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Figures:
    """Holds what one run cost: wall time in seconds, peak memory of all its processes in MiB."""

    seconds: float
    mebibytes: float
    results: str


def _checker_results(output: str) -> str:
    return str(len(json.loads(output)["findings"]))


def _trivy_results(output: str) -> str:
    found = json.loads(output).get("Results", [])
    return str(sum(len(one.get("Misconfigurations", [])) for one in found))


def _checkov_results(output: str) -> str:
    reports = json.loads(output)
    reports = reports if isinstance(reports, list) else [reports]
    return str(sum(len(one.get("results", {}).get("failed_checks", [])) for one in reports))


def _kube_linter_results(output: str) -> str:
    return str(len(json.loads(output).get("Reports") or []))


def tools() -> list[Tool]:
    """Return the floor, this program, and the peers that are on the PATH."""
    python = sys.executable
    found = [
        Tool("floor", lambda tree: [python, "-c", FLOOR, str(tree)], lambda _: "-"),
        Tool(
            "checker",
            lambda tree: [python, "-m", "checker", "scan", "--format", "json", "--fail-on", "never", str(tree)],
            _checker_results,
        ),
    ]
    peers = {
        "trivy": Tool(
            "trivy",
            lambda tree: [
                "trivy",
                "fs",
                "--scanners",
                "misconfig",
                "--skip-check-update",
                "--format",
                "json",
                str(tree),
            ],
            _trivy_results,
        ),
        "checkov": Tool(
            "checkov",
            lambda tree: [
                "checkov",
                "--framework",
                "kubernetes",
                "dockerfile",
                "-o",
                "json",
                "--quiet",
                "-d",
                str(tree),
            ],
            _checkov_results,
        ),
        "kube-linter": Tool(
            "kube-linter", lambda tree: ["kube-linter", "lint", "--format", "json", str(tree)], _kube_linter_results
        ),
    }
    for name, tool in peers.items():
        if shutil.which(name):
            found.append(tool)
        else:
            print(f"{name}: not on the PATH, left out")
    return found


def measure(tool: Tool, tree: Path, environment: dict[str, str]) -> Figures:
    """Run a tool once over a tree."""
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            tool.command(tree), stdout=output, stderr=subprocess.DEVNULL, cwd=tree, env=environment
        )
        peak = _Peak(process.pid)
        process.wait()
        seconds = time.perf_counter() - start
        peak.stop()
        output.seek(0)
        text = output.read().decode("utf-8", "replace")
    try:
        results = tool.results(text)
    except (ValueError, LookupError, AttributeError):
        results = "?"
    return Figures(seconds, peak.kibibytes / 1024, results)


class _Peak:
    """Samples the resident memory of a process and its descendants until it is stopped."""

    def __init__(self, pid: int) -> None:
        self.kibibytes = 0
        self._pid = pid
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._sample)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._stopped.wait(0.02):
            self.kibibytes = max(self.kibibytes, _resident(self._pid))


def _resident(pid: int) -> int:
    """Return the resident memory of a process and its descendants in KiB; 0 where it is gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024 + sum(_resident(int(child)) for child in children)


def compare(tree: Path, runs: int, environment: dict[str, str]) -> None:
    """Print every tool's figures over one tree, each tool in turn, `runs` times."""
    chosen = tools()
    figures: dict[str, list[Figures]] = {tool.name: [] for tool in chosen}
    for _ in range(runs):
        for tool in chosen:
            figures[tool.name].append(measure(tool, tree, environment))
    files = sum(path.is_file() for path in tree.rglob("*"))
    ours = median(one.seconds for one in figures["checker"])
    print(f"\n{files} files, {runs} runs in turn, medians\n")
    print(f"{'tool':12} {'wall s':>8} {'peak MiB':>9} {'results':>8} {'÷ checker':>10}")
    for name, rows in figures.items():
        seconds = median(row.seconds for row in rows)
        memory = max(row.mebibytes for row in rows)
        print(f"{name:12} {seconds:8.2f} {memory:9.0f} {rows[-1].results:>8} {seconds / ours:10.2f}")


def grow(tree: Path, folder: Path, environment: dict[str, str]) -> None:
    """Print what the program costs as the tree grows."""
    checker = next(tool for tool in tools() if tool.name == "checker")
    print(f"\n{'corpus':>8} {'wall s':>8} {'peak MiB':>9} {'s per copy':>8}")
    for factor in GROWTH:
        grown = folder / f"grown{factor}"
        for number in range(factor):
            shutil.copytree(tree, grown / str(number))
        figures = measure(checker, grown, environment)
        shutil.rmtree(grown)
        print(f"{f'x{factor}':>8} {figures.seconds:8.2f} {figures.mebibytes:9.0f} {figures.seconds / factor:8.2f}")


def start_up(folder: Path, runs: int, environment: dict[str, str]) -> None:
    """Print what one small file costs from start to end, with a cold and a warm cache, beside an empty program."""
    small = folder / "small"
    small.mkdir()
    (small / "Dockerfile").write_text("FROM alpine:3.22\nUSER 1000\n")
    (small / "pod.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n")
    empty = Tool("python -c pass", lambda _: [sys.executable, "-c", "pass"], lambda _: "-")
    print(f"\n{'one small file':28} {'wall ms':>8}")
    rows = {empty.name: [measure(empty, small, environment).seconds for _ in range(runs * 3)]}
    for name in ("Dockerfile", "pod.yaml"):
        command = [sys.executable, "-m", "checker", "scan", "--format", "json", "--fail-on", "never", name]
        tool = Tool(name, lambda _, command=command: command, _checker_results)  # type: ignore[misc]
        cold = environment | {"XDG_CACHE_HOME": str(folder / f"cold-{name}")}
        rows[f"{name}, cold cache"] = [measure(tool, small, cold).seconds]
        rows[f"{name}, warm cache"] = [measure(tool, small, cold).seconds for _ in range(runs * 3)]
    for name, seconds in rows.items():
        print(f"{name:28} {median(seconds) * 1000:8.0f}")


def main() -> None:
    """Unpack the corpus and print every table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--quick", action="store_true", help="one small file only")
    options = arguments.parse_args()
    environment = dict(os.environ) | {"PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        start_up(folder, options.runs, environment)
        if options.quick:
            return
        if not ARCHIVE.is_file():
            sys.exit("the corpus ../shared/corpora/realworld.tar.xz is not here")
        with tarfile.open(ARCHIVE) as tar:
            tar.extractall(folder, filter="data")
        compare(folder / "realworld", options.runs, environment)
        grow(folder / "realworld", folder, environment)


if __name__ == "__main__":
    main()
