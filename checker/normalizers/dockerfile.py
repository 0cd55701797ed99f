"""Turns Dockerfiles into documents."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from checker.errors import InputError
from checker.model import Document, Problem, Skipped, Unrendered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checker.model import JSON, Path, SourceFile
    from checker.syntax.spans import Spans
    from checker.text import Region, Text
    from checker.tree import Tree

KIND = "dockerfile"
NAMES: tuple[str, ...] = (
    "dockerfile",
    "dockerfile.*",
    "*.dockerfile",
    "containerfile",
    "containerfile.*",
    "*.containerfile",
)
SUFFIXES: tuple[str, ...] = ()

_TEMPLATES: Final = {
    ".j2": "Jinja",
    ".jinja": "Jinja",
    ".jinja2": "Jinja",
    ".erb": "ERB",
    ".ejs": "EJS",
    ".mustache": "Mustache",
    ".gotmpl": "Go template",
    ".tmpl": "template",
    ".tpl": "template",
    ".template": "template",
    ".in": "template",
    ".m4": "M4",
}
_OTHER_LANGUAGES: Final = (
    "adoc", "c", "cc", "cjs", "cpp", "cs", "css", "dockerignore", "go", "h", "html", "ipynb", "java", "js", "json",
    "kt", "lock", "lua", "md", "mjs", "php", "pl", "png", "ps1", "py", "pyi", "rb", "rego", "rs", "rst", "scala", "sh",
    "svg", "swift", "toml", "ts", "tsx", "txt", "vim", "xml", "yaml", "yml",
)  # fmt: skip
"""Endings of files that may be about Dockerfiles, or Dockerfiles for a language: their beginning tells."""

_BEGINNING: Final = re.compile(
    r"\s*(?:#[^\n]*\n\s*)*"
    r"(?:FROM[ \t]+(?:--\S+[ \t]+)*[^\s(]+(?:[ \t]+AS[ \t]+\S+)?|ARG[ \t]+\w+(?:=[^\n]*)?)[ \t\r]*(?:\n|$)",
    re.IGNORECASE,
)


def recognizes(source: SourceFile) -> bool:  # noqa: ARG001 - the face of a normalizer
    """Tell nothing by content: instructions read like prose, and nobody keeps a Dockerfile under another name."""
    return False


def normalize(source: SourceFile, tree: Tree) -> Iterator[Document | Problem | Unrendered | Skipped]:
    """Yield the document of a Dockerfile, and what is wrong with it first."""
    from checker.normalizers import dockerfile_context, dockerfile_secrets
    from checker.syntax.dockerfile.instructions import read
    from checker.syntax.dockerfile.stages import collect

    try:
        text = source.text
    except InputError as error:
        yield Problem(source.path, error.reason, error.region)
        return
    other = _other_than_dockerfile(source.path, text.value)
    if other is not None:
        yield other
        return
    dockerfile = read(text.value)
    stages = collect(dockerfile)
    faults = {*dockerfile.faults, *stages.writer.faults}
    for fault in sorted(faults, key=lambda fault: (fault.start, fault.end, fault.reason)):
        yield Problem(source.path, fault.reason, text.region(fault.start, fault.end))
    if not stages.stages:
        yield Problem(source.path, "there is no FROM instruction", text.region(0, 0))
        return
    if stages.foreign is not None:
        place = stages.foreign.place
        reason = "its shell is no POSIX shell, so that its commands are not checked"
        yield Unrendered(source.path, reason, text.region(place.start, place.end))
    data = {
        "directives": dockerfile.directives,
        "arguments": stages.arguments,
        "stages": [stage.data for stage in stages.stages],
        "final_stage": len(stages.stages) - 1,
        "context": dockerfile_context.context(source, tree),
    }
    dockerfile_secrets.tell(data, text.value)
    secrets = tuple(dockerfile_secrets.find(data, text.value))
    locator = _Locator(text, stages.writer.spans, data)
    yield Document(KIND, source, source.path, "", data, locator, secrets)


def _other_than_dockerfile(path: str, text: str) -> Unrendered | Skipped | None:
    """Tell what a file is that is named like a Dockerfile and is none, or None."""
    name = path.rpartition("/")[2].lower()
    template = next((language for ending, language in _TEMPLATES.items() if name.endswith(ending)), None)
    if template is not None:
        what = "a template" if template == "template" else f"a template ({template})"
        return Unrendered(path, f"{what} that only its renderer turns into a Dockerfile")
    if name.rpartition(".")[2] in _OTHER_LANGUAGES and not _BEGINNING.match(text):
        return Skipped(path, "named like a Dockerfile, but does not begin like one")
    return None


class _Locator:
    def __init__(self, text: Text, spans: Spans, data: JSON) -> None:
        self._text = text
        self._spans = spans
        self._data = data

    def locate(self, path: Path) -> Region:
        """Return the region of a path, or of its nearest existing ancestor."""
        return self._text.region(*self._spans.find(path))

    def name(self, path: Path) -> str:
        """Return the path by stage, keyword and subject."""
        from checker.normalizers import dockerfile_names

        return dockerfile_names.name(self._data, path)
