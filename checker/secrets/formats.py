"""Finds tokens and private keys by their formats."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from math import log2
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from checker.secrets.values import is_documented

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from checker.model import SecretType

_RUN: Final = re.compile(r"[A-Za-z0-9_.\-]{20,}")
"""Every token is at least 20 of these characters long, and starts where a run of them starts."""

_LOOKUP_LENGTH: Final = 3
_ESCAPE: Final = re.compile(r"\\[A-Za-z\"'\\]")
_MINIMUM_ENTROPY: Final = 3.0
"""Bits a character: 20 random base-32 characters have 3.5 and more, words and runs of one character less."""

_FILLER: Final = re.compile(r"example|x{4}|\*{3}|\.{3}|your[-_]|dummy|placeholder|redacted|(.)\1{7}", re.IGNORECASE)
_SEQUENCE: Final = re.compile("12345678(?:90)?|abcdefghij|0123456789", re.IGNORECASE)
_LONGEST_EXAMPLE: Final = 100
"""In longer tokens such sequences come by chance, and nobody types that many characters for an example."""

_KEY_MATERIAL: Final = re.compile(r"[A-Za-z0-9+/=]{40,}")
"""A line of key material: lines have 64 characters (RFC 7468, section 2) or 70 (OpenSSH)."""


class Candidate(NamedTuple):
    """Bounds a secret in a text by offsets, `end` exclusive."""

    start: int
    end: int
    type: SecretType


class Format(NamedTuple):
    """Describes how one kind of token looks; formats.json says what each field means."""

    name: str
    type: SecretType
    pattern: str
    source: str
    prefixes: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()
    check: str = "entropy"

    def match(self, text: str, start: int) -> Candidate | None:
        """Return the secret that starts at an offset of a text, if it is one and no example."""
        match = _expression(self.pattern).match(text, start)
        if match is None or (text[match.end() : match.end() + 1].isalnum() and self.type == "token"):
            return None
        group = "secret" if "secret" in match.groupdict() else 0
        if not _CHECKS[self.check](match[group]) or is_documented(match[0]):
            return None
        return Candidate(*match.span(group), self.type)


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _has_entropy(token: str) -> bool:
    if len(token) <= _LONGEST_EXAMPLE and (_FILLER.search(token) or _SEQUENCE.search(token)):
        return False
    counts = Counter(token).values()
    return -sum(count / len(token) * log2(count / len(token)) for count in counts) >= _MINIMUM_ENTROPY


def _decode(encoded: str) -> bytes:
    import base64
    import binascii

    try:
        return base64.b64decode(
            encoded + "=" * (-len(encoded) % 4), altchars=b"-_" if "-" in encoded or "_" in encoded else None
        )
    except (binascii.Error, ValueError):
        return b""


def _has_json_header(token: str) -> bool:
    """Tell whether the first part of a token is the JSON object that RFC 7519 puts there."""
    header = _decode(token.split(".", maxsplit=1)[0])
    return header.startswith(b"{") and b'"alg"' in header


def _has_key_body(block: str) -> bool:
    """Tell whether a block holds key material rather than an ellipsis, and no public key alone."""
    lines = _KEY_MATERIAL.findall(re.sub(r"\\[rn]", " ", block))
    return bool(lines) and not any(_FILLER.search(line) for line in lines)


def _encodes_key(encoded: str) -> bool:
    return b"PRIVATE KEY" in _decode(encoded[:80])


_CHECKS: Final[Mapping[str, Callable[[str], bool]]] = {
    "entropy": _has_entropy,
    "json-header": _has_json_header,
    "key-body": _has_key_body,
    "encoded-key": _encodes_key,
}


@cache
def formats() -> tuple[Format, ...]:
    """Return the known formats as formats.json lists them."""
    loaded = json.loads((Path(__file__).parent / "formats.json").read_text(encoding="utf-8"))
    return tuple(
        Format(**entry | {key: tuple(entry.get(key, ())) for key in ("prefixes", "anchors")})
        for entry in loaded["formats"]
    )


@cache
def _by_prefix() -> Mapping[str, tuple[tuple[str, Format], ...]]:
    """Group the formats by the first characters of a run; a shorter prefix stands under each continuation."""
    found: dict[str, list[tuple[str, Format]]] = {}
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-"
    for known in formats():
        for prefix in known.prefixes:
            for key in [prefix[:_LOOKUP_LENGTH]] if len(prefix) >= _LOOKUP_LENGTH else [prefix + c for c in letters]:
                found.setdefault(key, []).append((prefix, known))
    return {key: tuple(value) for key, value in found.items()}


@cache
def _by_anchor() -> tuple[tuple[str, Format], ...]:
    return tuple((anchor, known) for known in formats() for anchor in known.anchors)


def find(text: str) -> Iterator[Candidate]:
    """Yield the tokens and keys of a text, those with an anchor first; they may overlap."""
    for anchor, known in _by_anchor():
        start = text.find(anchor)
        while start >= 0:
            candidate = known.match(text, start)
            if candidate is not None:
                yield candidate
            start = text.find(anchor, candidate.end if candidate else start + len(anchor))
    table = _by_prefix()
    for run in _RUN.finditer(text):
        for prefix, known in table.get(run[0][:_LOOKUP_LENGTH], ()):
            if run[0].startswith(prefix) and (candidate := known.match(text, run.start())):
                yield candidate


def may_hold(text: str) -> bool:
    """Tell whether a text may hold what `find` finds in it or in a value that it holds with escapes; cheap."""
    if any(anchor in text for anchor, _ in _by_anchor()):
        return True
    table = _by_prefix()
    runs = _RUN.findall(_ESCAPE.sub(" ", text) if "\\" in text else text)
    return any(
        run.startswith(prefix)
        for run in runs
        if run[:_LOOKUP_LENGTH] in table
        for prefix, _ in table[run[:_LOOKUP_LENGTH]]
    )
