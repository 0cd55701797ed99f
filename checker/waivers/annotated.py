"""Finds waivers in the annotations of Kubernetes objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from checker import masking
from checker.model import CONTAINER_LISTS, Suppression
from checker.report import Notice
from checker.waivers import Terms, Waiver, WaiverError, language

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from checker.model import JSON, Document, Finding, Path

KEY: Final = "checker/ignore"
_TEMPLATES: Final[tuple[Path, ...]] = (
    (),
    ("template",),
    ("spec", "template"),
    ("spec", "jobTemplate"),
    ("spec", "jobTemplate", "spec", "template"),
)
"""Where objects have metadata: of their own, and of what is made from them."""


class Nodes(NamedTuple):
    """Covers what stands under one of some paths of one document."""

    path: str
    identity: str
    nodes: tuple[Path, ...]

    def covers(self, finding: Finding) -> bool:
        """Tell whether a finding stands there."""
        is_same = finding.path == self.path and finding.identity == self.identity
        return is_same and any(finding.node[: len(node)] == node for node in self.nodes)


def find(document: Document, terms: Terms, secrets: Sequence[str]) -> Iterator[Waiver | Notice]:
    """Yield the waivers of an object, a line of the annotation each, and why one does not count."""
    for node in _TEMPLATES:
        place = (*node, "metadata", "annotations", KEY)
        written = _at(document.data, place)
        if not isinstance(written, str):
            continue
        region = document.locator.locate(place)
        path = document.source.path
        for line in filter(None, map(str.strip, written.splitlines())):
            try:
                yield _waiver(document, node, line, terms, secrets)
            except WaiverError as error:
                yield Notice(path, masking.mask(f"the waiver does not count: {error}", secrets), region)


def _waiver(document: Document, node: Path, line: str, terms: Terms, secrets: Sequence[str]) -> Waiver:
    if not terms.settings.inline:
        message = "the configuration forbids waivers in files"
        raise WaiverError(message)
    rule, _, rest = line.partition(" ")
    rules = language.rules(rule)
    fields = language.fields(rest, allow_container=True)
    terms.check(rules, fields.until)
    region = document.locator.locate((*node, "metadata", "annotations", KEY))
    path = document.source.path
    reason, owner = (masking.mask(text, secrets) for text in (fields.reason, fields.owner))
    suppression = Suppression("inSource", reason, owner, fields.until, f"{path}:{region.start_line}")
    identity = masking.mask(document.identity, secrets)
    nodes = tuple(_containers(document.data, node, fields.container)) if fields.container else (node,)
    if not nodes:
        message = f"there is no container `{fields.container}`"
        raise WaiverError(masking.mask(message, secrets))
    return Waiver(rules, Nodes(path, identity, nodes), suppression, path, region)


def _at(data: JSON, path: Path) -> Any:
    for step in path:
        data = data.get(step) if isinstance(data, dict) else None
    return data


def _containers(data: JSON, node: Path, name: str) -> Iterator[Path]:
    """Yield the paths of the containers of a name below a node."""
    waiting: list[tuple[Path, Any]] = [(node, _at(data, node))]
    while waiting:
        path, value = waiting.pop()
        for key, child in value.items() if isinstance(value, dict) else ():
            if key not in CONTAINER_LISTS or not isinstance(child, list):
                waiting.append(((*path, key), child))
                continue
            for index, item in enumerate(child):
                if isinstance(item, dict) and item.get("name") == name:
                    yield (*path, key, index)
