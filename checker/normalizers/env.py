"""Turns dotenv files of any name into documents."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from checker import secrets
from checker.errors import InputError
from checker.model import Document, Problem, SecretMark
from checker.syntax import dotenv
from checker.text import FIRST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checker.model import JSON, Path, SourceFile
    from checker.text import Region, Text
    from checker.tree import Tree

KIND: Final = "env"
_ENVIRONMENTS: Final = {
    "production": "production",
    "prod": "production",
    "prd": "production",
    "live": "production",
    "staging": "staging",
    "stage": "staging",
    "stg": "staging",
    "preprod": "staging",
    "uat": "staging",
    "preview": "preview",
    "development": "development",
    "develop": "development",
    "dev": "development",
    "test": "test",
    "testing": "test",
    "tests": "test",
    "ci": "test",
    "e2e": "test",
    "qa": "test",
}
_EXAMPLES: Final = frozenset({"example", "examples", "sample", "template", "tmpl", "dist"})
_OTHER_LANGUAGES: Final = (
    "js ts jsx tsx mjs cjs json json5 yaml yml toml xml ini md rst txt html css vue svelte sh bash zsh fish ps1 bat cmd"
    " py rb go rs java kt php cs c h cpp j2 jinja jinja2 erb hbs mustache gotmpl enc gpg age asc vault swp lock log zip"
)
"""Endings of what is named after an env file and written in another language: `.env.d.ts`, `env.prod.js`."""

_WORDS: Final = (*_ENVIRONMENTS, *sorted(_EXAMPLES), "local", "default", "defaults")
NAMES: Final[tuple[str, ...]] = (
    ".env",
    "*.env",
    ".env[._-]*",
    *(pattern.format(word) for word in _WORDS for pattern in ("env.{}", "env-{}", "*.env.{}")),
    *(f"!*.{ending}" for ending in _OTHER_LANGUAGES.split()),
)
SUFFIXES: Final[tuple[str, ...]] = ()

_PUBLIC_PREFIXES: Final = (
    "VITE_",  # https://vite.dev/guide/env-and-mode
    "NEXT_PUBLIC_",  # https://nextjs.org/docs/app/guides/environment-variables
    "REACT_APP_",  # https://create-react-app.dev/docs/adding-custom-environment-variables/
    "VUE_APP_",  # https://cli.vuejs.org/guide/mode-and-env.html
    "NUXT_PUBLIC_",  # https://nuxt.com/docs/guide/going-further/runtime-config
    "GATSBY_",  # https://www.gatsbyjs.com/docs/how-to/local-development/environment-variables/
    "EXPO_PUBLIC_",  # https://docs.expo.dev/guides/environment-variables/
    "PUBLIC_",  # https://svelte.dev/docs/kit/$env-static-public
)
_SEPARATORS: Final = re.compile(r"[._-]+")


class _Locator(NamedTuple):
    """Locates paths of an env document: an entry is its key's token, its value the value's token with its quotes."""

    text: Text
    entries: tuple[dotenv.Entry, ...]

    def locate(self, path: Path) -> Region:
        """Return the region of a path; the file itself is its first key, an empty value is its key."""
        entry = self._entry(path) or (self.entries[0] if self.entries else None)
        if entry is None:
            return FIRST
        start, end = entry.key_span
        if len(path) > 2 and path[2] in {"value", "resolved"} and entry.value_span[0] < entry.value_span[1]:  # noqa: PLR2004 - entries, index, field
            start, end = entry.value_span
        return self.text.region(start, end)

    def name(self, path: Path) -> str:
        """Return the path with the entry's key in place of its index."""
        entry = self._entry(path)
        if entry is None:
            return ".".join(map(str, path))
        return ".".join([f"entries[{entry.key}]", *map(str, path[2:])])

    def _entry(self, path: Path) -> dotenv.Entry | None:
        if len(path) > 1 and path[0] == "entries" and isinstance(path[1], int) and 0 <= path[1] < len(self.entries):
            return self.entries[path[1]]
        return None


def recognizes(source: SourceFile) -> bool:  # noqa: ARG001 - the face of a normalizer
    """Answer no: what is a dotenv file shows in its name alone."""
    return False


def normalize(source: SourceFile, tree: Tree) -> Iterator[Document | Problem]:  # noqa: ARG001 - the face of a normalizer
    """Yield the document of an env file, and a problem for each statement that does not parse."""
    try:
        text = source.text
    except InputError as error:
        yield Problem(source.path, error.reason, error.region)
        return
    parsed = list(dotenv.parse(text.value))
    entries = tuple(item for item in parsed if isinstance(item, dotenv.Entry))
    mistakes = [*_nul(text.value), *(item for item in parsed if isinstance(item, dotenv.Mistake))]
    yield Document(
        KIND,
        source,
        source.path,
        "",
        {**_named(source.path.rpartition("/")[2]), "entries": _entries(entries, mistakes)},
        _Locator(text, entries),
        tuple(_secrets(text, entries)),
    )
    for mistake in mistakes:
        yield Problem(source.path, mistake.reason, text.region(*mistake.span))


def _nul(text: str) -> Iterator[dotenv.Mistake]:
    """Yield what is wrong with the first NUL of a text: no program can be given it in a variable."""
    place = text.find("\0")
    if place >= 0:
        yield dotenv.Mistake("holds a NUL character, which no environment variable can hold", (place, place + 1))


def _named(name: str) -> dict[str, JSON]:
    """Return what a file's name tells: `api.env.production` is for production, and its stem is `api`."""
    words = [word for word in _SEPARATORS.split(name.lower()) if word and word != "env"]
    environment = next((_ENVIRONMENTS[word] for word in words if word in _ENVIRONMENTS), None)
    told = _ENVIRONMENTS.keys() | _EXAMPLES | {"local"}
    named: dict[str, JSON] = {
        "name": name,
        "stem": ".".join(word for word in words if word not in told),
        "example": not _EXAMPLES.isdisjoint(words),
        "local": "local" in words,
    }
    return named if environment is None else named | {"environment": environment}


def _entries(entries: tuple[dotenv.Entry, ...], mistakes: list[dotenv.Mistake]) -> list[dict[str, JSON]]:
    listed: list[dict[str, JSON]] = []
    for entry, resolved in zip(entries, dotenv.resolve(entries, mistakes), strict=True):
        data: dict[str, JSON] = {"key": entry.key, "exported": entry.exported, "public": _is_public(entry.key)}
        if entry.value is not None:
            data["value"] = entry.value
        if resolved is not None:
            data["resolved"] = resolved
        listed.append(data)
    return listed


def _is_public(key: str) -> bool:
    return key.startswith(_PUBLIC_PREFIXES)


def _secrets(text: Text, entries: tuple[dotenv.Entry, ...]) -> Iterator[SecretMark]:
    """Yield the secrets of the values; what a framework gives to every browser is none."""
    if not secrets.may_hold_secret(text.value):
        return
    for index, entry in enumerate(entries):
        if entry.value and not _is_public(entry.key):
            yield from secrets.marks(("entries", index, "value"), entry.key, entry.value)
