"""Describes the compiled policies: their rules, profiles and what each kind offers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from checker.errors import CheckerError
from checker.model import Parameter, Rule

if TYPE_CHECKING:
    from pathlib import Path


class Profile(NamedTuple):
    """Holds the ids of the rules that a profile selects."""

    name: str
    description: str
    rules: tuple[str, ...]
    report_implied: bool = False


class Kind(NamedTuple):
    """Tells what the policies of one kind of document consist of, beside its rules."""

    name: str
    has_facts: bool = False
    """Whether `data.policies.<kind>.facts.facts` is defined."""

    has_objects: bool = False
    """Whether `data.policies.lib.<kind>.objects` is defined."""


class Catalog(NamedTuple):
    """Holds everything that is known of the policies without evaluating them.

    `revision` is the digest of the policies' sources, `modules` gives for each source file the character offsets of
    the word `policies` in its package, imports and references, where a renamed copy differs.
    """

    revision: str
    rules: Mapping[str, Rule]
    profiles: Mapping[str, Profile] = {}
    kinds: Mapping[str, Kind] = {}
    modules: Mapping[str, tuple[int, ...]] = {}


_TUPLES: Final = ("objects", "references", "implied_by")
_MAPPINGS: Final = ("frameworks", "equivalents")


def load(path: Path) -> Catalog:
    """Read what `dump` wrote; raises `CheckerError` where that is not so."""
    import json

    try:
        return _decode(json.loads(path.read_bytes()))
    except (OSError, ValueError, LookupError, TypeError) as error:
        message = f"{path}: is not a catalog of policies ({type(error).__name__})"
        raise CheckerError(message) from None


def dump(catalog: Catalog) -> bytes:
    """Write a catalog as JSON, the same bytes for the same policies."""
    import json

    rules = [_encoded(rule) for rule in catalog.rules.values()]
    kinds = [kind._asdict() for kind in catalog.kinds.values()]
    profiles = [profile._asdict() for profile in catalog.profiles.values()]
    content = {"revision": catalog.revision, "kinds": kinds, "profiles": profiles, "rules": rules}
    modules = json.dumps(catalog.modules, separators=(",", ":"), sort_keys=True).replace('],"', '],\n"')
    text = json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True)
    return f'{text.removesuffix("}").rstrip()},\n "modules": {modules}\n}}\n'.encode()


def _encoded(rule: Rule) -> dict[str, Any]:
    values = rule._asdict() | {"parameters": {name: one._asdict() for name, one in rule.parameters.items()}}
    return {key: value for key, value in values.items() if value != {}}


def _decode(content: dict[str, Any]) -> Catalog:
    rules = (_rule(rule) for rule in content["rules"])
    profiles = (Profile(**{**profile, "rules": tuple(profile["rules"])}) for profile in content["profiles"])
    return Catalog(
        content["revision"],
        {rule.id: rule for rule in rules},
        {profile.name: profile for profile in profiles},
        {kind["name"]: Kind(**kind) for kind in content["kinds"]},
        {name: tuple(offsets) for name, offsets in content["modules"].items()},
    )


def _rule(content: dict[str, Any]) -> Rule:
    values = dict(content)
    for name in _TUPLES:
        values[name] = tuple(values.get(name, ()))
    for name in _MAPPINGS:
        values[name] = {key: tuple(ids) for key, ids in values.get(name, {}).items()}
    values["parameters"] = {key: Parameter(**value) for key, value in values.get("parameters", {}).items()}
    return Rule(**values)
