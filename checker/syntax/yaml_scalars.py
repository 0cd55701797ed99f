"""Resolves YAML scalars as Kubernetes does."""

from __future__ import annotations

import base64
import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from checker.errors import InputError

if TYPE_CHECKING:
    from checker.model import JSON

_PREFIX: Final = "tag:yaml.org,2002:"
_HINTS: Final = frozenset("+-.0123456789yYnNtTfFoO~")
"""The first characters of plain scalars that may be something else than a string."""

_CONSTANTS: Final[dict[str, bool | float | None]] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_INTEGER: Final = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_LONGEST_NUMBER: Final = 400


def resolve(value: str) -> JSON:
    """Return what a plain scalar without a tag means to Kubernetes: YAML 1.1 booleans, no base 60, no dates.

    Follows https://github.com/kubernetes-sigs/yaml (goyaml.v2, resolve.go) with the numbers that its JSON then shows.
    """
    if value and value[0] not in _HINTS:
        return value
    return _resolve(value)


@lru_cache(maxsize=8192)
def _resolve(value: str) -> JSON:
    if value in _CONSTANTS:
        return _CONSTANTS[value]
    if value[0] not in "+-.0123456789" or len(value) > _LONGEST_NUMBER:
        return value
    plain = value if value[0] == "." else value.replace("_", "")
    if (match := _INTEGER.fullmatch(plain)) is not None:
        number = _integer(match)
        if -(2**63) <= number < 2**64 or not _FLOAT.fullmatch(plain):
            return number
    if _FLOAT.fullmatch(plain):
        real = float(plain)
        return value if math.isinf(real) else _shown(real)
    return value


def _integer(match: re.Match[str]) -> int:
    sign, hexadecimal, binary, octal, decimal = match.groups()
    for digits, base in ((hexadecimal, 16), (binary, 2), (octal, 8), (decimal, 10)):
        if digits is not None:
            return int(sign + digits, base)
    raise AssertionError  # pragma: no cover - one of the groups matched


def _shown(real: float) -> JSON:
    """Return a whole number without its fraction, as Go writes it into JSON."""
    return int(real) if real.is_integer() and abs(real) < 1e21 else real  # noqa: PLR2004 - where Go turns to exponents


def resolve_tagged(value: str, tag: str) -> JSON:
    """Return what a scalar with a tag means; raises `InputError` where the tag does not fit the value."""
    name = tag.removeprefix(_PREFIX) if tag.startswith(_PREFIX) else ""
    if name == "binary":
        return _decode(value)
    if name not in ("bool", "int", "float", "null"):
        return value
    result = resolve(value)
    if name == "float" and isinstance(result, int) and not isinstance(result, bool):
        return result
    fits = {
        "bool": isinstance(result, bool),
        "int": isinstance(result, int) and not isinstance(result, bool),
        "float": isinstance(result, float),
        "null": result is None,
    }
    if not fits[name]:
        message = f"value does not fit its tag !!{name}"
        raise InputError(message)
    return result


def _decode(value: str) -> str:
    try:
        return base64.b64decode("".join(value.split()), validate=True).decode("utf-8", "replace")
    except ValueError:
        message = "value does not fit its tag !!binary"
        raise InputError(message) from None


def key_of(value: JSON) -> str:
    """Return the string that JSON has for a mapping's key; raises `InputError` for a key that can be none."""
    if value.__class__ is str:
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return {"inf": ".inf", "-inf": "-.inf", "nan": ".nan"}.get(str(value), f"{value:.7g}")
    message = "has a key that is no string, number or boolean"
    raise InputError(message)
