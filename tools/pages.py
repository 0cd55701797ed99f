"""Writes the page of each rule from its METADATA and its fixtures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checker.model import Rule

FIXTURES: Final = Path(__file__).parent.parent / "fixtures"
_LONGEST: Final = 40
"""Lines that an example in a page may have."""

_LANGUAGES: Final = {".Dockerfile": "dockerfile", ".yaml": "yaml", ".json": "json", ".env": "ini", ".xml": "xml"}


def page(rule: Rule) -> str:
    """Return the page of a rule in Markdown."""
    return "\n\n".join(part.strip() for part in _parts(rule)) + "\n"


def _parts(rule: Rule) -> Iterator[str]:
    yield f"# {rule.title}"
    enabled = "on by default" if rule.enabled == "default" else "opt-in"
    yield f"`{rule.id}` · {rule.severity} · {rule.category} · {enabled}"
    yield rule.description
    yield f"## What to do\n\n{rule.remediation}"
    for prefix, title in (("fail", "Found"), ("pass", "Not found")):
        example = _example(rule, prefix)
        if example:
            yield f"### {title}\n\n{example}"
    if rule.parameters:
        yield "## Parameters\n\n" + "\n".join(
            f"- `{name}` ({item.type}, default `{_json(item.default)}`): {item.description.strip()}"
            for name, item in rule.parameters.items()
        )
    if rule.implied_by:
        yield "Not reported where " + ", ".join(f"`{name}`" for name in rule.implied_by) + " reports the same object."
    for title, table in (("Benchmarks", rule.frameworks), ("The same check elsewhere", rule.equivalents)):
        if table:
            yield f"## {title}\n\n" + "\n".join(f"- {name}: {', '.join(ids)}" for name, ids in table.items())
    if rule.references:
        yield "## References\n\n" + "\n".join(f"- <{link}>" for link in rule.references)


def _example(rule: Rule, prefix: str) -> str:
    """Return the shortest fixture of a rule that passes or fails, as far as it is short."""
    files = (path for path in (FIXTURES / rule.id).glob(f"{prefix}_*") if path.is_file())
    texts = [(path.read_bytes().decode("utf-8", "replace"), path) for path in sorted(files)]
    short = [(text, path) for text, path in texts if text.count("\n") <= _LONGEST and "\r" not in text]
    if not short:
        return ""
    text, path = min(short, key=lambda item: (item[0].count("\n"), item[1].name))
    shown = "\n".join(line.rstrip() for line in text.strip("\ufeff\n").split("\n"))
    return f"````{_LANGUAGES.get(path.suffix, '')}\n{shown}\n````"


def _json(value: object) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)
