"""Judges by a name and a value whether the value is a secret that somebody typed."""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

MINIMUM_LENGTH: Final = 6
"""Shorter values under a telling name are flags, numbers and abbreviations far more often than secrets."""

_LONGEST_SHAPE: Final = 4096
"""What is longer is judged by its beginning: the expressions below take time that grows faster than the value."""

_LONGEST_PLACEHOLDER: Final = 80
_MOST_DIGITS: Final = 4
_SEQUENCES: Final = (
    "01234567890123456789",
    "98765432109876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789abcdef",
    "qwertyuiop",
)

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_DEFAULT: Final = re.compile(r"\$\{[A-Za-z_]\w*:?-(?P<default>.*)\}", re.DOTALL)
_REFERENCE: Final = re.compile(
    r"\$\{[^}]*\}|\$\([^)]*\)|\{\{.*?\}\}|<%.*?%>|^\$[A-Za-z_]\w*$|^%[A-Za-z_]\w*%$|^#\{.*\}#?$|^\$\[.*\]$|^projects/[^/]+/secrets/",
    re.DOTALL,
)
_MARKED: Final = re.compile(
    r"<[^<>]*>|\[[^\[\]]*\]|\{[^{}]*\}|__\w+__|%(?:\(\w+\))?[sdv]|@@?[A-Za-z_]+@@?|.*(?:x{4}|\*{3}|\.{3}|…).*|[-_=#?!.*•]+",
    re.DOTALL | re.IGNORECASE,
)
_CHUNK: Final = re.compile(r"[a-z0-9@]+")
_NUMBER: Final = re.compile(r"[-+]?[0-9][0-9_,.]*(?:e[-+]?[0-9]+)?\s?(?:ms|s|m|h|d|[kmgt]?i?b)?", re.IGNORECASE)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.]+(?:Z|[+-][0-9:]+)?)?")
_ALGORITHM: Final = re.compile(
    r"(?:scram-|hmac-?|pbkdf2-)?(?:sha|md|hs|rs|es|ps|aes|rsa|ecdsa|ed)[-_]?[0-9]{1,5}(?:[-_](?:[0-9]{3}|gcm|cbc|ctr))*",
    re.IGNORECASE,
)
_PATH: Final = re.compile(
    r"(?:~|\.{1,2})?/[\w.@%*~+/ -]*|[A-Za-z]:\\.*|[\w.-]+(?:/[\w.-]+)*\.[A-Za-z]{2,8}|(?:[a-z0-9_.-]+/)+[a-z0-9_.-]+|[a-z][a-z0-9+.-]*://.*",
    re.DOTALL,
)
_HASH: Final = re.compile(
    r"\$(?:1|2[abxy]?|5|6|7|y|sha1|apr1|argon2\w*|scrypt|pbkdf2[\w-]*)\$.*|\{S?SHA\d*\}.*|(?:md5|sha\d+|scram-sha-\d+|pbkdf2\w*|bcrypt\w*|argon2\w*)[:$-].*|md5[0-9a-f]{32}",
    re.IGNORECASE | re.DOTALL,
)
_HEXADECIMAL_DIGEST: Final = re.compile(
    r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})", re.IGNORECASE
)
_HASH_WORDS: Final = frozenset({"hash", "hashed", "digest", "checksum", "sha", "md", "fingerprint", "bcrypt", "argon"})
_PUBLIC_KEY: Final = re.compile(
    r"(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\S+|sk-\S+@openssh\.com)\s.*"
    r"|-----BEGIN (?:[A-Z0-9]+ )*(?:PUBLIC KEY|CERTIFICATE|CERTIFICATE REQUEST)-----.*"
    r"|LS0tLS1CRUdJTiB(?:DRVJUSUZJQ0FUR|QVUJMSUMg).*|pk_(?:live|test)_\w+|age1[a-z0-9]{58}",
    re.DOTALL,
)


@cache
def _words() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((Path(__file__).parent / "words.json").read_text(encoding="utf-8"))
    return {key: frozenset(map(tuple if key == "telling_pairs" else str, value)) for key, value in loaded.items()}


