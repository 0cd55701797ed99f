"""Reads Kubernetes manifests: each object of a file is a document, whose data is the manifest itself."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from checker.errors import InputError
from checker.model import Document, Path, Problem, Skipped, SourceFile, Unrendered
from checker.normalizers.kubernetes.names import ManifestLocator, Nowhere
from checker.normalizers.kubernetes.rendering import is_kubeadm_patch, is_kustomization, is_template_fault, rendered_by
from checker.normalizers.kubernetes.secret_values import secret_marks
from checker.secrets import may_hold_secret
from checker.syntax import json, yaml
from checker.syntax.yaml_places import YAMLLocator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from checker.model import JSON
    from checker.syntax.places import Places, Span
    from checker.text import Text
    from checker.tree import Tree

KIND: Final = "kubernetes"
NAMES: Final = ("kustomization.yaml", "kustomization.yml", "kustomization")
SUFFIXES: Final = (".yaml", ".yml", ".json")

Item: TypeAlias = Document | Problem | Unrendered | Skipped

_YAML_KEYS: Final = tuple(
    re.compile(rf"^(?:\ufeff|---[ \t]+\{{[ \t]*)?[\"']?{key}[\"']?[ \t]*:(?![^\s\"'])", re.MULTILINE)
    for key in ("apiVersion", "kind")
)
_FLOW_KEYS: Final = tuple(re.compile(rf"\b{key}[\"']?\s*:") for key in ("apiVersion", "kind"))
_OPENING: Final = re.compile(r"(?:\s|#[^\r\n]*|---)*+(\{)?")


def recognizes(source: SourceFile) -> bool:
    """Tell whether a text has `apiVersion` and `kind` as top-level keys, of any of its YAML documents."""
    value = source.text.value
    if "apiVersion" not in value or "kind" not in value:
        return False
    if _is_flow(value):
        if source.path.lower().endswith(".json"):
            return {"apiVersion", "kind"} <= json.top_level_keys(source.text)
        return all(key.search(value) for key in _FLOW_KEYS)
    if "\r" in value:
        value = value.replace("\r", "\n")
    return all(key.search(value) for key in _YAML_KEYS)


def _is_flow(value: str) -> bool:
    return _OPENING.match(value)[1] is not None  # type: ignore[index] # matches everywhere


def normalize(source: SourceFile, tree: Tree) -> Iterator[Item]:
    """Yield each object of a manifest as a document, items of lists too, in the file's order.

    A key whose value is null is left out, as the API server leaves it out. What needs Helm, Kustomize or another
    template engine first is unrendered, what is no manifest beside manifests is skipped, and a part between two `---`
    that cannot be read is a problem of its own.
    """
    reason = rendered_by(source.path, tree)
    if reason is not None:
        yield Unrendered(source.path, reason)
        return
    try:
        text = source.text
    except InputError as error:
        yield Problem(source.path, error.reason, error.region)
        return
    found = False
    for item in _File(source).items(text):
        found = True
        yield item
    if not found:
        yield Skipped(source.path, "holds no Kubernetes object")


def document_from(data: JSON, source: SourceFile, locator: Places[Any] | Nowhere) -> Document:
    """Return the document of one object that is known to be one, wherever it comes from."""
    return Document(
        kind=KIND,
        source=source,
        id=source.path,
        identity=_identity(data),
        data=data,
        locator=ManifestLocator(locator, data),
    )


def document_of(data: JSON, text: str) -> Document:
    """Return the document of an object that comes from no file, with the names, nulls and marks that a file's has.

    `data` is what JSON says of a mapping with `apiVersion` and `kind`; `text` is the JSON it was read from, or more.
    """
    data = _without_null(data)
    document = document_from(data, SourceFile("", b""), Nowhere())
    may_hold = data["kind"] == "Secret" or may_hold_secret(text)
    return document._replace(secrets=tuple(secret_marks(data)) if may_hold else ())


def _identity(data: JSON) -> str:
    metadata = data.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    name = metadata.get("name") or metadata.get("generateName") or ""
    return f"{data['apiVersion']}/{data['kind']}/{metadata.get('namespace') or ''}/{name}"


class _Part:
    """Holds what stands between two `---`: its data, and how to locate what stands under a path of it."""

    def __init__(self, data: JSON, text: str, locator: Callable[[Path], Places[Any]]) -> None:
        self.data = data
        self.locator = locator
        self._text = text

    @cached_property
    def may_hold_secret(self) -> bool:
        """Tell whether the search for secrets may find any; asked once for all objects of a list."""
        return may_hold_secret(self._text)


class _File:
    """Yields what one file holds and numbers its documents."""

    def __init__(self, source: SourceFile) -> None:
        self._source = source
        self._documents = 0
        self._is_template = False

    def items(self, text: Text) -> Iterator[Item]:
        refused: InputError | None = None
        if _is_flow(text.value):
            whole = _json(text)
            if isinstance(whole, _Part):
                yield from self._objects(whole, 1)
                return
            refused = whole if self._source.path.lower().endswith(".json") else None
            if refused is not None and refused.reason == json.NO_NUMBER:  # which YAML takes for a text
                yield Problem(self._source.path, refused.reason, refused.region)
                return
        for number, span in enumerate(yaml.split(text), 1):
            try:
                part = _yaml(text, span)
            except InputError as error:
                yield from self._fault(refused or error, text)
            else:
                if part is not None:
                    yield from self._objects(part, number)

    def _fault(self, error: InputError, text: Text) -> Iterator[Item]:
        if not is_template_fault(error, text):
            yield Problem(self._source.path, error.reason, error.region)
        elif not self._is_template:
            self._is_template = True
            reason = "is a template, of which only its own engine makes manifests"
            yield Unrendered(self._source.path, reason, error.region)

    def _objects(self, part: _Part, number: int) -> Iterator[Item]:
        """Yield the object of a part, or the objects of a list, lists in lists too."""
        waiting: list[tuple[Path, JSON]] = [((), part.data)]
        while waiting:
            path, data = waiting.pop()
            if data is None or data == {}:
                continue
            reason = _why_not(data)
            if reason is not None:
                where = "".join(f" item {step}" for step in path if isinstance(step, int))
                yield Skipped(self._source.path, f"part {number}{where} {reason}")
            elif is_kustomization(data):
                yield Unrendered(self._source.path, "is a kustomization, of which only Kustomize makes manifests")
            elif is_kubeadm_patch(self._source.path, data):
                yield Unrendered(self._source.path, "is a patch, of which only kubeadm makes a manifest")
            elif (items := _list_items(data)) is not None:
                waiting += [((*path, "items", index), item) for index, item in items][::-1]
            else:
                yield self._document(part, path, data)

    def _document(self, part: _Part, path: Path, data: JSON) -> Document:
        document = document_from(data, self._source, part.locator(path))
        name = document.id if self._documents == 0 else f"{self._source.path}#{self._documents}"
        self._documents += 1
        may_hold = data["kind"] == "Secret" or part.may_hold_secret
        return document._replace(id=name, secrets=tuple(secret_marks(data)) if may_hold else ())


def _json(text: Text) -> _Part | InputError:
    """Return what a text holds as JSON, or why it is none: it may be YAML in flow style."""
    try:
        data = json.parse(text)
    except InputError as error:
        return error
    return _Part(_without_null(data), text.value, lambda path: json.JSONLocator(text, path))


def _yaml(text: Text, span: Span) -> _Part | None:
    parsed = yaml.parse(text, span, keep_null=False)
    if parsed is None:
        return None

    def locator(path: Path) -> Places[Any]:
        return YAMLLocator(text, parsed.root, path)

    return _Part(parsed.data, text.value[slice(*span)], locator)


def _why_not(data: JSON) -> str | None:
    """Return why something is no Kubernetes object, or None where it is one."""
    if not isinstance(data, dict):
        return "is no mapping"
    version, kind = data.get("apiVersion"), data.get("kind")
    if not (isinstance(version, str) and version and isinstance(kind, str) and kind):
        return "has no apiVersion and kind"
    if version == "v1" and kind == "Config":
        return "is a kubeconfig"
    return None


def _list_items(data: JSON) -> list[tuple[int, JSON]] | None:
    """Return the items of a `List` or a typed list (`PodList`), whose items need not repeat their kind."""
    kind, items, metadata = data["kind"], data.get("items"), data.get("metadata")
    if not kind.endswith("List") or not isinstance(items, list) or (isinstance(metadata, dict) and "name" in metadata):
        return None
    implied = {"apiVersion": data["apiVersion"], "kind": kind.removesuffix("List")} if kind != "List" else {}
    return [(index, implied | item if isinstance(item, dict) else item) for index, item in enumerate(items)]


def _without_null(data: JSON) -> JSON:
    """Leave out keys whose value is null; the depth of parsed JSON is bounded."""
    if isinstance(data, dict):
        return {key: _without_null(value) for key, value in data.items() if value is not None}
    if isinstance(data, list):
        return [_without_null(value) for value in data]
    return data
