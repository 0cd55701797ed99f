"""Keeps the native code of modules in the user's cache folder."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from checker import resources
from checker.engines.module import Host

_PRIVATE: Final = 0o700
_DIGEST_SIZE: Final = sha256().digest_size
_STALE: Final = 30 * 24 * 3600
"""Seconds after which a module that another version compiled is taken for forgotten."""


def host(module: bytes, digest: str, memory: int) -> Host:
    """Return what runs a module, from its native code where that is cached, else compiled and cached for the next time.

    `digest` is the module's. Native code is run as it is, so it is taken only from a file and folder that nobody but
    the user can write, and only as it was written. Nothing is said of a cache that cannot be used.
    """
    path = resources.user_cache(os.environ) / "modules" / f"{_version()}-{digest}"
    code = _read(path)
    if code is not None:
        from wasmtime import WasmtimeError

        with suppress(WasmtimeError):  # another wasmtime, or another machine's
            return Host(module, code, memory)
    made = Host(module, None, memory)
    _write(path, made.serialize())
    return made


def _version() -> str:
    """Return the version of the wasmtime that is installed, without the time that importlib.metadata takes."""
    from importlib.util import find_spec

    spec = find_spec("wasmtime")
    parent = Path(spec.origin).parent.parent if spec and spec.origin else Path()
    names = (path.name for path in parent.glob("wasmtime-*.dist-info"))
    return next((name.removesuffix(".dist-info") for name in names), "wasmtime-unknown")


def _read(path: Path) -> bytes | None:
    """Return native code as it was written, None where that is not certain."""
    try:
        if not _is_own(path.parent.lstat(), stat.S_ISDIR):
            return None
        with path.open("rb") as file:
            if not _is_own(os.fstat(file.fileno()), stat.S_ISREG):
                return None
            content = file.read()
    except OSError:
        return None
    code = content[_DIGEST_SIZE:]
    return code if content[:_DIGEST_SIZE] == sha256(code).digest() else None


def _is_own(status: os.stat_result, is_type: object) -> bool:
    if not callable(is_type) or not is_type(status.st_mode):
        return False
    if sys.platform == "win32":  # the profile of a user is private there
        return True
    return status.st_uid == os.getuid() and not status.st_mode & 0o077


def _write(path: Path, code: bytes) -> None:
    """Write native code so that whoever reads it finds all of it or nothing."""
    import tempfile

    with suppress(OSError):
        path.parent.mkdir(_PRIVATE, parents=True, exist_ok=True)
        if not _is_own(path.parent.lstat(), stat.S_ISDIR):
            return
        descriptor, name = tempfile.mkstemp(dir=path.parent)
        try:
            with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor has no path
                file.write(sha256(code).digest() + code)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
        for old in path.parent.iterdir():
            if old != path and old.stat().st_mtime < path.stat().st_mtime - _STALE:
                old.unlink()