@lru_cache(maxsize=4096)
def is_telling(name: str) -> bool:
    """Tell whether a name says that its value is a secret: `DB_PASSWORD`, `apiKey`, not `TOKEN_URL` or `SECRET_NAME`.

    Names are split at case and at everything that is no letter.
    """
    words = [word.lower() for word in _WORD.findall(name)]
    known = _words()
    if not known["about"].isdisjoint(words):
        return False
    return (
        not known["telling"].isdisjoint(words)
        or not known["telling_pairs"].isdisjoint(pairwise(words))
        or any(word.endswith(tuple(known["telling_endings"])) for word in words)
    )


def is_flag(value: str) -> bool:
    """Tell whether a value switches something or says that there is none: `true`, `off`, `null`."""
    return value.strip().lower() in _words()["flags"]


def is_path(value: str) -> bool:
    """Tell whether a value names a file, a host or a URL."""
    return _PATH.fullmatch(value.strip()[:_LONGEST_SHAPE]) is not None


def is_documented(value: str) -> bool:
    """Tell whether a token is one that its owner's documentation prints for everybody."""
    return any(documented in value for documented in _words()["documented"])


def is_reference(value: str) -> bool:
    """Tell whether a value names the place of a secret instead of holding it: `${X}`, `vault:…`, `op://…`, `ENC[…]`.

    A default that is a secret itself (`${X:-hunter2}`) makes no reference.
    """
    value = value.strip()[:_LONGEST_SHAPE]
    if default := _DEFAULT.fullmatch(value):
        return secret_literal("", default["default"]) is None
    return value.lower().startswith(tuple(_words()["references"])) or _REFERENCE.search(value) is not None


def is_placeholder(value: str) -> bool:
    """Tell whether a value stands for one that has yet to be set, or is a default that everybody knows."""
    value = value.strip().strip("\"'")
    if not value or len(value) > _LONGEST_PLACEHOLDER:
        return False
    if is_documented(value) or _MARKED.fullmatch(value):
        return True
    characters = [character for character in value.lower() if character.isalnum()]
    if len(set(characters)) <= 2:  # noqa: PLR2004 - `aaaa`, `0000`, `abab`
        return len(characters) > 3  # noqa: PLR2004 - the same
    return any("".join(characters) in sequence for sequence in _SEQUENCES) or _is_made_of_words(value.lower())


def secret_literal(name: str, value: str) -> str | None:
    """Return what is secret in a value under a telling name, or None where it is nothing that somebody has to hide."""
    value = value.strip()
    if default := _DEFAULT.fullmatch(value):
        return secret_literal(name, default["default"])
    if (
        len(value) < MINIMUM_LENGTH
        or is_flag(value)
        or is_reference(value)
        or is_placeholder(value)
        or _is_harmless(name, value)
    ):
        return None
    return value


def _is_harmless(name: str, value: str) -> bool:
    """Tell whether a value is a number, date, algorithm, path, hash, public key, or the name of something."""
    if is_path(value) or any(
        shape.fullmatch(value[:_LONGEST_SHAPE]) for shape in (_NUMBER, _DATE, _ALGORITHM, _HASH, _PUBLIC_KEY)
    ):
        return True
    if _HEXADECIMAL_DIGEST.fullmatch(value):
        return not _HASH_WORDS.isdisjoint(word.lower() for word in _WORD.findall(name))
    return _names_a_secret(value)


def _names_a_secret(value: str) -> bool:
    """Tell whether a value is the name of a secret (`regcred-token`, `DB_PASSWORD`): words, one of them telling."""
    return re.fullmatch(r"[A-Za-z]+(?:[-_.][A-Za-z]+)+", value) is not None and is_telling(value)


@cache
def _longest_word() -> int:
    return max(map(len, _words()["placeholders"]))


def _is_made_of_words(value: str) -> bool:
    """Tell whether a lower-case value is nothing but words of the placeholder list and a few digits."""
    words: frozenset[str] = _words()["placeholders"]
    longest = _longest_word()
    digits = 0
    has_word = False
    for chunk in _CHUNK.findall(value):
        reached = {0: 0}
        for start in range(len(chunk)):
            if start not in reached:
                continue
            if chunk[start].isdigit():
                reached[start + 1] = min(reached.get(start + 1, len(chunk)), reached[start] + 1)
            for end in range(start + 1, min(start + longest, len(chunk)) + 1):
                if chunk[start:end] in words:
                    reached[end] = min(reached.get(end, len(chunk)), reached[start])
        if len(chunk) not in reached:
            return False
        digits += reached[len(chunk)]
        has_word = has_word or reached[len(chunk)] < len(chunk)
    return has_word and digits <= _MOST_DIGITS
