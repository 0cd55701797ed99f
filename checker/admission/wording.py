"""Puts findings into the few words that an answer may hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from checker.display import ELLIPSIS, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from checker.config import Mode
    from checker.model import Finding, Path, Rule

MAX_WARNING: Final = 256
"""Characters of one warning: the API server may cut longer ones (`AdmissionResponse` in k8s.io/api/admission/v1)."""

MAX_WARNINGS: Final = 4096
"""Bytes of all warnings: beyond as many characters the API server cuts and drops (`truncateAtTotalRunes` in
k8s.io/apiserver/pkg/endpoints/filters/warning.go)."""

MAX_MESSAGE: Final = 4096
MAX_ANNOTATION: Final = 4096
MAX_CAUSES: Final = 32
_SEPARATOR: Final = "\n- "
"""The longest of what stands between two texts."""

_PLAIN_KEY: Final = re.compile(r"[A-Za-z_][\w-]*")


class Told(NamedTuple):
    """Holds a finding, its rule, and what it does."""

    finding: Finding
    rule: Rule
    mode: Mode

    @property
    def place(self) -> str:
        """Return where the finding stands, as `field.Path` of k8s.io/apimachinery writes it."""
        return field(self.finding.node)

    @property
    def text(self) -> str:
        """Return place, message and rule, in one line."""
        place = f"{self.place}: " if self.finding.node else ""
        return printable(f"{place}{self.finding.message} ({self.finding.rule})")


def field(path: Path) -> str:
    """Return a path as `spec.containers[0].image`, with keys that are no names in brackets."""
    parts: list[str] = []
    for step in path:
        if isinstance(step, str) and _PLAIN_KEY.fullmatch(step):
            parts.append(f".{step}" if parts else step)
        else:
            parts.append(f"[{step}]")
    return printable("".join(parts))


def message(kind: str, name: str, denials: Sequence[Told]) -> str:
    """Return why an object is refused: a line for each finding, behind the last one of a rule the rule's advice."""
    lines = []
    for number, told in enumerate(denials):
        is_last = number + 1 == len(denials) or denials[number + 1].rule is not told.rule
        advice = f". {printable(' '.join(told.rule.remediation.split()))}" if is_last else ""
        lines.append(_cut(told.text, MAX_MESSAGE // 4) + _cut(advice, MAX_MESSAGE // 4))
    head = printable(f"{kind} {name}".rstrip()) + " breaks rules:"
    return "\n- ".join([head, *_fitting(lines, MAX_MESSAGE - len(head), len(lines), "finding")])


def warnings(told: Sequence[Told], most: int) -> list[str]:
    """Return at most so many warnings that the API server passes them on whole; the last tells what is left out."""
    texts = list(dict.fromkeys(one.text for one in told))
    return _fitting([_shortened(text) for text in texts], MAX_WARNINGS, most, "warning")


def unjudged(reason: str) -> str:
    """Return the warning that an object came in without being judged."""
    return _cut(f"not judged: {printable(reason)}", MAX_WARNING)


def annotation(told: Sequence[Told]) -> str:
    """Return mode, rule and field of each finding for the audit log, and why it is accepted."""
    items = [_cut(printable(_audited(one)), MAX_ANNOTATION // 4) for one in told]
    return "; ".join(_fitting(items, MAX_ANNOTATION, len(items), "finding"))


def _audited(told: Told) -> str:
    accepted = told.finding.suppression
    waived = f" (waived: {accepted.reason})" if accepted else ""
    return f"{told.mode} {told.finding.rule} {told.place}".rstrip() + waived


def _fitting(texts: Sequence[str], size: int, most: int, what: str) -> list[str]:
    """Return all texts, or as many as fit and a last one that says how many are left out; `size` is bytes of UTF-8."""
    sizes = [len(text.encode("utf-8", "replace")) + len(_SEPARATOR) for text in texts]
    if len(texts) <= most and sum(sizes) <= size:
        return list(texts)
    left = size - len(_more(len(texts), what)) - len(_SEPARATOR)
    kept: list[str] = []
    for text, length in zip(texts[: most - 1], sizes, strict=False):
        left -= length
        if left < 0:
            break
        kept.append(text)
    return [*kept, _more(len(texts) - len(kept), what)]


def _more(count: int, what: str) -> str:
    return f"and {count} more {what}{'s' if count > 1 else ''}"


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - len(ELLIPSIS)] + ELLIPSIS


def _shortened(text: str) -> str:
    """Return a warning of the length that is passed on whole, with the rule at its end."""
    if len(text) <= MAX_WARNING:
        return text
    head, _, rule = text.rpartition(" (")
    return _cut(_cut(head, max(len(ELLIPSIS), MAX_WARNING - len(rule) - 2)) + f" ({rule}", MAX_WARNING)
