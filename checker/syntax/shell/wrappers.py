"""Finds the program that a chain of wrapping programs starts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeVar

SHELLS: Final = frozenset({"sh", "bash", "dash", "ash", "zsh", "ksh", "mksh"})
"""Programs whose language is close enough to POSIX shell to be read as it."""

_ASSIGNMENT: Final = re.compile(r"[A-Za-z_]\w*\+?=")


class _Wrapper(NamedTuple):
    """Describes how a program that starts another is called: flags with a value, words before the program."""

    valued: frozenset[str] = frozenset()
    words: int = 0
    queries: frozenset[str] = frozenset()
    """Flags with which the program starts nothing."""


def _flags(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WRAPPERS: Final = {
    "builtin": _Wrapper(),
    "busybox": _Wrapper(queries=_flags("--list --install --help")),
    "chroot": _Wrapper(words=1),
    "command": _Wrapper(queries=_flags("-v -V")),
    "doas": _Wrapper(_flags("-u -C -a")),
    "dumb-init": _Wrapper(_flags("-r --rewrite")),
    "eatmydata": _Wrapper(),
    "env": _Wrapper(_flags("-u --unset -C --chdir")),
    "exec": _Wrapper(_flags("-a")),
    "fakeroot": _Wrapper(_flags("-l -s -i -b")),
    "flock": _Wrapper(_flags("-w --timeout -E --conflict-exit-code"), words=1),
    "gosu": _Wrapper(words=1),
    "ionice": _Wrapper(_flags("-c -n --class --classdata")),
    "nice": _Wrapper(_flags("-n --adjustment")),
    "nohup": _Wrapper(),
    "runuser": _Wrapper(_flags("-u --user -g --group -G --supp-group"), queries=_flags("-c --command -l -")),
    "setarch": _Wrapper(words=1),
    "setpriv": _Wrapper(_flags("--reuid --regid --groups --inh-caps --bounding-set --securebits")),
    "setsid": _Wrapper(),
    "stdbuf": _Wrapper(_flags("-i -o -e --input --output --error")),
    "su-exec": _Wrapper(words=1),
    "sudo": _Wrapper(
        _flags("-u -g -h -p -C -r -t -T -D -R -U --user --group --host --prompt --chdir --chroot"),
        queries=_flags("-l -v -k -K -e"),
    ),
    "time": _Wrapper(_flags("-f -o --format --output")),
    "timeout": _Wrapper(_flags("-s --signal -k --kill-after"), words=1),
    "tini": _Wrapper(_flags("-p -e")),
    "unshare": _Wrapper(),
    "xargs": _Wrapper(
        _flags("-a -d -E -I -L -n -P -s --arg-file --delimiter --replace --max-args --max-procs --max-lines")
    ),
}

Word = TypeVar("Word")


class Unwrapped(NamedTuple):
    """Holds indices of words: the wrapping programs, the assignments behind `env`, and the program."""

    wrappers: tuple[int, ...]
    assignments: tuple[int, ...]
    program: int


def base_name(value: str) -> str:
    """Return the last part of a program's path."""
    return value.rsplit("/", 1)[-1]


def unwrap(words: Sequence[Word], value: Callable[[Word], str | None]) -> Unwrapped:
    """Find the program among the words of a command, the first of which is a program."""
    wrappers: list[int] = []
    assignments: list[int] = []
    program = 0
    while program < len(words):
        name = base_name(value(words[program]) or "")
        wrapper = _WRAPPERS.get(name)
        inner = None if wrapper is None else _inner(words, program, wrapper, value)
        if inner is None:
            break
        following, assigned = inner
        wrappers.append(program)
        assignments += assigned
        program = following
    return Unwrapped(tuple(wrappers), tuple(assignments), program)


def _inner(
    words: Sequence[Word], program: int, wrapper: _Wrapper, value: Callable[[Word], str | None]
) -> tuple[int, list[int]] | None:
    """Return the indices of the program that a wrapper starts and of the assignments before it, or None."""
    index = program + 1
    positional = wrapper.words
    assigned: list[int] = []
    while index < len(words):
        text = value(words[index]) or ""
        if text in wrapper.queries:
            return None
        if text == "--":
            index += 1
            break
        if text.startswith("-") and text != "-":
            index += 2 if text in wrapper.valued else 1
            continue
        if _ASSIGNMENT.match(text):
            assigned.append(index)
        elif positional:
            positional -= 1
        else:
            break
        index += 1
    return (index, assigned) if index < len(words) else None
