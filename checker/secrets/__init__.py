"""Marks the secrets of a value or a text, with what must be masked of each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from checker.model import SecretMark
from checker.secrets import formats
from checker.secrets.formats import Candidate
from checker.secrets.values import is_flag, is_path, is_placeholder, is_reference, is_telling, secret_literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checker.model import Path

__all__ = ["is_placeholder", "is_reference", "is_telling", "mark", "marks", "may_hold_secret", "scan_text"]

_URL: Final = re.compile(r"(?<=://)(?P<user>[^\s:@/\"'<>`\\]*):(?P<password>[^\s@/\"'<>`\\]+)@(?=[\w\[$%{-])")
_MAY_BE_URL: Final = re.compile(r"://[^\s@/]*@")
_LETTERS_BETWEEN: Final = rb"[^a-z]*key"
_API_KEY: Final = re.compile(rb"api" + _LETTERS_BETWEEN)
_PRIVATE_KEY: Final = re.compile(rb"private" + _LETTERS_BETWEEN)
_TELLING: Final = (b"passw", b"passphrase", b"pwd", b"secret", b"token", b"credential")
_ENCODED_CHARACTER: Final = re.compile(r"\\(?:u00|U000000|x)[2-7]")
_SHORTEST_PLACEHOLDER: Final = 3


def marks(path: Path, name: str, value: str) -> Iterator[SecretMark]:
    """Yield the secrets of the value that stands under a name: `""` for none, as for the items of a list.

    `name` is what a person calls the value (a variable, a key of a ConfigMap), not a word of a schema such as
    Kubernetes' `secret:`, under which references stand.
    """
    found = False
    for secret in scan_text(path, value):
        found = True
        yield secret
    if found:
        return
    if url := _URL.search(value):
        if not is_reference(url["password"]):
            yield SecretMark(path, "placeholder", url["password"])
    elif is_telling(name) and not is_flag(value):
        if is_reference(value) or is_path(value):
            return
        if len(value.strip()) >= _SHORTEST_PLACEHOLDER and is_placeholder(value):
            yield SecretMark(path, "placeholder", value)
        elif secret_value := secret_literal(name, value):
            yield SecretMark(path, "literal", secret_value)


def mark(path: Path, name: str, value: str) -> SecretMark | None:
    """Return the first of the `marks` of a value, or None."""
    return next(marks(path, name, value), None)


def scan_text(path: Path, text: str) -> Iterator[SecretMark]:
    """Yield tokens, private keys and passwords of URLs anywhere in a text, in its order and without overlaps."""
    candidates = [*formats.find(text), *_passwords(text)] if len(text) >= len("://:p@h") else []
    end = 0
    for candidate in sorted(candidates, key=lambda found: (found.start, -found.end)):
        if candidate.start >= end:
            yield SecretMark(path, candidate.type, text[candidate.start : candidate.end])
            end = candidate.end


def _passwords(text: str) -> Iterator[Candidate]:
    if "://" not in text:
        return
    for match in _URL.finditer(text):
        password = match["password"]
        if password != match["user"] and not is_reference(password) and not is_placeholder(password):
            yield Candidate(*match.span("password"), "url-password")


def may_hold_secret(text: str) -> bool:
    """Tell cheaply whether a file's text may hold anything that `marks` would mark; False is certain.

    The text holds names and values as they stand, or with the backslash escapes of JSON, YAML and shells; a value
    in base64 or cut by a folded line is not seen through.
    """
    lower = text.encode("utf-8", "surrogatepass").lower()
    return (
        any(word in lower for word in _TELLING)
        or _API_KEY.search(lower) is not None
        or _PRIVATE_KEY.search(lower) is not None
        or _MAY_BE_URL.search(text) is not None
        or (
            "\\" in text
            and (_ENCODED_CHARACTER.search(text) is not None or _MAY_BE_URL.search(text.replace("\\", "")) is not None)
        )
        or formats.may_hold(text)
    )
