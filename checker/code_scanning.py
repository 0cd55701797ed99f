"""Fits a SARIF log to what GitHub code scanning takes in.

The limits: https://docs.github.com/en/code-security/reference/code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Final, NamedTuple

from checker.errors import CheckerError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from checker.model import JSON

RUNS: Final = 20
RESULTS: Final = 25_000
SHOWN: Final = 5_000
SIZE: Final = 10_000_000
"""The limit is "10 MB"; this is the smaller of the two numbers that the words may mean."""

_LEVELS: Final = {"error": 3, "warning": 2, "note": 1, "none": 0}
_DEFAULT_LEVEL: Final = "warning"
"""What SARIF 2.1.0 (3.27.10 and 3.50.3) takes where neither the result nor its rule names a level."""


class _Place(NamedTuple):
    """Names a result by the numbers of its run and of itself in it."""

    run: int
    result: int


def prepared(log: JSON, category: str | None = None) -> tuple[JSON, list[str]]:
    """Return a log that GitHub takes in, and sentences that say what was left out of the given one, and why.

    A category replaces that of all runs: GitHub takes for one what stands before the last slash of a run's id.

    Suppressed results are left out, for GitHub does not read `suppressions` and would open alerts for them. The given
    log stays as it is. Raises `CheckerError` for what is no SARIF, and for a log that is too large without any result.
    """
    try:
        fitting, told = _prepared(log)
        if category is not None:
            for run in fitting["runs"]:
                run["automationDetails"] = {**run.get("automationDetails", {}), "id": f"{category.rstrip('/')}/"}
    except (LookupError, TypeError, AttributeError, ValueError):
        message = "is no SARIF"
        raise CheckerError(message) from None
    if not fitting["runs"]:
        message = "has no runs"
        raise CheckerError(message)
    return fitting, told


def packed(log: JSON) -> bytes:
    """Return a log as it is sent, before its base64: the same bytes for the same log."""
    return gzip.compress(json.dumps(log, separators=(",", ":")).encode("ascii"), mtime=0)


def _prepared(log: JSON) -> tuple[JSON, list[str]]:
    runs, told = log["runs"][:RUNS], []
    if not all(run["tool"]["driver"]["name"] for run in runs):
        raise ValueError  # each tool has a name (3.19.8)
    if len(log["runs"]) > RUNS:
        left = len(log["runs"]) - RUNS
        told.append(f"{left:,} of {len(log['runs']):,} runs are left out, the last ones: GitHub takes {RUNS} of a file")
    open_ones = [[one for one in run.get("results") or [] if not _is_suppressed(one)] for run in runs]
    suppressed = sum(len(run.get("results") or []) for run in runs) - sum(map(len, open_ones))
    if suppressed:
        told.append(f"{suppressed:,} suppressed {_results(suppressed)} left out: GitHub would open alerts for them")
    kept = [_most_severe(run, results, told) for run, results in zip(runs, open_ones, strict=True)]
    fitting = _with_results(log, runs, kept)
    if len(packed(fitting)) > SIZE:
        fitting = _cut_to_size(log, runs, kept, told)
    return fitting, told


def _most_severe(run: Mapping[str, JSON], results: Sequence[JSON], told: list[str]) -> list[JSON]:
    """Return as many results of a run as GitHub takes in, in their order."""
    if len(results) > SHOWN:
        told.append(f"GitHub shows {SHOWN:,} of the {min(len(results), RESULTS):,} results, the most severe ones")
    if len(results) <= RESULTS:
        return list(results)
    left = len(results) - RESULTS
    told.append(
        f"{left:,} of {len(results):,} results are left out, the least severe ones: GitHub takes {RESULTS:,} of a run"
    )
    ranks = _Ranks(run)
    best = sorted(range(len(results)), key=lambda number: ranks.of(results[number]))[:RESULTS]
    return [results[number] for number in sorted(best)]


def _cut_to_size(log: JSON, runs: Sequence[JSON], kept: Sequence[Sequence[JSON]], told: list[str]) -> JSON:
    """Return the log with as many results as fit, the most severe of all runs."""
    places = [_Place(run, number) for run, results in enumerate(kept) for number in range(len(results))]
    ranks = [_Ranks(run) for run in runs]
    places.sort(key=lambda place: (ranks[place.run].of(kept[place.run][place.result]), place))

    def first(count: int) -> JSON:
        chosen: list[list[JSON]] = [[] for _ in runs]
        for run, number in sorted(places[:count]):
            chosen[run].append(kept[run][number])
        return _with_results(log, runs, chosen)

    fits, too_many = -1, len(places)
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        if len(packed(first(middle))) <= SIZE:
            fits = middle
        else:
            too_many = middle
    if fits < 0:
        message = f"is larger than the {SIZE // 1_000_000} MB that GitHub takes in, even compressed and without results"
        raise CheckerError(message)
    left = len(places) - fits
    told.append(
        f"{left:,} of {len(places):,} results are left out, the least severe ones:"
        f" GitHub takes {SIZE // 1_000_000} MB, compressed"
    )
    return first(fits)


def _with_results(log: JSON, runs: Sequence[JSON], results: Sequence[Sequence[JSON]]) -> JSON:
    filled = [{**run, "results": list(kept)} for run, kept in zip(runs, results, strict=True)]
    return {**log, "runs": filled}


def _is_suppressed(result: Mapping[str, JSON]) -> bool:
    """Return whether a result has suppressions, all of them accepted (SARIF 2.1.0, 3.27.23 and 3.35.3)."""
    suppressions = result.get("suppressions") or []
    return bool(suppressions) and all(one.get("status", "accepted") == "accepted" for one in suppressions)


def _results(count: int) -> str:
    return "result is" if count == 1 else "results are"


class _Ranks:
    """Orders the results of a run: the most severe first, equal ones by their place."""

    def __init__(self, run: Mapping[str, JSON]) -> None:
        self._rules: list[JSON] = run["tool"]["driver"].get("rules") or []
        self._by_id = {rule["id"]: rule for rule in self._rules}

    def of(self, result: Mapping[str, JSON]) -> tuple[int, float, str, int]:
        """Return the key to sort a result by."""
        rule = self._rule(result)
        level = result.get("level") or rule.get("defaultConfiguration", {}).get("level", _DEFAULT_LEVEL)
        score = float(rule.get("properties", {}).get("security-severity", 0))
        place = (result.get("locations") or [{}])[0].get("physicalLocation", {})
        path = place.get("artifactLocation", {}).get("uri", "")
        return -_LEVELS[level], -score, path, place.get("region", {}).get("startLine", 0)

    def _rule(self, result: Mapping[str, JSON]) -> JSON:
        """Return the rule of a result; rules of a tool's extensions are not looked for."""
        index = result.get("ruleIndex", -1)
        if 0 <= index < len(self._rules):
            return self._rules[index]
        return self._by_id.get(result.get("ruleId", ""), {})
