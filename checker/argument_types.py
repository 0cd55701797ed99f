"""Reads what stands behind options of the command line."""

from __future__ import annotations

import argparse
import re
from typing import Any, Final

_UNITS: Final = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30}
_PORTS: Final = 2**16
_SIZE: Final = re.compile(r"(\d+)([KMG]?)(?:i?B)?", re.IGNORECASE)

_INDENT: Final = 30


class Command(argparse.ArgumentParser):
    """Parses the words of a command, whose options are never abbreviated, and shows them on one screen."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("formatter_class", _Help)
        super().__init__(allow_abbrev=False, **options)


class _Help(argparse.RawDescriptionHelpFormatter):
    """Leaves the ends of lines in texts as they are, and puts help beside all but the longest options."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=_INDENT)

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: Any = None) -> None:
        """Name arguments in the usage, but no optional ones: they follow, with their help."""
        named = [one for one in actions if not one.option_strings or one.required]
        is_shortened = usage is None and len(named) < len(actions) - 1
        if is_shortened:
            usage = " ".join(["%(prog)s [OPTION ...]", *(_word(one) for one in named)])
        super().add_usage(usage, actions, groups, prefix)


def _word(action: argparse.Action) -> str:
    name = str(action.metavar or action.dest.upper())
    if action.option_strings:
        return f"{action.option_strings[-1]} {name}"
    return f"[{name} ...]" if action.nargs == "*" else f"[{name}]" if action.nargs == "?" else name


def address(text: str) -> tuple[str, int]:
    """Return host and port of `HOST:PORT`, `[HOST]:PORT` or `:PORT`; raises `ArgumentTypeError` for anything else."""
    host, colon, port = text.rpartition(":")
    is_bracketed = host.startswith("[") and host.endswith("]")
    is_port = port.isascii() and port.isdecimal() and 0 < int(port) < _PORTS
    if not colon or not is_port or (":" in host and not is_bracketed):
        message = f"{text!r} is no address such as :8443 or 127.0.0.1:8443"
        raise argparse.ArgumentTypeError(message)
    return host[1:-1] if is_bracketed else host, int(port)


def size(text: str) -> int:
    """Return the bytes that `64M`, `64MiB` or `67108864` means; raises `ArgumentTypeError` for anything else."""
    match = _SIZE.fullmatch(text)
    if match is None or int(match[1]) == 0:
        message = f"{text!r} is no size such as 64M"
        raise argparse.ArgumentTypeError(message)
    return int(match[1]) * _UNITS[match[2].upper()]


def positive(text: str) -> int:
    """Return a whole number from 1; raises `ArgumentTypeError` for anything else."""
    if not text.isascii() or not text.isdecimal() or int(text) == 0:
        message = f"{text!r} is no number from 1"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def pair(text: str) -> tuple[str, str]:
    """Return the two sides of `PATTERN=NAME`; raises `ArgumentTypeError` where one is missing."""
    left, _, right = text.partition("=")
    if not left or not right:
        message = f"{text!r} is no PATTERN=NAME"
        raise argparse.ArgumentTypeError(message)
    return left, right
