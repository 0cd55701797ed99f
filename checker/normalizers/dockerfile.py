"""Turns Dockerfiles into documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from checker.errors import InputError
from checker.model import JSON, Document, Path, Problem, SourceFile, Tree, Unrendered
from checker.syntax.dockerfile.instructions import read
from checker.syntax.dockerfile.stages import Stages, collect
from checker.text import Region

KIND: Final = "dockerfile"
NAMES: Final = (
    "dockerfile",
    "containerfile",
    "dockerfile.*",
    "*.dockerfile",
    "containerfile.*",
    "*.containerfile",
)
SUFFIXES: Final[tuple[str, ...]] = ()


def recognizes(source: SourceFile) -> bool:  # noqa: ARG001 - the face of normalizers
    """Tell nothing by content: instructions look like prose."""
    return False


def normalize(source: SourceFile, tree: Tree) -> Iterator[Document | Problem | Unrendered]:
    """Yield the document of a Dockerfile and what is wrong with it."""
    try:
        text = source.text
    except InputError as error:
        yield Problem(source.path, error.reason, error.region)
        return
    dockerfile = read(text.value)
    stages = collect(dockerfile)
    faults = [*dockerfile.faults, *stages.writer.faults]
    for fault in sorted(faults, key=lambda fault: (fault.start, fault.end)):
        yield Problem(source.path, fault.reason, text.region(fault.start, fault.end))
    if not stages.stages:
        yield Problem(source.path, "there is no FROM instruction", text.region(0, 0))
        return
    if stages.foreign is not None:
        place = stages.foreign.place
        reason = "the shell form runs in a shell that is no POSIX shell"
        yield Unrendered(source.path, reason, text.region(place.start, place.end))
    data = {
        "directives": dockerfile.directives,
        "arguments": stages.arguments,
        "stages": [stage.data for stage in stages.stages],
        "final_stage": len(stages.stages) - 1,
        "context": _context(source, tree),
    }
    yield Document(KIND, source, source.path, "", data, _Locator(source, stages, data))


def _context(source: SourceFile, tree: Tree) -> JSON:  # noqa: ARG001
    return {"known": False, "files": [], "private_keys": []}


class _Locator:
    def __init__(self, source: SourceFile, stages: Stages, data: JSON) -> None:
        self._source = source
        self._stages = stages
        self._data = data

    def locate(self, path: Path) -> Region:
        """Return the region of a path, or of its nearest existing ancestor."""
        return self._source.text.region(*self._stages.writer.spans.find(path))

    def name(self, path: Path) -> str:
        """Name the stage, the instruction and its subject."""
        return "/".join(str(part) for part in path)
