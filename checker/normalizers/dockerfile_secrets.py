"""Marks the secrets of a Dockerfile's document."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from checker.secrets import is_telling, marks, may_hold_secret, scan_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checker.model import JSON, Path, SecretMark

_WORD_LISTS: Final = ("arguments", "sources")
_DECLARING: Final = {"ARG", "ENV"}


def find(data: JSON, text: str) -> Iterator[SecretMark]:
    """Yield the secrets in the order of the document; `text` is that of the file."""
    if not may_hold_secret(text):
        return
    for index, instruction in enumerate(data["arguments"]):
        yield from _instruction(instruction, ("arguments", index))
    for stage in data["stages"]:
        for index, instruction in enumerate(stage["instructions"]):
            yield from _instruction(instruction, ("stages", stage["index"], "instructions", index))


def tell(data: JSON, text: str) -> None:
    """Add `telling` to the variables of ARG and ENV whose names say that their values are secrets."""
    if not may_hold_secret(text):
        return
    for instructions in (data["arguments"], *(stage["instructions"] for stage in data["stages"])):
        for instruction in instructions:
            if instruction["keyword"] in _DECLARING:
                for assignment in instruction["assignments"]:
                    if is_telling(assignment["name"]):
                        assignment["telling"] = True


def _instruction(instruction: JSON, path: Path) -> Iterator[SecretMark]:
    yield from _assignments(instruction, path)
    for key in ("flags", *_WORD_LISTS):
        for index, word in enumerate(instruction.get(key, ())):
            yield from _word(word, (*path, key, index))
    if "argument" in instruction:
        yield from _word(instruction["argument"], (*path, "argument"))
    for index, heredoc in enumerate(instruction.get("heredocs", ())):
        yield from scan_text((*path, "heredocs", index, "content"), heredoc["content"])
    for index, command in enumerate(instruction.get("commands", ())):
        yield from _command(command, (*path, "commands", index))


def _command(command: JSON, path: Path) -> Iterator[SecretMark]:
    yield from _assignments(command, path)
    words = [{}, *command["arguments"]]
    for index, (before, word) in enumerate(pairwise(words)):
        yield from _argument(before, word, (*path, "arguments", index))


def _argument(before: JSON, word: JSON, path: Path) -> Iterator[SecretMark]:
    """Mark what follows a flag that tells: `--password x`, `--password=x`."""
    text = _text(word)
    name, separator, value = text.partition("=")
    flag = _text(before)
    if name.startswith("--") and separator:
        yield from marks((*path, _key(word)), name, value)
    elif flag.startswith("--") and "=" not in flag and not text.startswith("-"):
        yield from marks((*path, _key(word)), flag, text)
    else:
        yield from scan_text((*path, _key(word)), text)


def _assignments(owner: JSON, path: Path) -> Iterator[SecretMark]:
    for index, item in enumerate(owner.get("assignments", ())):
        if "text" in item:
            yield from marks((*path, "assignments", index, _key(item)), item["name"], _text(item))


def _word(word: JSON, path: Path) -> Iterator[SecretMark]:
    if "text" in word:
        yield from scan_text((*path, _key(word)), _text(word))


def _key(word: JSON) -> str:
    return "value" if "value" in word else "text"


def _text(word: JSON) -> str:
    value: str = word.get("value", word.get("text", ""))
    return value
