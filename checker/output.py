"""Writes reports to where the command line wants them, complete or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from checker import formats, nearest
from checker.errors import CheckerError
from checker.formats import FORMATS, Options

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from checker.report import Report

_BUFFER: Final = 2**16


class Destination(NamedTuple):
    """Names a format, and the file that gets it; None is standard output."""

    format: str
    file: Path | None = None


def destinations(wanted: Sequence[str]) -> tuple[Destination, ...]:
    """Read `FORMAT` and `FORMAT=FILE`; raises `CheckerError` before anything is scanned for what cannot be written."""
    found = tuple(_destination(word) for word in wanted)
    files = [destination.file for destination in found]
    for file in files:
        if files.count(file) > 1:
            message = f"two formats for {file or 'standard output'}: give one of them a file, `--format sarif=FILE`"
            raise CheckerError(message)
    return found


def _destination(word: str) -> Destination:
    name, equals, file = word.partition("=")
    if name not in FORMATS:
        message = f"there is no format `{name}`{nearest.hint(name, FORMATS)}"
        raise CheckerError(message)
    if not equals:
        return Destination(name)
    path = Path(file)
    if not file or path.is_dir():
        message = f"--format {word}: is no file"
        raise CheckerError(message)
    folder = path.resolve().parent
    if not folder.is_dir():
        message = f"--format {word}: there is no folder {folder}"
        raise CheckerError(message)
    if not os.access(folder if _is_replaceable(path) else path, os.W_OK):
        message = f"--format {word}: cannot be written"
        raise CheckerError(message)
    return Destination(name, path)


def write(report: Report, wanted: Sequence[Destination], screen: BinaryIO, options: Options) -> None:
    """Write a report in each format, files first; raises `CheckerError` for what cannot be written."""
    for destination in wanted:
        if destination.file is not None:
            pieces = formats.load(destination.format).render(report, Options())
            write_file(destination.file, pieces)
    for destination in wanted:
        if destination.file is None:
            _copy(formats.load(destination.format).render(report, options), screen)
            screen.flush()


def _copy(pieces: Iterator[str], file: BinaryIO) -> None:
    """Write text as UTF-8; unpaired surrogates become escapes, in JSON the ones that mean them."""
    kept: list[str] = []
    length = 0
    for piece in pieces:
        kept.append(piece)
        length += len(piece)
        if length > _BUFFER:
            file.write("".join(kept).encode("utf-8", "backslashreplace"))
            kept, length = [], 0
    file.write("".join(kept).encode("utf-8", "backslashreplace"))


def _is_replaceable(path: Path) -> bool:
    """Tell whether a path names a file or nothing yet, rather than a pipe or a device."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return True


def write_file(path: Path, pieces: Iterator[str]) -> None:
    """Write a file, complete or not at all; raises `CheckerError` where it cannot be written."""
    try:
        _write_file(path, pieces)
    except OSError as error:
        message = f"{path}: cannot be written: {error.strerror}"
        raise CheckerError(message) from None


def _write_file(path: Path, pieces: Iterator[str]) -> None:
    """Write a file beside its place and move it there when it is complete; links are followed."""
    if not _is_replaceable(path):
        with path.open("wb") as file:
            _copy(pieces, file)
        return
    target = path.resolve()
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with temporary.open("xb") as file:
            _copy(pieces, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
