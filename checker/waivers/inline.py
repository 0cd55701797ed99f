"""Finds waivers in comments."""

from __future__ import annotations

import re
from functools import cache, partial
from typing import TYPE_CHECKING, Final, NamedTuple

from checker import masking
from checker.errors import InputError
from checker.model import CONTAINER_LISTS, Suppression
from checker.report import Notice
from checker.syntax import comments
from checker.waivers import Terms, Waiver, WaiverError, language

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from checker.model import Finding, SourceFile
    from checker.syntax.comments import Comment
    from checker.syntax.yaml_places import Place
    from checker.text import Region, Text

_HINT: Final = "checker:"
MOST: Final = 1000
"""Waivers of one file that count: each is held against each finding of the file."""

_COMMENT: Final = re.compile(r"#[ \t]*checker:[ \t]*(?P<text>[^\r\n]*)")
_DIRECTIVE: Final = re.compile(r"ignore(?:-(?P<scope>container|object|file))?[ \t]*\[(?P<rules>[^\]]*)\](?P<fields>.*)")


class Lines(NamedTuple):
    """Covers what begins in some lines of the waiver's own file, both included."""

    path: str
    first: int
    last: int

    def covers(self, finding: Finding) -> bool:
        """Tell whether a finding begins in the lines."""
        return finding.path == self.path and self.first <= finding.region.start_line <= self.last


def find(source: SourceFile, kind: str, terms: Terms, secrets: Sequence[str]) -> Iterator[Waiver | Notice]:
    """Yield the waivers in a file's comments, and why one does not count."""
    finder = comments.OF.get(kind)
    if finder is None or _HINT not in source.text.value:
        return
    file = _File(source, kind, terms, secrets)
    for number, comment in enumerate(finder(source.text, _COMMENT), 1):
        region = source.text.region(*comment.match.span())
        if number > MOST:
            yield Notice(source.path, f"no waiver from here on counts: a file may hold {MOST:,}", region)
            return
        try:
            yield file.waiver(comment, region)
        except WaiverError as error:
            yield Notice(source.path, masking.mask(f"the waiver does not count: {error}", secrets), region)


class _File:
    """Turns the comments of one file into waivers."""

    def __init__(self, source: SourceFile, kind: str, terms: Terms, secrets: Sequence[str]) -> None:
        self._source = source
        self._kind = kind
        self._terms = terms
        self._secrets = secrets
        self._extents = cache(partial(extents, source.text))

    def waiver(self, comment: Comment, region: Region) -> Waiver:
        match = _DIRECTIVE.fullmatch(comment.match["text"].strip())
        if match is None:
            message = "write `checker: ignore[RULE] reason=…`, or ignore-container, ignore-object or ignore-file"
            raise WaiverError(message)
        if not self._terms.settings.inline:
            message = "the configuration forbids waivers in files"
            raise WaiverError(message)
        rules = language.rules(match["rules"])
        fields = language.fields(match["fields"])
        self._terms.check(rules, fields.until)
        reason, owner = (masking.mask(text, self._secrets) for text in (fields.reason, fields.owner))
        path = self._source.path
        suppression = Suppression("inSource", reason, owner, fields.until, f"{path}:{region.start_line}")
        first, last = self._lines(comment, match["scope"] or "")
        return Waiver(rules, Lines(path, first, last), suppression, path, region)

    def _lines(self, comment: Comment, scope: str) -> tuple[int, int]:
        if scope in ("container", "object") and self._kind == "kubernetes":
            inside = [one for one in self._extents(scope) if one[0] <= comment.lines[0] <= one[1]]
            if not inside:
                message = f"it stands in no {scope}"
                raise WaiverError(message)
            return max(inside)
        if scope == "container":
            message = "only manifests have containers"
            raise WaiverError(message)
        return (1, self._source.text.line_count) if scope else comment.lines


def extents(text: Text, scope: str) -> list[tuple[int, int]]:
    """Return the first and last line of each `container`, or of each `object`, of manifests."""
    from checker.syntax import yaml
    from checker.syntax.yaml_places import Branch, YAMLLocator

    found: list[tuple[int, int]] = []
    for span in yaml.split(text):
        try:
            parsed = yaml.parse(text, span)
        except InputError:
            continue
        if parsed is None:
            continue
        locator = YAMLLocator(text, parsed.root)
        waiting: list[tuple[Place, str]] = [(parsed.root, "")]
        while waiting:
            place, name = waiting.pop()
            if not isinstance(place, Branch):
                continue
            if (scope == "container" and name == "container") or (scope == "object" and name in ("", "item")):
                region = text.region(*locator.extent(place))
                found.append((region.start_line, region.end_line))
            if isinstance(place.children, dict):
                waiting += [(child, _name(key, name)) for key, (_, child) in place.children.items()]
            else:
                member = {"containers": "container", "items": "item"}.get(name, "other")
                waiting += [(child, member) for child in place.children]
    return found


def _name(key: str, parent: str) -> str:
    """Return what the value of a key is to waivers: a list of containers or of objects, or something else."""
    if key in CONTAINER_LISTS:
        return "containers"
    return "items" if key == "items" and parent in ("", "item") else "other"
