"""Reads profiles, which name rules by pattern."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from checker.catalog import Profile
from checker.errors import CheckerError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from checker.model import Rule

SCHEMA: Final = {
    "type": "object",
    "additionalProperties": False,
    "required": ["description", "rules"],
    "properties": {
        "description": {"type": "string"},
        "rules": {"type": "array", "items": {"type": "string"}, "minItems": 1},
        "enabled": {"type": "array", "items": {"enum": ["default", "opt-in"]}, "minItems": 1},
        "implied": {"enum": ["report"]},
    },
}
"""A profile holds the rules that match one of `rules` and are enabled as one of `enabled` says, if it says so."""


def read(path: Path, rules: Mapping[str, Rule]) -> Profile:
    """Return a profile with the ids of its rules; raises `CheckerError` with file and line."""
    content = _content(path)
    for pattern in content["rules"]:
        if rules and not any(fnmatchcase(name, pattern) for name in rules):
            message = f"{path}:1: no rule matches `{pattern}`"
            raise CheckerError(message)
    enabled = content.get("enabled", ["default", "opt-in"])
    selected = (
        rule.id
        for rule in rules.values()
        if rule.enabled in enabled and any(fnmatchcase(rule.id, pattern) for pattern in content["rules"])
    )
    return Profile(path.stem, content["description"], tuple(sorted(selected)), content.get("implied") == "report")


def _content(path: Path) -> Any:
    import yaml
    from jsonschema import Draft7Validator
    from jsonschema.exceptions import best_match

    try:
        content = yaml.safe_load(path.read_bytes())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        message = f"{path}:{mark.line + 1 if mark else 1}: is not YAML"
        raise CheckerError(message) from None
    problem = best_match(Draft7Validator(SCHEMA).iter_errors(content))
    if problem is not None:
        message = f"{path}:1: {problem.message}"
        raise CheckerError(message)
    return content
