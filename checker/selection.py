"""Decides which rules of a catalog a scan evaluates, and how they count."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from checker import nearest
from checker.errors import CheckerError
from checker.model import SEVERITIES, Selection

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from checker.catalog import Catalog, Profile
    from checker.config import Settings
    from checker.model import JSON, Rule

DEFAULT: Final = "default"
"""The profile of a scan that names none."""

_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


def select(catalog: Catalog, settings: Settings) -> Selection:
    """Return the rules of the profiles and of `select` without those of `ignore`, as the settings weigh and tune them.

    Raises `CheckerError` that names the nearest valid word where a profile, pattern, rule, parameter or severity is
    unknown, where a parameter has another type, and where no rule is left.
    """
    profiles = [_profile(catalog, name) for name in settings.profiles or (DEFAULT,)]
    chosen = {rule for profile in profiles for rule in profile.rules}
    chosen |= _matching(catalog, settings.select)
    chosen -= _matching(catalog, settings.ignore)
    if not chosen:
        message = "no rule is selected"
        raise CheckerError(message)
    for rule, severity in settings.severities.items():
        _known(rule, catalog.rules, "rule")
        _known(severity, SEVERITIES, "severity")
    rules = (_weighed(rule, settings) for rule in catalog.rules.values() if rule.id in chosen)
    return Selection(tuple(rules), _parameters(catalog, settings), any(profile.report_implied for profile in profiles))


def _profile(catalog: Catalog, name: str) -> Profile:
    return catalog.profiles[_known(name, catalog.profiles, "profile")]


def _matching(catalog: Catalog, patterns: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for pattern in patterns:
        matching = {rule for rule in catalog.rules if fnmatchcase(rule, pattern)}
        if not matching:
            message = f"no rule matches `{pattern}`{nearest.hint(pattern, catalog.rules)}"
            raise CheckerError(message)
        found |= matching
    return found


def _weighed(rule: Rule, settings: Settings) -> Rule:
    severity = settings.severities.get(rule.id)
    return rule._replace(severity=severity) if severity else rule


def _parameters(catalog: Catalog, settings: Settings) -> dict[str, Mapping[str, JSON]]:
    for name, values in settings.parameters.items():
        rule = catalog.rules[_known(name, catalog.rules, "rule")]
        for key, value in values.items():
            parameter = rule.parameters[_known(key, rule.parameters, f"parameter of {rule.id}")]
            if not _is_of_type(value, parameter.type):
                message = f"parameter {key} of {rule.id} is no {parameter.type}"
                raise CheckerError(message)
    return {name: dict(values) for name, values in sorted(settings.parameters.items()) if values}


def _is_of_type(value: JSON, name: str) -> bool:
    """Tell whether a value has a JSON schema type: a boolean is no number, 1.0 is an integer."""
    if isinstance(value, bool):
        return name == "boolean"
    if name == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _TYPES[name])


def _known(word: str, words: Iterable[str], what: str) -> str:
    if word not in words:
        message = f"there is no {what} `{word}`{nearest.hint(word, words)}"
        raise CheckerError(message)
    return word
