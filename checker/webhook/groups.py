"""Puts what a rehearsal found together: by namespace, owner and rule, and by rule alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from checker.model import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from checker.config import Mode
    from checker.model import Rule
    from checker.webhook.owners import Owner
    from checker.webhook.rehearsal import Judged, Outcome, Rehearsal

OUTCOMES: Final[tuple[Outcome, ...]] = ("deny", "warn", "audit", "pass")
_MODES: Final[tuple[Mode, ...]] = ("deny", "warn", "audit")


class RuleGroup(NamedTuple):
    """Holds what one rule says in one mode of the objects of one owner."""

    rule: str
    mode: Mode
    objects: tuple[Judged, ...]
    places: tuple[tuple[str, str], ...]
    """Fields and messages, each pair once."""


class OwnerGroup(NamedTuple):
    """Holds what is said of the objects of one owner in one namespace, the gravest first."""

    owner: Owner
    objects: tuple[Judged, ...]
    rules: tuple[RuleGroup, ...]


class NamespaceGroup(NamedTuple):
    """Holds the owners of one namespace, which is empty for objects that lie in none."""

    namespace: str
    profile: str
    objects: int
    outcomes: Mapping[Outcome, int]
    owners: tuple[OwnerGroup, ...]


class RuleTotal(NamedTuple):
    """Holds of how many objects and owners a rule speaks; an object counts for the gravest mode only."""

    rule: Rule
    outcomes: Mapping[Outcome, int]
    owners: int


def by_namespace(rehearsal: Rehearsal) -> tuple[NamespaceGroup, ...]:
    """Return everything by namespace, owner and rule."""
    return tuple(
        _namespace(name, tuple(objects), rehearsal)
        for name, objects in groupby(rehearsal.judged, key=lambda one: one.namespace)
    )


def by_rule(rehearsal: Rehearsal) -> tuple[RuleTotal, ...]:
    """Return a total for each rule that spoke, in the order of what it would deny, warn of and note."""
    outcomes: defaultdict[str, Counter[Outcome]] = defaultdict(Counter)
    owners: defaultdict[str, set[tuple[str, Owner]]] = defaultdict(set)
    for one in rehearsal.judged:
        for rule in {said.rule for said in one.said}:
            modes = {said.mode for said in one.said if said.rule == rule}
            outcomes[rule][next(mode for mode in OUTCOMES if mode in modes)] += 1
            owners[rule].add((one.namespace, one.owner))
    totals = [RuleTotal(rule, _counts(outcomes[rule.id]), len(owners[rule.id])) for rule in rehearsal.rules.values()]
    return tuple(sorted(totals, key=lambda one: ([-number for number in one.outcomes.values()], one.rule.id)))


def outcomes(objects: Iterable[Judged]) -> Mapping[Outcome, int]:
    """Return how many objects there are of each outcome."""
    return _counts(Counter(one.outcome for one in objects))


def _counts(counter: Mapping[Outcome, int]) -> dict[Outcome, int]:
    return {outcome: counter.get(outcome, 0) for outcome in OUTCOMES}


def _namespace(name: str, objects: tuple[Judged, ...], rehearsal: Rehearsal) -> NamespaceGroup:
    owners = tuple(_owner(owner, tuple(own), rehearsal) for owner, own in groupby(objects, key=lambda one: one.owner))
    return NamespaceGroup(name, objects[0].profile, len(objects), outcomes(objects), owners)


def _owner(owner: Owner, objects: tuple[Judged, ...], rehearsal: Rehearsal) -> OwnerGroup:
    concerned: defaultdict[tuple[Mode, str], list[Judged]] = defaultdict(list)
    places: defaultdict[tuple[Mode, str], dict[tuple[str, str], None]] = defaultdict(dict)
    for one in objects:
        for said in one.said:
            found = concerned[said.mode, said.rule]
            if not found or found[-1] is not one:
                found.append(one)
            places[said.mode, said.rule][said.field, said.message] = None

    def gravity(key: tuple[Mode, str]) -> tuple[int, int, str]:
        severity = rehearsal.rules[key[1]].severity
        return _MODES.index(key[0]), -SEVERITIES.index(severity), key[1]

    rules = tuple(
        RuleGroup(rule, mode, tuple(concerned[mode, rule]), tuple(places[mode, rule]))
        for mode, rule in sorted(concerned, key=gravity)
    )
    return OwnerGroup(owner, objects, rules)
