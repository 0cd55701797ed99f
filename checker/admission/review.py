"""Reads the AdmissionReviews that an API server sends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

from checker.errors import InputError
from checker.syntax import json
from checker.text import Text

if TYPE_CHECKING:
    from checker.config import FailureKind
    from checker.model import JSON

GROUP: Final = "admission.k8s.io"
VERSION: Final = f"{GROUP}/v1"
"""The one version that is read."""

MAX_BYTES: Final = 8 * 2**20
"""The largest body that is read: an API server takes objects of 3 MiB, keeps 1.5 MiB of one, which it sends beside the
new one, and writes some characters as six."""

Operation: TypeAlias = Literal["CREATE", "UPDATE", "DELETE", "CONNECT"]
_OPERATIONS: Final = frozenset({"CREATE", "UPDATE", "DELETE", "CONNECT"})

_MAX_NAME: Final = 253
"""No name that a person or the API server gives is longer, and no longer one shall reach a log."""

_UID: Final = re.compile(
    rb'\A\s*\{\s*"kind":\s*"AdmissionReview",\s*"apiVersion":\s*"(?P<version>[\w./]{1,64})",'
    rb'\s*"request":\s*\{\s*"uid":\s*"(?P<uid>[\w-]{1,128})"'
)
"""How a body begins that an API server wrote."""


class ReviewError(Exception):
    """Says in one clause, which quotes no value, why a body is no review that can be judged.

    `uid` and `version` are what the answer must carry, as far as they could be read.
    """

    def __init__(self, reason: str, kind: FailureKind, uid: str = "", version: str = VERSION) -> None:
        super().__init__(reason)
        self.kind: FailureKind = kind
        self.reason = reason
        self.uid = uid
        self.version = version


class Review(NamedTuple):
    """Holds what a request says; `object` and `old` are JSON mappings that name their kind, or None."""

    uid: str
    operation: Operation
    group: str
    version: str
    kind: str
    resource: str
    """The plural name (`pods`)."""
    subresource: str
    namespace: str
    name: str
    """What the object is called: by the request, else by its `generateName`."""
    dry_run: bool
    object: JSON | None
    old: JSON | None
    text: str
    """The whole body."""

    def __repr__(self) -> str:
        """Show nothing of the object."""
        return f"Review(uid={self.uid!r})"


def opening(body: bytes) -> tuple[str, str]:
    """Return the uid of a request and the version to answer in, read off the first bytes of a body, without parsing.

    The uid is empty where the body does not begin as an API server's does.
    """
    match = _UID.match(body[:1024])
    if match is None:
        return "", VERSION
    return match["uid"].decode("ascii"), _answered(match["version"].decode("ascii", "replace"))


def read(body: bytes) -> Review:
    """Return the review in a body; raises `ReviewError` for anything but an `admission.k8s.io/v1` one."""
    try:
        text, data = _json(body)
    except InputError as error:
        reason = f"the body {error.reason}"
        raise ReviewError(reason, "bad-body", *opening(body)) from None
    return _Fields(text, data).review()


def _json(body: bytes) -> tuple[str, JSON]:
    """Return a body's text and value; raises `InputError` for what RFC 8259 or the bounds of `syntax.json` refuse."""
    if len(body) > MAX_BYTES:
        reason = f"has more than {MAX_BYTES // 2**20} MiB"
        raise InputError(reason)
    try:
        value = body.decode("utf-8")
    except UnicodeDecodeError:
        reason = "is not UTF-8"
        raise InputError(reason) from None
    return value, json.parse(Text(value))


def _answered(version: str) -> str:
    """Return the version to answer in: the answer of v1beta1 has the same fields, and no other would be understood."""
    return version if version == f"{GROUP}/v1beta1" else VERSION


class _Fields:
    """Takes the fields of one review out of its data."""

    def __init__(self, text: str, data: JSON) -> None:
        self._text = text
        self._data = data
        self._request: dict[str, Any] = {}
        self._uid = ""

    def review(self) -> Review:
        """Return the review; the order of these checks decides which fault is told."""
        self._check_type()
        operation = self._string(self._request, "operation")
        if operation not in _OPERATIONS:
            reason = "the operation is none of CREATE, UPDATE, DELETE, CONNECT"
            raise self._bad(reason)
        kind, resource = self._mapping("kind"), self._mapping("resource")
        if not self._string(kind, "kind") or not self._string(kind, "version"):
            reason = "the request names no kind"
            raise self._bad(reason)
        dry_run = self._request.get("dryRun")
        if dry_run is not None and not isinstance(dry_run, bool):
            reason = "dryRun is no boolean"
            raise self._bad(reason)
        named = self._object("object", kind)
        old = self._object("oldObject", kind)
        return Review(
            uid=self._uid,
            operation=operation,  # type: ignore[arg-type] # one of the four
            group=self._string(kind, "group"),
            version=self._string(kind, "version"),
            kind=self._string(kind, "kind"),
            resource=self._string(resource, "resource"),
            subresource=self._string(self._request, "subResource"),
            namespace=self._string(self._request, "namespace"),
            name=self._string(self._request, "name") or _generated_name(named),
            dry_run=bool(dry_run),
            object=named,
            old=old,
            text=self._text,
        )

    def _check_type(self) -> None:
        data = self._data
        if not isinstance(data, dict) or data.get("kind") != "AdmissionReview":
            reason = "the body is no AdmissionReview"
            raise self._bad(reason)
        request = data.get("request")
        self._request = request if isinstance(request, dict) else {}
        uid = self._request.get("uid")
        self._uid = uid if isinstance(uid, str) and len(uid) <= _MAX_NAME and uid.isprintable() else ""
        version = data.get("apiVersion")
        if version != VERSION:
            answered = _answered(version) if isinstance(version, str) else VERSION
            reason = f"the AdmissionReview is not of the version {VERSION}"
            raise ReviewError(reason, "unknown-version", self._uid, answered)
        if not isinstance(request, dict):
            reason = "the AdmissionReview holds no request"
            raise self._bad(reason)
        if not self._uid:
            reason = "the request has no uid"
            raise self._bad(reason)

    def _bad(self, reason: str) -> ReviewError:
        return ReviewError(reason, "bad-body", self._uid)

    def _mapping(self, key: str) -> dict[str, Any]:
        value = self._request.get(key)
        if not isinstance(value, dict):
            reason = f"{key} is no mapping"
            raise self._bad(reason)
        return value

    def _string(self, mapping: dict[str, Any], key: str) -> str:
        value = mapping.get(key)
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > _MAX_NAME or not value.isprintable():
            reason = f"{key} is no name"
            raise self._bad(reason)
        return value

    def _object(self, key: str, kind: dict[str, Any]) -> JSON | None:
        """Return an object that says of itself what the request says of it."""
        value = self._request.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            reason = f"{key} is no mapping"
            raise self._bad(reason)
        group = kind.get("group") or ""
        stated = {"apiVersion": f"{group}/{kind['version']}" if group else kind["version"], "kind": kind["kind"]}
        if any(value.get(word, said) != said for word, said in stated.items()):
            reason = f"{key} is of another kind than the request"
            raise self._bad(reason)
        return stated | value


def _generated_name(data: JSON | None) -> str:
    metadata = data.get("metadata") if data else None
    name = (metadata.get("name") or metadata.get("generateName")) if isinstance(metadata, dict) else None
    return name[:_MAX_NAME] if isinstance(name, str) and name.isprintable() else ""
