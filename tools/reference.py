"""Rewrites the tables of docs/ that tell what stands in schemas/.

Usage: python tools/reference.py
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
_TABLE = re.compile(r"(<!-- table: (\S+?)(?:#(\w+))? -->\n).*?(?=<!-- end -->)", re.DOTALL)


def rewritten(text: str) -> str:
    """Return a page with each table between `<!-- table: schema.json#definition -->` and `<!-- end -->` made anew."""
    return _TABLE.sub(lambda match: match[1] + _table(_schema(match[2]), match[3]), text)


def _schema(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((ROOT / "schemas" / name).read_bytes())
    return schema


def _table(schema: dict[str, Any], definition: str | None) -> str:
    definitions = schema.get("$defs") or schema.get("definitions", {})
    properties = (definitions[definition] if definition else schema)["properties"]
    rows = [f"| `{name}` | {_type(value)} | {_description(value, definitions)} |" for name, value in properties.items()]
    return "".join(f"{line}\n" for line in ["| key | type | meaning |", "| --- | --- | --- |", *rows])


def _name(value: dict[str, Any]) -> str:
    return str(value["$ref"]).rpartition("/")[2]


def _type(value: dict[str, Any]) -> str:
    if "$ref" in value:
        return _REFERENCES.get(_name(value), _name(value))
    if "anyOf" in value:
        return f"{_name(value['anyOf'][1])} or null"
    if "enum" in value:
        return " \\| ".join(f"`{word}`" for word in value["enum"])
    if "const" in value:
        return f"`{value['const']}`"
    if value.get("type") == "array" and "items" in value:
        return f"list of {_type(value['items'])}"
    type_ = value.get("type", "anything")
    return " or ".join(type_) if isinstance(type_, list) else str(type_)


_REFERENCES = {
    "words": "string or list of strings",
    "path": "string",
    "severity": "severity",
    "severities": "severity or list of severities",
    "verdict": "`allow` \\| `deny`",
    "admission": "object",
    "allowed": "object",
    "waivers": "object",
    "failures": "object",
}


def _description(value: dict[str, Any], definitions: dict[str, Any]) -> str:
    if "anyOf" in value:
        return _description(value["anyOf"][1], definitions)
    described = value.get("description") or definitions[_name(value)]["description"]
    return " ".join(str(described).split())


def main() -> None:
    """Rewrite every page."""
    for page in sorted((ROOT / "docs").glob("*.md")):
        text = page.read_text("utf-8")
        page.write_text(rewritten(text), "utf-8")


if __name__ == "__main__":
    main()
