"""Turns simple commands into plain data and says where each node of it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checker.model import JSON, Path
    from checker.syntax.shell.commands import Assignment, Command, Redirect, Word
    from checker.syntax.spans import Spans


def commands_data(commands: Sequence[Command], path: Path, spans: Spans) -> list[JSON]:
    """Return commands in their order, as schemas/documents/dockerfile.json describes them."""
    indices = {id(command): index for index, command in enumerate(commands)}
    return [_command(command, (*path, index), spans, indices) for index, command in enumerate(commands)]


def _command(command: Command, path: Path, spans: Spans, indices: dict[int, int]) -> JSON:
    data: dict[str, JSON] = {}
    token = _token(command)
    if token is not None:
        spans.put(path, token)
    if command.name is not None:
        data["name"] = command.name
    if command.program is not None:
        data["program"] = word_data(command.program, (*path, "program"), spans)
    if command.wrappers:
        data["wrappers"] = _words(command.wrappers, (*path, "wrappers"), spans)
    if command.assignments:
        data["assignments"] = [
            _assignment(assignment, (*path, "assignments", index), spans)
            for index, assignment in enumerate(command.assignments)
        ]
    data["arguments"] = _words(command.arguments, (*path, "arguments"), spans)
    if command.redirects:
        data["redirects"] = [
            _redirect(redirect, (*path, "redirects", index), spans) for index, redirect in enumerate(command.redirects)
        ]
    if command.pipe_from is not None:
        data["pipe_from"] = indices[id(command.pipe_from)]
    if command.is_conditional:
        data["conditional"] = True
    if command.environment:
        data["environment"] = dict(command.environment)
    return data


def _token(command: Command) -> Word | Redirect | None:
    if command.program is not None:
        return command.program
    if command.assignments:
        return command.assignments[0].name
    return command.redirects[0] if command.redirects else None


def _words(words: Sequence[Word], path: Path, spans: Spans) -> list[JSON]:
    return [word_data(word, (*path, index), spans) for index, word in enumerate(words)]


def word_data(word: Word, path: Path, spans: Spans) -> JSON:
    """Return a word as `{text, value}`, without `value` where that is unknown."""
    spans.put(path, word)
    return {"text": word.text} if word.value is None else {"text": word.text, "value": word.value}


def _assignment(assignment: Assignment, path: Path, spans: Spans) -> JSON:
    spans.put(path, assignment.name)
    for key in ("text", "value"):
        spans.put((*path, key), assignment.value)
    data = {"name": assignment.name.text, "text": assignment.value.text}
    return data if assignment.value.value is None else {**data, "value": assignment.value.value}


def _redirect(redirect: Redirect, path: Path, spans: Spans) -> JSON:
    spans.put(path, redirect)
    data = {"operator": redirect.operator}
    if redirect.target is None:
        return data
    return {**data, "target": word_data(redirect.target, (*path, "target"), spans)}
