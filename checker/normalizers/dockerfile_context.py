"""Tells what lies in the build context of a Dockerfile."""

from __future__ import annotations

import re
from bisect import bisect_left
from fnmatch import translate
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checker.model import JSON, SourceFile
    from checker.tree import Tree

_MANIFESTS: Final = (
    "package.json", "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb",
    "go.mod", "go.sum", "go.work", "go.work.sum",
    "requirements*.txt", "pipfile", "pipfile.lock", "pyproject.toml", "poetry.lock", "uv.lock", "pdm.lock",
    "cargo.toml", "cargo.lock", "gemfile", "gemfile.lock", "composer.json", "composer.lock",
    "pom.xml", "build.gradle", "build.gradle.kts", "gradle.lockfile", "*.csproj", "packages.lock.json", "mix.lock",
    "*.dockerignore",
)  # fmt: skip
_KEY_FILES: Final = ("*.pem", "*.key", "*.crt", "*.cer", "*.ppk", "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "*_rsa")
_MAXIMUM_KEY_SIZE: Final = 64 * 1024
_PRIVATE_KEY: Final = re.compile(rb"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|^PuTTY-User-Key-File-")
_VENDORED: Final = "vendor/modules.txt"


def context(source: SourceFile, tree: Tree) -> JSON:
    """Return the part `context` of the document: the folder of the Dockerfile is taken as the context."""
    if source.path not in tree.entries:
        return {"known": False, "files": [], "private_keys": []}
    folder = source.path.rpartition("/")[0]
    prefix = f"{folder}/" if folder else ""
    manifests, keys = _notable(tree, len(tree.entries))  # type: ignore[arg-type] # a tree is compared by identity
    return {
        "known": True,
        "files": [path.removeprefix(prefix) for path in _below(manifests, prefix)],
        "private_keys": [path.removeprefix(prefix) for path in _below(keys, prefix) if _holds_private_key(tree, path)],
    }


@lru_cache(maxsize=1)
def _notable(tree: Tree, number: int) -> tuple[tuple[str, ...], tuple[str, ...]]:  # noqa: ARG001 - a tree may have grown
    """Return the sorted paths of all manifests and of all files named like a key, once for a tree."""
    manifests, keys = [], []
    for path in sorted(tree.entries):
        name = path.rpartition("/")[2]
        if is_manifest(name) or path.endswith(_VENDORED):
            manifests.append(path)
        elif _is_key_file(name):
            keys.append(path)
    return tuple(manifests), tuple(keys)


@lru_cache(maxsize=8192)
def is_manifest(name: str) -> bool:
    """Tell by its name, without its folder, whether a file declares or locks dependencies or trims the context."""
    return _one_of(_MANIFESTS).match(name.lower()) is not None


@lru_cache(maxsize=8192)
def _is_key_file(name: str) -> bool:
    return _one_of(_KEY_FILES).match(name.lower()) is not None


@cache
def _one_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(translate(pattern) for pattern in patterns))


def _below(paths: tuple[str, ...], prefix: str) -> Iterator[str]:
    for path in paths[bisect_left(paths, prefix) :]:
        if not path.startswith(prefix):
            return
        yield path


def _holds_private_key(tree: Tree, path: str) -> bool:
    if tree.entries[path].size > _MAXIMUM_KEY_SIZE:
        return False
    file = tree.read(path)
    return file is not None and _PRIVATE_KEY.search(file.content) is not None
