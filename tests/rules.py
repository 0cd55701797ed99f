"""Writes small rules and documents for the tests of what compiles and evaluates them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checker.model import Document, SecretMark, Selection, SourceFile
from checker.text import FIRST, Region

if TYPE_CHECKING:
    from pathlib import Path

    from checker.bundles import Bundle

METADATA = """\
# METADATA
# title: Something is wrong with the document
# description: A rule that exists to be compiled, with a description that is long enough.
# custom:
#   severity: low
#   enabled: default
#   category: configuration
#   remediation: Write something else instead.
"""


def rule(name: str, body: str, *, metadata: str = "", extra: str = "") -> str:
    """Return a rule `<kind>/<name>`; `metadata` is added to `custom`, `extra` stands behind the package."""
    kind, _, last = name.partition("/")
    added = "".join(f"#   {line}\n" for line in metadata.splitlines())
    return f'{METADATA}{added}package policies.{kind}["{last}"]\n\n{extra}\n\n{body}\n'


def write(folder: Path, files: dict[str, str]) -> Path:
    """Write rules by id, and other files by path, as an own folder of policies; return it."""
    for name, text in files.items():
        path = folder / name if name.endswith((".rego", ".yaml")) else folder / name / f"{name.split('/')[-1]}.rego"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


class Nowhere:
    """Locates every path at the first character."""

    def locate(self, _: Any) -> Region:
        return FIRST

    def name(self, path: Any) -> str:
        return str(path)


def document(data: Any, kind: str = "env", *, secrets: tuple[SecretMark, ...] = (), path: str = "a.env") -> Document:
    """Return a document of a file that is empty."""
    return Document(kind, SourceFile(path, b"", path), path, "", data, Nowhere(), secrets)


def everything(bundle: Bundle, *ids: str, **parameters: dict[str, Any]) -> Selection:
    """Return a selection of some rules, or of all."""
    rules = tuple(one for one in bundle.catalog.rules.values() if not ids or one.id in ids)
    return Selection(rules, {name.replace("__", "/").replace("_", "-"): value for name, value in parameters.items()})
