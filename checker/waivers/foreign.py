"""Finds what other tools were told to ignore, in words that they understand.

Which words those are: hadolint (README, "Inline ignores"), Trivy (docs/guide/configuration/filtering.md), Checkov
("Suppressing and Skipping Policies"), KICS (docs/running-kics.md), kube-linter (docs/configuring-kubelinter.md).
"""

from __future__ import annotations

import re
from functools import cache, partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from checker import masking
from checker.model import Suppression
from checker.report import Notice
from checker.syntax import comments
from checker.waivers import Terms, Waiver
from checker.waivers.annotated import Nodes
from checker.waivers.file import Selected
from checker.waivers.inline import MOST, Lines, extents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path as File

    from checker.model import Document, SourceFile
    from checker.syntax.comments import Comment
    from checker.text import Region
    from checker.waivers.meanings import Meanings

TRIVY_FILES: Final = (".trivyignore", ".trivyignore.yaml")

_COMMENT: Final = re.compile(
    r"#[ \t]*(?:(?P<hadolint>hadolint[ \t]+(?P<everywhere>global[ \t]+)?ignore[ \t]*=[ \t]*)|(?P<trivy>trivy:ignore:)"
    r"|(?P<checkov>checkov:skip=)|(?P<kics>kics-scan[ \t]+(?:disable=|(?P<lines>ignore-line|ignore-block|ignore)\b)))"
    r"(?P<ids>[\w,\- ]*)(?::(?P<reason>[^\r\n]*))?"
)
_CHECKOV_KEY: Final = re.compile(r"checkov\.io/skip\d+")
_CHECKOV_VALUE: Final = re.compile(r"\s*(?P<id>\w+)(?:=(?P<reason>.*))?", re.DOTALL)
_LINTER_KEY: Final = "ignore-check.kube-linter.io/"
_LINTER_ALL: Final = "kube-linter.io/ignore-all"
_ENTRY: Final = re.compile(r"(?P<id>[^\s#]+)(?:\s+exp:(?P<until>\d{4}-\d{2}-\d{2}))?\s*(?:#.*)?")
_LISTED: Final = 3


class Said(NamedTuple):
    """Holds one thing that a tool shall ignore; without an id it is everything."""

    tool: str
    id: str
    reason: str
    region: Region
    until: str = ""


def find(
    source: SourceFile, documents: Sequence[Document], meanings: Meanings, terms: Terms, secrets: Sequence[str]
) -> Iterator[Waiver | Notice]:
    """Yield as waivers what comments and annotations of a file tell other tools, and what each means."""
    kind = documents[0].kind
    finder = comments.OF.get(kind)
    objects = cache(partial(extents, source.text, "object"))
    for comment in islice(finder(source.text, _COMMENT), MOST) if finder else ():
        match = comment.match
        tool = next(name for name in ("hadolint", "trivy", "checkov", "kics") if match[name])
        region = source.text.region(*match.span())
        scope = Lines(source.path, *_lines(source, kind, comment, objects))
        ids = [""] if match["lines"] else [one for one in re.split(r"[,\s]+", match["ids"]) if one]
        for id_ in ids:
            said = Said(tool, id_, (match["reason"] or "").strip(), region)
            yield from _means(said, source.path, scope, meanings, secrets)
    for document in documents:
        if document.kind == "kubernetes" and terms.settings.inline:
            for said in _annotated(document):
                nodes = Nodes(source.path, masking.mask(document.identity, secrets), ((),))
                yield from _means(said, source.path, nodes, meanings, secrets)


def _lines(
    source: SourceFile, kind: str, comment: Comment, objects: Callable[[], Sequence[tuple[int, int]]]
) -> tuple[int, int]:
    """Return where a comment holds: for what follows, for its object, or for the file."""
    match, lines = comment
    is_local = match["trivy"] or (match["hadolint"] and not match["everywhere"]) or match["lines"] == "ignore-line"
    if is_local:
        return lines
    if kind == "kubernetes" and (match["checkov"] or match["lines"] == "ignore-block"):
        inside = [one for one in objects() if one[0] <= lines[0] <= one[1]]
        return max(inside, default=(1, source.text.line_count))
    if match["lines"] == "ignore-block":
        return lines
    return 1, source.text.line_count


def _annotated(document: Document) -> Iterator[Said]:
    metadata: Any = document.data.get("metadata")
    found: Any = metadata.get("annotations") if isinstance(metadata, dict) else None
    for key, value in found.items() if isinstance(found, dict) else ():
        region = document.locator.locate(("metadata", "annotations", key))
        if _CHECKOV_KEY.fullmatch(key) and isinstance(value, str) and (match := _CHECKOV_VALUE.fullmatch(value)):
            yield Said("checkov", match["id"], (match["reason"] or "").strip(), region)
        elif key.startswith(_LINTER_KEY):
            yield Said("kube-linter", key.removeprefix(_LINTER_KEY), str(value), region)
        elif key == _LINTER_ALL:
            yield Said("kube-linter", "", str(value), region)


def trivy_file(file: File, path: str, meanings: Meanings, terms: Terms) -> Iterator[Waiver | Notice]:
    """Yield what `.trivyignore` or `.trivyignore.yaml` says of misconfigurations; ended entries are left out."""
    from checker.text import Text

    text = Text.decode(file.read_bytes())
    if file.suffix != ".yaml":
        for number in range(1, text.line_count + 1):
            match = _ENTRY.fullmatch(text.line(number).strip())
            if match and not (match["until"] and match["until"] < terms.today):
                said = Said("trivy", match["id"], "", text.region(*text.line_span(number)), match["until"] or "")
                yield from _means(said, path, Selected(), meanings, ())
        return
    from checker.syntax import yaml
    from checker.syntax.yaml_places import YAMLLocator

    for span in yaml.split(text):
        parsed = yaml.parse(text, span)
        data: Any = parsed.data if parsed else None
        entries = data.get("misconfigurations") if isinstance(data, dict) else None
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            until = str(entry.get("expired_at", ""))[:10] if isinstance(entry, dict) else ""
            if parsed and isinstance(entry, dict) and isinstance(entry.get("id"), str) and not "" < until < terms.today:
                region = YAMLLocator(text, parsed.root).locate(("misconfigurations", index))
                paths = entry.get("paths")
                scope = Selected(tuple(map(str, paths)) if isinstance(paths, list) else ())
                said = Said("trivy", entry["id"], str(entry.get("statement", "")), region, until)
                yield from _means(said, path, scope, meanings, ())


def _means(
    said: Said,
    path: str,
    scope: Lines | Nodes | Selected,
    meanings: Meanings,
    secrets: Sequence[str],
) -> Iterator[Waiver | Notice]:
    rules = meanings.of(said.tool, said.id)
    what = f"{said.tool} shall ignore {said.id or 'everything'}"
    if not rules:
        yield Notice(path, masking.mask(f"{what}, for which there is no rule", secrets), said.region)
        return
    named = ", ".join(rules[:_LISTED]) + (f" and {len(rules) - _LISTED} more" if len(rules) > _LISTED else "")
    yield Notice(path, masking.mask(f"{what}: that is {named}", secrets), said.region)
    reason = masking.mask(f"{what}: {said.reason}" if said.reason else what, secrets)
    kind: Any = "external" if isinstance(scope, Selected) else "inSource"
    suppression = Suppression(kind, reason, "", said.until, f"{path}:{said.region.start_line}")
    yield Waiver(rules, scope, suppression, path, said.region, is_foreign=True)
