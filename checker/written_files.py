"""Reads the YAML files that people write for this program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checker import nearest
from checker.errors import CheckerError, InputError

if TYPE_CHECKING:
    from pathlib import Path as File

    from checker.model import JSON, Path
    from checker.syntax.yaml_builder import Parsed
    from checker.text import Region, Text


class Written:
    """Holds what a file says, and knows where it says it."""

    def __init__(self, file: File, text: Text, parsed: Parsed) -> None:
        from checker.syntax.yaml_places import YAMLLocator

        self.data: Any = parsed.data
        self._file = file
        self._locator = YAMLLocator(text, parsed.root)

    def region(self, path: Path) -> Region:
        """Return the region of a path."""
        return self._locator.locate(path)

    def place(self, path: Path) -> str:
        """Return file and line of a path."""
        return f"{self._file}:{self.region(path).start_line}"


def read(file: File, schema: str, what: str) -> Written | None:
    """Read a file that a schema of schemas/ describes, or return None where it says nothing; `what` names its purpose.

    Raises `CheckerError` with file and line for what is no YAML or does not have that shape.
    """
    from checker.syntax import yaml
    from checker.text import Text

    try:
        text = Text.decode(file.read_bytes())
        documents = [(span, yaml.parse(text, span)) for span in yaml.split(text)]
    except OSError as error:
        message = f"{file}: cannot be read: {error.strerror}"
        raise CheckerError(message) from None
    except InputError as error:
        line = error.region.start_line if error.region else 1
        message = f"{file}:{line}: {error.reason}"
        raise CheckerError(message) from None
    found = [(span, parsed) for span, parsed in documents if parsed is not None and parsed.data is not None]
    if len(found) > 1:
        message = f"{file}:{text.region(*found[1][0]).start_line}: {what} is one YAML document"
        raise CheckerError(message)
    if not found:
        return None
    written = Written(file, text, found[0][1])
    _validate(written, schema)
    return written


def _validate(written: Written, name: str) -> None:
    from checker import resources
    from checker.syntax import schema

    file = resources.SCHEMAS / name
    found = schema.fault(schema.compiled(file), written.data)
    if found is not None:
        path, reason = found
        message = f"{written.place(path)}: {reason}{_hint(path, file)}"
        raise CheckerError(message)


def _hint(path: Path, file: File) -> str:
    """Return which words are allowed at a path of the schema, the nearest one for an unknown key."""
    import json

    schema = json.loads(file.read_bytes())
    node = schema
    for step in path:
        parent, node = node, _below(node, step)
        node = schema["definitions"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node
        if not node and isinstance(step, str):
            return nearest.hint(step, parent.get("properties", {}))
    words = node.get("enum") or node.get("then", {}).get("enum")
    return f": {', '.join(words)}" if words else ""


def _below(schema: JSON, step: str | int) -> JSON:
    """Return what a schema says of one key or item of a value; nothing where it knows none."""
    if isinstance(step, int):
        return schema.get("items", {})
    return schema.get("properties", {}).get(step) or schema.get("additionalProperties") or {}
