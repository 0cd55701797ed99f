"""Draws findings of a tree at random, for a person to read.

Usage: python tools/sample.py TREE NUMBER SEED

Prints the seed, how many findings each rule has with every rule selected, then the drawn ones as
`path:line: rule: message`: two of each rule (all where a rule has fewer), and others up to the number.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from checker import bundles
from checker.config import Settings
from checker.engines.wasm import WasmEngine
from checker.request import ScanRequest
from checker.scan import scan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from checker.model import Finding

PER_RULE = 2


def findings_by_rule(tree: Path) -> dict[str, list[Finding]]:
    """Scan a tree with every rule; a rule without a finding is there too."""
    bundle = bundles.builtin()
    request = ScanRequest(
        open_engine=lambda selection: WasmEngine(bundle, selection),
        catalog=bundle.catalog,
        paths=(str(tree),),
        root=tree,
        settings=Settings(profiles=("strict",)),
    )
    report = scan(request)
    by_rule: dict[str, list[Finding]] = {rule.id: [] for rule in report.rules}
    for finding in report.findings:
        by_rule[finding.rule].append(finding)
    return by_rule


def draw(by_rule: Mapping[str, Sequence[Finding]], number: int, seed: int) -> list[Finding]:
    """Return findings at random, some of each rule, in the order of the report within a rule."""
    random = Random(seed)  # noqa: S311 - a sample that others can draw again, no secret
    drawn: dict[str, set[int]] = defaultdict(set)
    for rule, found in by_rule.items():
        drawn[rule].update(random.sample(range(len(found)), min(PER_RULE, len(found))))
    rest = [(rule, index) for rule, found in by_rule.items() for index in range(len(found)) if index not in drawn[rule]]
    missing = max(0, number - sum(map(len, drawn.values())))
    for rule, index in random.sample(rest, min(missing, len(rest))):
        drawn[rule].add(index)
    return [by_rule[rule][index] for rule in by_rule for index in sorted(drawn[rule])]


def lines(by_rule: Mapping[str, Sequence[Finding]], drawn: Iterable[Finding], seed: int) -> Iterable[str]:
    """Yield what is printed."""
    yield f"seed {seed}"
    for rule, found in by_rule.items():
        yield f"{len(found):6} {rule}"
    for finding in drawn:
        yield f"{finding.path}:{finding.region.start_line}: {finding.rule}: {finding.message}"


def main(tree: str, number: str, seed: str) -> None:
    """Print the sample."""
    by_rule = findings_by_rule(Path(tree).resolve())
    print("\n".join(lines(by_rule, draw(by_rule, int(number), int(seed)), int(seed))))


if __name__ == "__main__":
    main(*sys.argv[1:])
