from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from checker import resources
from checker.engines import compiled
from checker.engines.module import Host

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a user's profile is private there")
MODULE = b"\0asm\1\0\0\0"
"""The smallest module there is."""


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setattr(resources, "user_cache", lambda _: folder)
    return folder / "modules"


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Collect, for each host, whether it was compiled."""
    seen: list[bool] = []
    original = Host.__init__

    def spy(self: Host, module: bytes, code: bytes | None, memory: int) -> None:
        original(self, module, code, memory)
        seen.append(code is None)

    monkeypatch.setattr(Host, "__init__", spy)
    return seen


def make() -> None:
    compiled.host(MODULE, "digest", 2**20).close()


def test_a_module_is_compiled_once(cache: Path, compilations: list[bool]) -> None:
    make()
    make()
    assert compilations == [True, False]
    (file,) = cache.iterdir()
    assert file.name.startswith("wasmtime-")
    assert file.name.endswith("-digest")
    assert (cache.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)


@pytest.mark.parametrize("damage", ["folder mode", "file mode", "content", "empty", "link"])
def test_what_somebody_else_may_have_written_is_compiled_again(
    cache: Path, compilations: list[bool], damage: str, tmp_path: Path
) -> None:
    make()
    (file,) = cache.iterdir()
    if damage == "folder mode":
        cache.chmod(0o770)
    elif damage == "file mode":
        file.chmod(0o622)
    elif damage == "content":
        file.write_bytes(file.read_bytes()[:-1] + b"x")
    elif damage == "empty":
        file.write_bytes(b"")
    else:
        cache.rename(tmp_path / "elsewhere")
        cache.symlink_to(tmp_path / "elsewhere")
    make()
    assert compilations == [True, True]


def test_code_of_another_wasmtime_is_compiled_again(cache: Path, compilations: list[bool]) -> None:
    from hashlib import sha256

    make()
    (file,) = cache.iterdir()
    file.write_bytes(sha256(b"other").digest() + b"other")
    make()
    assert compilations == [True, True]


def test_a_folder_that_cannot_be_made_costs_nothing_but_time(cache: Path, compilations: list[bool]) -> None:
    cache.parent.write_text("a file", "utf-8")
    make()
    make()
    assert compilations == [True, True]


def test_modules_that_nobody_used_for_long_are_forgotten(cache: Path) -> None:
    make()
    old = cache / "wasmtime-1.0-digest"
    old.write_bytes(b"old")
    os.utime(old, (0, 0))
    (file,) = (path for path in cache.iterdir() if path != old)
    file.unlink()
    make()
    assert list(cache.iterdir()) == [file]


def test_what_is_closed_gives_its_native_code_back_at_once(cache: Path) -> None:
    host = compiled.host(MODULE, "digest", 2**20)
    assert host.serialize()
    host.close()
    host.close()
    with pytest.raises(ValueError, match="already closed"):
        host.serialize()
    assert len(list(cache.iterdir())) == 1
