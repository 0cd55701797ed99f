"""Marks the secrets in a manifest, whatever rules are selected."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from checker import secrets

if TYPE_CHECKING:
    from checker.model import JSON, Path, SecretMark

_LAST_APPLIED: Final = "kubectl.kubernetes.io/last-applied-configuration"
_ASSIGNMENT: Final = re.compile(
    r"^[ \t]*(?:export[ \t]+|-[ \t]+)?[\"']?(?P<name>[A-Za-z_][\w.-]*)[\"']?[ \t]*(?:=>?|:)[ \t]*"
    r"(?:\"(?P<double>[^\"\r\n]+)\"|'(?P<single>[^'\r\n]+)'|(?P<bare>[^\s\"'`()\[\]{}<>,;&|*]+))[ \t]*[,;]?[ \t]*\r?$",
    re.MULTILINE,
)
"""`name=value`, `name: value` or `"name": "value",` alone in a line: not a sentence, a call or a nested structure."""

_EXPRESSION: Final = re.compile(r"\$[\w:.-]+|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
"""What a bare value says that is looked up elsewhere: `$slack-token`, `process.env.TOKEN`."""

_WORDS: Final = re.compile(r"[A-Za-z]+(?:[-_. ][A-Za-z]+)*")
"""What names a user or project: masking it would blank out the same word everywhere in the file."""

_FLAG: Final = re.compile(r"--?(?P<name>[A-Za-z][\w.-]*)(?:=(?P<value>.*))?", re.DOTALL)


def secret_marks(manifest: JSON) -> Iterator[SecretMark]:
    """Yield the secrets of a Kubernetes object with the paths of the strings that hold them, each once."""
    seen = set()
    for mark in _Walk(manifest).marks():
        key = (mark.path, mark.type, mark.value)
        if key not in seen:
            seen.add(key)
            yield mark


def _strings(manifest: JSON) -> Iterator[str]:
    waiting = [manifest]
    while waiting:
        node = waiting.pop()
        if node.__class__ is str:
            yield node
        elif node.__class__ is dict:
            waiting += node.values()
        elif node.__class__ is list:
            waiting += node


class _Walk:
    """Walks one object; strings without a telling name are looked at only if any of all of them holds a token."""

    def __init__(self, manifest: JSON) -> None:
        self._manifest = manifest
        self._has_tokens = any(True for _ in secrets.scan_text((), "\n".join(_strings(manifest))))

    def marks(self) -> Iterator[SecretMark]:
        manifest = self._manifest
        kind = manifest.get("kind")
        taken = set()
        if kind == "Secret":
            taken = {"data", "stringData"}
            yield from _encoded(manifest.get("data"), ("data",), in_secret=True)
            for path, key, value in _entries(manifest.get("stringData"), ("stringData",)):
                yield from _confidential(path, key, value)
        elif kind == "ConfigMap":
            taken = {"data", "binaryData"}
            yield from _encoded(manifest.get("binaryData"), ("binaryData",), in_secret=False)
            for path, key, value in _entries(manifest.get("data"), ("data",)):
                yield from _content(path, key, value)
        for key, value in manifest.items():
            if key not in taken:
                yield from self._node((key,), key, value)

    def _node(self, path: Path, name: str, value: JSON) -> Iterator[SecretMark]:
        """Yield the secrets below a node, without recursion."""
        waiting = [(path, name, value)]
        while waiting:
            path, name, node = waiting.pop()
            entries: Iterable[tuple[str | int, JSON]] = ()
            if isinstance(node, str):
                yield from self._string(path, name, node)
            elif isinstance(node, list):
                entries = enumerate(node)
                if name in ("command", "args"):
                    yield from _words(path, node)
            elif isinstance(node, dict):
                entries = node.items()
                yield from _named_value(path, node)
            for step, entry in entries:
                if entry.__class__ is not str or self._has_tokens or "\n" in entry or secrets.is_telling(str(step)):
                    waiting.append(((*path, step), str(step), entry))

    def _string(self, path: Path, name: str, value: str) -> Iterator[SecretMark]:
        """Yield the secrets of a string in a field; `secret` and `token` are words of Kubernetes for references."""
        if "\n" in value:
            yield from _content(path, "", value)
        elif secrets.is_telling(name) and "secret" not in name.lower() and "token" not in name.lower():
            yield from secrets.marks(path, name, value)
        elif self._has_tokens:
            yield from secrets.scan_text(path, value)


def _named_value(path: Path, node: dict[str, JSON]) -> Iterator[SecretMark]:
    """Yield the secrets of a pair of `name` and `value`, as in `env`, and of the copy that kubectl keeps."""
    name, value = node.get("name"), node.get("value")
    if isinstance(name, str) and isinstance(value, str):
        yield from secrets.marks((*path, "value"), name, value)
    if isinstance(copy := node.get(_LAST_APPLIED), str):
        yield from _copy((*path, _LAST_APPLIED), copy)


def _entries(data: JSON, path: Path) -> Iterator[tuple[Path, str, str]]:
    if isinstance(data, dict):
        yield from (((*path, key), key, value) for key, value in data.items() if isinstance(value, str))


def _content(path: Path, name: str, value: str) -> Iterator[SecretMark]:
    """Yield the secrets of a value that may be a whole file: of assignments in its lines too."""
    yield from secrets.marks(path, name if "\n" not in value.strip() else "", value)
    if "\n" in value:
        for match in _ASSIGNMENT.finditer(value):
            if secrets.is_telling(match["name"]) and not (match["bare"] and _EXPRESSION.fullmatch(match["bare"])):
                yield from secrets.marks(path, match["name"], match["double"] or match["single"] or match["bare"])


def _confidential(path: Path, name: str, value: str) -> Iterator[SecretMark]:
    """Yield the secrets of an entry of a Secret, all of whose values are meant to be secret, but for mere words."""
    found = False
    for mark in _content(path, name, value):
        found = True
        yield mark
    if not found:
        is_word = _WORDS.fullmatch(value.strip())
        candidates = secrets.marks(path, f"secret {name}", value)
        yield from (mark for mark in candidates if mark.type == "placeholder" or not is_word)


def _encoded(data: JSON, path: Path, *, in_secret: bool) -> Iterator[SecretMark]:
    """Yield the secrets of base64 values: what they hold, and for masking the base64 text as well."""
    for where, key, value in _entries(data, path):
        try:
            decoded = base64.b64decode("".join(value.split()), validate=True).decode("utf-8")
        except ValueError:
            yield from secrets.scan_text(where, value)
            continue
        for mark in (_confidential if in_secret else _content)(where, key, decoded):
            yield mark
            if mark.type != "placeholder":
                yield mark._replace(value=value)


def _words(path: Path, words: list[JSON]) -> Iterator[SecretMark]:
    """Yield the secrets that flags carry: `--password=x`, and `--password` with `x` behind it."""
    name = ""
    for index, word in enumerate(words):
        if not isinstance(word, str):
            continue
        flag = _FLAG.fullmatch(word)
        if flag is None and name:
            yield from secrets.marks((*path, index), name, word)
        elif flag is not None and flag["value"] is not None:
            yield from secrets.marks((*path, index), flag["name"], flag["value"])
        name = flag["name"] if flag is not None and flag["value"] is None else ""


def _copy(path: Path, text: str) -> Iterator[SecretMark]:
    """Yield the secrets of the copy of an object that kubectl keeps in an annotation, all at the annotation."""
    try:
        copied = json.loads(text)
    except (ValueError, RecursionError):
        copied = None
    if isinstance(copied, dict):
        for mark in _Walk(copied).marks():
            yield mark._replace(path=path)
    yield from secrets.scan_text(path, text)
