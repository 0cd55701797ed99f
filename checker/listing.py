"""Shows rules as text."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from checker import nearest
from checker.errors import CheckerError

if TYPE_CHECKING:
    from checker.bundles import Bundle
    from checker.catalog import Catalog
    from checker.model import Rule


def rules(catalog: Catalog, pattern: str, format_name: str) -> str:
    """Return the rules whose id matches a pattern, a line each, or as a JSON array."""
    found = [rule for rule in catalog.rules.values() if fnmatchcase(rule.id, pattern)]
    if not found:
        message = f"no rule matches `{pattern}`{nearest.hint(pattern, catalog.rules)}"
        raise CheckerError(message)
    if format_name == "json":
        from checker.formats.json import rule_object

        return json.dumps([rule_object(rule) for rule in found], indent=1, ensure_ascii=False) + "\n"
    width = max(len(rule.id) for rule in found)
    return "".join(_line(rule, width) for rule in found)


def _line(rule: Rule, width: int) -> str:
    opt_in = " (opt-in)" if rule.enabled == "opt-in" else ""
    return f"{rule.id:<{width}}  {rule.severity:<8}  {rule.title}{opt_in}\n"


def explain(bundle: Bundle, name: str) -> str:
    """Return the page of a rule, or what its METADATA says where it has no page."""
    rule = bundle.catalog.rules.get(name)
    if rule is None:
        message = f"there is no rule `{name}`{nearest.hint(name, bundle.catalog.rules)}"
        raise CheckerError(message)
    source = next((file for path, file in bundle.files.items() if path.startswith(f"policies/{rule.id}/")), None)
    page = source and source.with_name("README.md")
    return page.read_text("utf-8") if page and page.is_file() else _page(rule)


def _page(rule: Rule) -> str:
    links = "".join(f"- <{link}>\n" for link in rule.references)
    about = f"`{rule.id}` · {rule.severity} · {rule.category}"
    parts = [f"# {rule.title}", about, rule.description.strip(), f"## What to do\n\n{rule.remediation.strip()}"]
    return "\n\n".join([*parts, f"## References\n\n{links}".rstrip()] if links else parts) + "\n"
