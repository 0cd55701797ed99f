"""Turns image manifests, indices, configurations and the output of `docker inspect` into documents of one shape."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from checker import secrets
from checker.errors import InputError
from checker.model import Document, Problem, Skipped
from checker.resources import SCHEMAS
from checker.syntax import json, schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema_rs import Draft7Validator

    from checker.model import JSON, Path, SecretMark, SourceFile
    from checker.text import Region
    from checker.tree import Tree

KIND: str = "image"
NAMES: tuple[str, ...] = ()
SUFFIXES: tuple[str, ...] = (".json",)

_HEAD: Final = 4096
_OTHER: Final = re.compile(r'"(?:apiVersion|bomFormat|\$schema)"\s*:')
_DESCRIBED: Final = re.compile(r'"mediaType"\s*:\s*"application/vnd\.(?:oci|docker)\.')

_MANIFEST: Final = {
    "mediaType": "media_type",
    "artifactType": "artifact_type",
    "config": "descriptor",
    "layers": "layers",
    "manifests": "manifests",
    "annotations": "annotations",
}
_CONFIG: Final = {key: key for key in ("architecture", "os", "created", "author", "config", "history")}
_INSPECT: Final = {
    "RepoTags": "tags",
    "RepoDigests": "digests",
    "Architecture": "architecture",
    "Os": "os",
    "Created": "created",
    "Author": "author",
    "Config": "config",
    "History": "history",
    "Annotations": "annotations",
}
"""What a document calls the keys that a file has; other keys are no part of it."""

_SETTINGS: Final = frozenset(
    ("User", "Env", "Labels", "ExposedPorts", "Healthcheck", "Entrypoint", "Cmd", "WorkingDir", "Volumes", "StopSignal")
)

_NO_OPERATION: Final = re.compile(r"(?:RUN )?(?:/bin/sh -c (?:#\(nop\)\s*)?)?")
_DECLARATION: Final = re.compile(r"(?:ENV|ARG|LABEL)\s")
_BUILD_ARGUMENTS: Final = re.compile(r"\|(\d{1,4})\s")
_ASSIGNMENT: Final = re.compile(r"([A-Za-z_][\w.-]*)=(\"[^\"]*\"|'[^']*'|\S*)")


def recognizes(source: SourceFile) -> bool:
    """Tell whether a JSON text has the keys of an image document, one that does not parse included."""
    text = source.text.value
    head = text[:_HEAD]
    start = head.lstrip()[:1]
    if start == "[":
        return '"RootFS"' in text and '"RepoTags"' in head
    if start != "{" or _OTHER.search(head):
        return False
    return (
        ('"schemaVersion"' in head and _DESCRIBED.search(text) is not None)
        or ('"rootfs"' in text and '"diff_ids"' in text)
        or ('"architecture"' in head and '"config"' in head and ('"Env"' in text or '"Cmd"' in text))
    )


def normalize(source: SourceFile, _tree: Tree) -> Iterator[Document | Problem | Skipped]:
    """Yield a document for each image that a file describes; `docker inspect` may print containers among them."""
    try:
        value = json.parse(source.text)
    except InputError as error:
        yield Problem(source.path, error.reason, error.region)
        return
    elements: list[tuple[Path, JSON]] = [((), value)]
    if isinstance(value, list):
        elements = [((index,), element) for index, element in enumerate(value)]
    for root, element in elements:
        if isinstance(element, Mapping) and "HostConfig" in element:
            yield Skipped(source.path, "describes a container, not an image")
            continue
        file = json.JSONLocator(source.text, root)
        try:
            yield _document(source, file, element, root)
        except InputError as error:
            yield Problem(source.path, error.reason, error.region or file.locate(()))


def _document(source: SourceFile, file: json.JSONLocator, value: JSON, root: Path) -> Document:
    image_format, names = _format(value)
    data = _data(image_format, names, value)
    locator = ImageLocator(file, {ours: theirs for theirs, ours in names.items()}, data)
    if flaw := schema.fault(_schema(), data):
        path, reason = flaw
        raise InputError(reason, locator.locate(path))
    return Document(
        kind=KIND,
        source=source,
        id=f"{source.path}#{root[0]}" if root and root[0] else source.path,
        identity=_identity(data),
        data=data,
        locator=locator,
        secrets=tuple(_marks(data)),
    )


def _format(value: JSON) -> tuple[str, Mapping[str, str]]:
    """Tell the format of an image's description, and what a document calls its keys.

    Source: OCI image specification 1.1 (manifest, index, config), Docker's image manifest version 2, schema 2, and
    the Docker Engine API (`ImageInspect`).
    """
    if not isinstance(value, Mapping):
        message = "is no description of an image"
        raise InputError(message)
    docker = "docker" in str(value.get("mediaType", ""))
    if "manifests" in value:
        return ("docker-manifest-list" if docker else "oci-index"), _MANIFEST
    if "layers" in value:
        return ("docker-manifest" if docker else "oci-manifest"), _MANIFEST
    if "RootFS" in value:
        return "inspect", _INSPECT
    if "rootfs" in value or "architecture" in value:
        return "config", _CONFIG
    message = "describes no image: it has none of `layers`, `manifests`, `rootfs` and `RootFS`"
    raise InputError(message)


def _data(image_format: str, names: Mapping[str, str], value: JSON) -> dict[str, JSON]:
    """Rename the keys of a file, and drop those that are null: so Docker writes what is not set."""
    data = {names[key]: item for key, item in value.items() if key in names and item is not None}
    if image_format in {"config", "inspect"}:
        settings = data.setdefault("config", {})
        if isinstance(settings, Mapping):
            data["config"] = {key: item for key, item in settings.items() if key in _SETTINGS and item is not None}
    return {"format": image_format, **data}


@cache
def _schema() -> Draft7Validator:
    return schema.compiled(SCHEMAS / "documents" / "image.json")


def _identity(data: JSON) -> str:
    """Return the first name that an image goes by; a configuration or manifest alone knows none."""
    names = (name.partition("@")[0] for name in [*data.get("tags", ()), *data.get("digests", ())])
    return next(names, "")


def _marks(data: JSON) -> Iterator[SecretMark]:
    settings = data.get("config", {})
    for index, entry in enumerate(settings.get("Env", ())):
        name, _, value = entry.partition("=")
        yield from secrets.marks(("config", "Env", index), name, value)
    for name, value in settings.get("Labels", {}).items():
        yield from secrets.marks(("config", "Labels", name), name, value)
    for name, value in data.get("annotations", {}).items():
        yield from secrets.marks(("annotations", name), name, value)
    words: dict[Path, list[str]] = {(key,): settings.get(key, []) for key in ("Entrypoint", "Cmd")}
    words["Healthcheck", "Test"] = settings.get("Healthcheck", {}).get("Test", [])
    for path, arguments in words.items():
        for index, argument in enumerate(arguments):
            yield from secrets.scan_text(("config", *path, index), argument)
    for index, step in enumerate(data.get("history", ())):
        yield from _marked_step(("history", index, "created_by"), step.get("created_by", ""))


def _marked_step(path: Path, step: str) -> Iterator[SecretMark]:
    """Mark the values that a build step assigns and what looks like a secret wherever it stands in it."""
    assigned = [
        mark
        for name, value in _ASSIGNMENT.findall(_assignments(step))
        for mark in secrets.marks(path, name, value.strip("\"'"))
    ]
    yield from assigned
    known = {mark.value for mark in assigned}
    yield from (mark for mark in secrets.scan_text(path, step) if mark.value not in known)


def _assignments(step: str) -> str:
    """Return the part of a build step that assigns: of `ENV A=b`, and of `|2 A=b C=d /bin/sh -c …`, build arguments."""
    command = step[_NO_OPERATION.match(step).end() :]  # type: ignore[union-attr] # matches everywhere
    if counted := _BUILD_ARGUMENTS.match(command):
        count = int(counted[1])
        return " ".join(command[counted.end() :].split(" ", count)[:count])
    return command if _DECLARATION.match(command) else ""


class ImageLocator(NamedTuple):
    """Locates paths of a document in `file`, whose keys have other `names` there."""

    file: json.JSONLocator
    names: Mapping[str, str]
    data: JSON

    def locate(self, path: Path) -> Region:
        """Return the region of a path, or of its nearest existing ancestor."""
        if path and isinstance(path[0], str):
            path = (self.names.get(path[0], path[0]), *path[1:])
        return self.file.locate(path)

    def name(self, path: Path) -> str:
        """Return the path with variables named, and build steps by their instruction."""
        match path:
            case ("config", "Env", int(index), *_):
                return f"config.Env[{self.data['config']['Env'][index].partition('=')[0]}]"
            case ("history", int(index), *rest):
                step = self.data["history"][index].get("created_by", "")
                keyword = step[_NO_OPERATION.match(step).end() :].partition(" ")[0]  # type: ignore[union-attr]
                return ".".join([f"history[{keyword if keyword.isupper() else 'RUN'}]", *map(str, rest)])
            case _:
                return ".".join("[]" if isinstance(step, int) else step for step in path).replace(".[]", "[]")
