"""Defines the values that travel from a file to a report."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final, Literal, NamedTuple, Protocol, TypeAlias

from checker.text import Region, Text

JSON: TypeAlias = Any
"""What `json.loads` returns: the shape of a document is held by schemas/documents, not by a type."""

Path: TypeAlias = tuple[str | int, ...]
"""Keys and list indices from the root of a document's data to one node, as a rule names it."""

Severity: TypeAlias = Literal["low", "medium", "high", "critical"]
SEVERITIES: Final[tuple[Severity, ...]] = ("low", "medium", "high", "critical")

SecretType: TypeAlias = Literal["token", "private-key", "url-password", "literal", "placeholder"]

SECURITY_CATEGORIES: Final = frozenset({"hardening", "secrets", "supply-chain", "access"})
"""The categories whose rules GitHub code scanning shall list as security alerts."""

CONTAINER_LISTS: Final = frozenset({"containers", "initContainers", "ephemeralContainers"})
"""The keys under which a pod has its containers."""


class SourceFile:
    """Holds the bytes of one file: `path` is POSIX and relative to the root, `shown` is as the user gave it."""

    def __init__(self, path: str, content: bytes, shown: str = "") -> None:
        self.path: Final = path
        self.content: Final = content
        self.shown: Final = shown

    @cached_property
    def text(self) -> Text:
        """Decode the content once; raises `errors.InputError` with the region of the first byte that is not UTF-8."""
        return Text.decode(self.content)


class SecretMark(NamedTuple):
    """Marks a secret value in a document: `value` is what must be masked, never what may be shown."""

    path: Path
    type: SecretType
    value: str

    def __repr__(self) -> str:
        return f"SecretMark(path={self.path!r}, type={self.type!r})"


class Locator(Protocol):
    """Turns the paths of one document into places and names."""

    def locate(self, path: Path) -> Region:
        """Return the region of a path, or of its nearest existing ancestor."""

    def name(self, path: Path) -> str:
        """Return the path with list items named instead of numbered, so that new neighbours leave it alone."""


class Document(NamedTuple):
    """Holds one normalized unit of a file: `data` is what rules see as `input`."""

    kind: str
    source: SourceFile
    id: str
    """Names the document in this scan: the file's path, and `#<n>` for each further document of the file."""
    identity: str
    """Names the resource for fingerprints, without path or line (`apps/v1/Deployment/shop/web`); may be empty."""
    data: JSON
    locator: Locator
    secrets: tuple[SecretMark, ...] = ()

    def __repr__(self) -> str:
        return f"Document(kind={self.kind!r}, id={self.id!r})"


class Problem(NamedTuple):
    """Tells what could not be checked, where and why; `path` is empty where no file is concerned."""

    path: str
    reason: str
    region: Region | None = None
    advice: str = ""


class Unrendered(NamedTuple):
    """Names a file that only a renderer (Helm, Kustomize, a foreign shell) turns into something that can be checked."""

    path: str
    reason: str
    region: Region | None = None


class Skipped(NamedTuple):
    """Names a file that was looked at and not checked, with the reason."""

    path: str
    reason: str


class Parameter(NamedTuple):
    """Describes one tunable of a rule; `type` is a JSON schema type."""

    type: str
    default: JSON
    description: str


class Rule(NamedTuple):
    """Holds what METADATA says of a rule; the id is `<kind>/<name>`."""

    id: str
    kind: str
    name: str
    title: str
    description: str
    severity: Severity
    enabled: Literal["default", "opt-in"]
    category: str
    remediation: str
    objects: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    implied_by: tuple[str, ...] = ()
    frameworks: Mapping[str, tuple[str, ...]] = {}
    equivalents: Mapping[str, tuple[str, ...]] = {}
    parameters: Mapping[str, Parameter] = {}

    @property
    def is_security(self) -> bool:
        """Tell whether the rule guards against an attacker, rather than against a mishap."""
        return self.category in SECURITY_CATEGORIES


class Selection(NamedTuple):
    """Holds the rules of one scan with their configured severities, and the parameters that were set."""

    rules: tuple[Rule, ...]
    parameters: Mapping[str, Mapping[str, JSON]] = {}
    report_implied: bool = False
    """Whether findings that another selected rule implies are reported as well."""

    @property
    def has_project_rules(self) -> bool:
        """Tell whether the facts of documents are needed."""
        return any(rule.kind == "project" for rule in self.rules)


class Frame(NamedTuple):
    """Holds the lines of a region as they may be shown: secret values are masked, carets count code points.

    `lines` starts at line `first`; `start` and `end` bound the underlined part of the region's first line
    (zero-based, `end` exclusive) in the masked text.
    """

    first: int
    line: int
    lines: tuple[str, ...]
    start: int
    end: int


class Suppression(NamedTuple):
    """Tells why a finding does not count."""

    kind: Literal["inSource", "external"]
    reason: str
    owner: str = ""
    until: str = ""
    """The last day on which it holds (`2027-01-31`), empty where it has no end."""
    place: str = ""
    """Where the waiver stands, as `<path>:<line>`."""


class Finding(NamedTuple):
    """Points with one rule at one place of one document; severities are those of this scan's configuration."""

    rule: str
    severity: Severity
    path: str
    kind: str
    identity: str
    node: Path
    """The path inside the document."""
    logical: str
    """The same path with list items named."""
    region: Region
    message: str
    fingerprint: str
    frame: Frame
    suppression: Suppression | None = None
    is_known: bool = False
    """Whether it was there before: the baseline, or the revision that the scan is compared with, has it."""
