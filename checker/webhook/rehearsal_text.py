"""Writes a rehearsal for people: what becomes of whose objects, what to do about it, what was not judged."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from checker.display import flow, printable, wrap
from checker.webhook import groups

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from checker.model import Problem, Skipped, Unrendered
    from checker.webhook.groups import NamespaceGroup, OwnerGroup, RuleGroup
    from checker.webhook.rehearsal import Judged, Outcome, Rehearsal

_NAMED: Final = 3
"""How many places, files or problems that say the same are named."""

_WOULD_BE: Final[Mapping[Outcome, str]] = {
    "deny": "denied",
    "warn": "warned of",
    "audit": "noted in the audit log",
    "pass": "passed without a word",
}
_VERDICTS: Final = (
    "Passed: nothing would be denied.",
    "Failed: {} would be denied.",
    "Incomplete: not everything was judged.",
    "Nothing judged: there was no object.",
)


def render(rehearsal: Rehearsal, width: int) -> Iterator[str]:
    """Yield the text in lines of so many columns, as far as they can be broken."""
    for namespace in groups.by_namespace(rehearsal):
        yield from _namespace(namespace, width)
    yield from _advice(rehearsal, width)
    yield from _problems(rehearsal.problems, width)
    yield from _reasons("Not rendered", rehearsal.unrendered, width)
    yield from _reasons("Skipped", rehearsal.skipped, width)
    yield from _summary(rehearsal, width)


def _wrapped(text: str, width: int, first: str = "", indent: str = "  ") -> Iterator[str]:
    for line in wrap(text, max(width - len(indent), len(indent))):
        yield f"{first}{line}\n"
        first = indent


def _namespace(group: NamespaceGroup, width: int) -> Iterator[str]:
    if not any(owner.rules for owner in group.owners):
        return
    name = f"Namespace {group.namespace}" if group.namespace else "In no namespace"
    told = _would_be(group.outcomes)
    yield from _wrapped(f"{name} (profile {group.profile}): {count(group.objects, 'object')}, {told}", width)
    yield "\n"
    for owner in group.owners:
        if owner.rules:
            yield from _owner(owner, width)


def _owner(group: OwnerGroup, width: int) -> Iterator[str]:
    name = group.owner.name or "without this label"
    yield f"  {printable(f'{group.owner.kind} {name}')}\n"
    told: dict[str, list[RuleGroup]] = {}
    for rule in group.rules:
        told.setdefault(rule.rule, []).append(rule)
    for gravest, *others in told.values():
        milder = "".join(f"; {one.mode}: {_objects(one.objects)}" for one in others)
        line = f"{gravest.rule}: {_objects(gravest.objects)}{milder}"
        yield from _wrapped(line, width, f"    {gravest.mode:<5} ", " " * 10)
        if gravest.mode != "audit":
            yield from _places(gravest, width)
    yield "\n"


def _places(group: RuleGroup, width: int) -> Iterator[str]:
    for field, message in group.places[:_NAMED]:
        yield from _wrapped(f"{field}: {message}" if field else message, width, " " * 10, " " * 12)
    more = len(group.places) - _NAMED
    if more > 0:
        yield f"{' ' * 10}and {more:,} more\n"


def _objects(objects: Iterable[Judged]) -> str:
    """Count objects by kind: `1 Deployment, 3 Pods, 1 Pod to be made`."""
    kinds = Counter((one.is_made, one.kind) for one in objects)
    return ", ".join(
        count(number, kind) + (" to be made" if is_made else "") for (is_made, kind), number in sorted(kinds.items())
    )


def _would_be(outcomes: Mapping[Outcome, int]) -> str:
    return ", ".join(f"{number:,} {_WOULD_BE[outcome]}" for outcome, number in outcomes.items() if number)


def _advice(rehearsal: Rehearsal, width: int) -> Iterator[str]:
    totals = groups.by_rule(rehearsal)
    if totals:
        yield "What to do\n\n"
    for rule, outcomes, owners in totals:
        yield from _wrapped(f"{rule.id}: {rule.title} ({rule.severity})", width, "  ", "    ")
        would_be = _would_be(outcomes)
        yield from _wrapped(f"Objects: {would_be}; owners: {owners:,}", width, "    ", "    ")
        for line in flow(rule.remediation, width - 4):
            yield f"    {line}".rstrip() + "\n"
        yield "\n"


def _problems(problems: Sequence[Problem], width: int) -> Iterator[str]:
    if not problems:
        return
    yield "Not judged\n\n"
    for problem in problems:
        region = f":{problem.region.start_line}:{problem.region.start_column}" if problem.region else ""
        place = f"{problem.path}{region}: " if problem.path else ""
        yield from _wrapped(f"{place}{problem.reason}", width, "  ", "    ")
        if problem.advice:
            yield from _wrapped(problem.advice, width, "    ", "    ")
    yield "\n"


def _reasons(title: str, files: Sequence[Skipped] | Sequence[Unrendered], width: int) -> Iterator[str]:
    """Yield one entry for each reason, with the first files that it concerns."""
    if not files:
        return
    paths: dict[str, list[str]] = {}
    for file in files:
        paths.setdefault(file.reason, []).append(file.path)
    yield f"{title}\n\n"
    for reason, named in paths.items():
        more = [f"{len(named) - _NAMED:,} more"] if len(named) > _NAMED else []
        yield from _wrapped(f"{reason}: {', '.join([*named[:_NAMED], *more])}", width, "  ", "    ")
    yield "\n"


def _summary(rehearsal: Rehearsal, width: int) -> Iterator[str]:
    existing = [one for one in rehearsal.judged if not one.is_made]
    made = len(rehearsal.judged) - len(existing)
    places = len({one.namespace for one in rehearsal.judged} - {""})
    yield from _wrapped(f"Judged {count(len(existing), 'object')} of {count(places, 'namespace')}.", width)
    if made:
        yield from _wrapped(f"Judged {count(made, 'Pod')} that none of them has made yet, by their templates.", width)
    left_out = {
        "No rule looks at": _kinds(rehearsal.without_rules),
        "The API server makes them by itself": _kinds(rehearsal.own),
        "In namespaces that the webhook leaves out": _kinds(rehearsal.excluded),
        "Not rendered": str(len(rehearsal.unrendered) or ""),
        "Skipped": str(len(rehearsal.skipped) or ""),
        "Files of no known kind": str(rehearsal.unclaimed or ""),
        "Not judged": str(len(rehearsal.problems) or ""),
    }
    for title, told in left_out.items():
        if told:
            yield from _wrapped(f"{title}: {told}.", width)
    outcomes = groups.outcomes(rehearsal.judged)
    if rehearsal.judged:
        yield from _wrapped(f"If created now: {_would_be(outcomes)}.", width)
    yield _VERDICTS[rehearsal.exit_code].format(count(outcomes["deny"], "object")) + "\n"


def _kinds(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {printable(name)}" for name, number in counted.items())


def count(number: int, what: str) -> str:
    """Return a number with its noun: `1 object`, `2 objects`."""
    return f"{number:,} {printable(what)}{'s' if number != 1 else ''}"
