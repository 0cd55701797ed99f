"""Writes each rule's expected.txt: its findings in its own fixtures, for a person to read before they are committed.

Usage: python tools/expected.py [KIND[/RULE]]...   (all rules without an argument)
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from checker import bundles
from checker.config import Settings
from checker.engines.wasm import WasmEngine
from checker.request import ScanRequest
from checker.scan import scan

if TYPE_CHECKING:
    from checker.report import Report

FIXTURES = Path(__file__).parent.parent / "fixtures"
KINDS = ("dockerfile", "env", "image", "kubernetes", "project", "sbom")


def report_of(root: Path, *paths: Path) -> Report:
    """Scan with every rule; paths are reported relative to the root."""
    bundle = bundles.builtin()
    request = ScanRequest(
        open_engine=lambda selection: WasmEngine(bundle, selection),
        catalog=bundle.catalog,
        paths=tuple(str(path) for path in paths or (root,)),
        root=root,
        settings=Settings(profiles=("strict",)),
    )
    return scan(request)


def expectations(kind: str) -> dict[str, list[str]]:
    """Return for each rule folder of a kind the lines of its expected.txt.

    The fixtures are copied out of the repository first: what git knows of them must not change a verdict. The cases
    of a rule over several files are scanned one by one, those of the other kinds together.
    """
    lines: dict[str, list[str]] = defaultdict(list)
    with TemporaryDirectory() as temporary:
        root = copytree(FIXTURES / kind, Path(temporary) / kind).resolve()
        for rule in sorted(folder.name for folder in root.iterdir()):
            lines[rule] = []
        for report in _reports(kind, root):
            for finding in report.findings:
                rule, _, file = finding.path.partition("/")
                if finding.rule == f"{kind}/{rule}":
                    place = f"{finding.region.start_line}:{finding.region.start_column}"
                    lines[rule].append(f"{file}:{place}: {finding.message}\n")
    return lines


def _reports(kind: str, root: Path) -> Iterator[Report]:
    if kind != "project":
        yield report_of(root)
        return
    for case in sorted(path for rule in root.iterdir() for path in rule.iterdir() if path.is_dir()):
        yield report_of(root, case)


def main(patterns: list[str]) -> None:
    """Write the files that the patterns name and print what changed."""
    for kind in KINDS:
        wanted = [pattern.partition("/") for pattern in patterns if pattern.partition("/")[0] == kind]
        if (patterns and not wanted) or not (FIXTURES / kind).is_dir():
            continue
        for rule, lines in expectations(kind).items():
            if patterns and not any(name in {"", rule} for _, _, name in wanted):
                continue
            file = FIXTURES / kind / rule / "expected.txt"
            before = file.read_text("utf-8") if file.is_file() else ""
            if before != "".join(lines):
                file.write_text("".join(lines), "utf-8")
                print(f"{kind}/{rule}: {len(lines)} findings")
                print("".join(lines), end="")


if __name__ == "__main__":
    main(sys.argv[1:])
