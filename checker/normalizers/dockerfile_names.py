"""Names the nodes of a Dockerfile's document for fingerprints, without lines, indices, digests and secrets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from checker.model import JSON, Path

_PROGRAMS: Final = frozenset(
    {
        "apk", "apt", "apt-get", "aptitude", "brew", "bundle", "cargo", "choco", "composer", "conda", "curl", "dnf",
        "dotnet", "gem", "git", "go", "helm", "kubectl", "make", "microdnf", "mvn", "npm", "npx", "pip", "pip3",
        "pipenv", "pnpm", "poetry", "rpm", "rustup", "systemctl", "tdnf", "uv", "yarn", "yum", "zypper",
    }
)  # fmt: skip
"""Programs whose first word says what they do."""

_SUBCOMMAND: Final = re.compile(r"[a-z][a-z-]*")
_SUBJECTS: Final = ("assignments", "commands")


def name(data: JSON, path: Path) -> str:
    """Return the name of a node: `stages[build].RUN[apt-get install].arguments`."""
    if path[:1] == ("arguments",) and len(path) > 1:
        instruction = _item(data, "arguments", path[1])
        return _joined("", instruction, path[2:])
    if path[:1] != ("stages",) or len(path) < 2:  # noqa: PLR2004 - a list and an index
        return ".".join(part for part in path if isinstance(part, str))
    stage = _item(data, "stages", path[1])
    prefix = f"stages[{stage.get('from', {}).get('name', path[1])}]"
    if path[2:3] == ("instructions",) and len(path) > 3:  # noqa: PLR2004 - the path of an instruction
        return _joined(f"{prefix}.", _item(stage, "instructions", path[3]), path[4:])
    return ".".join((f"{prefix}.FROM[{_base(stage)}]", *_keys(path[2:])))


def _item(owner: JSON, key: str, index: str | int) -> JSON:
    items = owner.get(key, ())
    return items[index] if isinstance(index, int) and -1 < index < len(items) else {}


def _joined(prefix: str, instruction: JSON, rest: Path) -> str:
    keyword = instruction.get("keyword", "")
    return ".".join((f"{prefix}{keyword}[{_subject(instruction, rest)}]", *_keys(rest)))


def _keys(path: Path) -> list[str]:
    return [part for part in path if isinstance(part, str) and part not in (*_SUBJECTS, "from", "text", "value")]


def _subject(instruction: JSON, rest: Path) -> str:
    for key in _SUBJECTS:
        index = rest[1] if rest[:1] == (key,) and len(rest) > 1 else 0
        item = _item(instruction, key, index)
        if item:
            return _program(item) if key == "commands" else str(item["name"])
    for key in ("destination", "argument"):
        if key in instruction:
            return str(instruction[key]["text"])
    return ""


def _program(command: JSON) -> str:
    program: str = command.get("name", "")
    if program not in _PROGRAMS:
        return program
    words = (word.get("value", "") for word in command["arguments"])
    subcommand = next((word for word in words if not word.startswith("-")), "")
    return f"{program} {subcommand}" if _SUBCOMMAND.fullmatch(subcommand) else program


def _base(stage: JSON) -> str:
    image = stage.get("from", {}).get("image", {})
    reference: str = image.get("value", image.get("text", ""))
    folder, slash, last = reference.partition("@")[0].rpartition("/")
    return folder + slash + last.partition(":")[0]
