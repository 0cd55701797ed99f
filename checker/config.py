"""Reads `.checker.yaml`, which says what a scan selects and how it counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

from checker import nearest
from checker.errors import CheckerError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path as File

    from checker.model import JSON, Path, Severity
    from checker.syntax.yaml_builder import Parsed
    from checker.text import Text

NAME: Final = ".checker.yaml"

Mode: TypeAlias = Literal["deny", "warn", "audit", "ignore"]
FailureKind: TypeAlias = Literal["bad-body", "unknown-version", "evaluation", "time", "overload"]
FAILURE_KINDS: Final[tuple[FailureKind, ...]] = ("bad-body", "unknown-version", "evaluation", "time", "overload")


class ModeEntry(NamedTuple):
    """Says what findings do at admission that meet each condition; a condition left empty is met by all.

    Rules and namespaces are `fnmatch` patterns.
    """

    mode: Mode
    severities: tuple[Severity, ...] = ()
    rules: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    namespaces: tuple[str, ...] = ()


class AdmissionSettings(NamedTuple):
    """Holds what the configuration says of the admission webhook; the first entry of `modes` that fits decides."""

    modes: tuple[ModeEntry, ...] = ()
    templates: Literal["warn", "deny"] = "warn"
    grandfather: bool = False
    failures: Mapping[FailureKind, Literal["allow", "deny"]] = {}
    """What a request gets that could not be judged; a kind that is not named is denied."""
    budget: float = 1.0
    """Seconds that judging one request may take."""
    warnings: int = 20
    """How many warnings one answer may hold."""


class Settings(NamedTuple):
    """Holds what the configuration file and the command line ask for; patterns are `fnmatch` patterns on rule ids."""

    profiles: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severities: Mapping[str, Severity] = {}
    parameters: Mapping[str, Mapping[str, JSON]] = {}
    exclude: tuple[str, ...] = ()
    fail_on: Severity | Literal["never"] = "low"
    admission: AdmissionSettings = AdmissionSettings()


class Entry(NamedTuple):
    """Holds what one word of a configuration file asks for, and where it stands (`<file>:<line>`)."""

    place: str
    settings: Settings


class Configuration(NamedTuple):
    """Holds a configuration file: its settings, and each word of them that may name what does not exist."""

    settings: Settings = Settings()
    entries: tuple[Entry, ...] = ()


def find(folder: File, top: File) -> File | None:
    """Return the nearest configuration file, from an absolute folder upwards to `top`."""
    for candidate in (folder, *folder.parents):
        if (candidate / NAME).is_file():
            return candidate / NAME
        if candidate == top:
            return None
    return None


def read(file: File) -> Configuration:
    """Read a configuration file; raises `CheckerError` with file and line for what is wrong with its shape."""
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
    written = [(span, parsed) for span, parsed in documents if parsed is not None and parsed.data is not None]
    if len(written) > 1:
        message = f"{file}:{text.region(*written[1][0]).start_line}: a configuration is one YAML document"
        raise CheckerError(message)
    return _File(file, text, written[0][1]).configuration() if written else Configuration()


class _File:
    """Turns the data of one file into settings, and paths in it into lines."""

    def __init__(self, file: File, text: Text, parsed: Parsed) -> None:
        from checker.syntax.yaml_places import YAMLLocator

        self._file = file
        self._data: Any = parsed.data
        self._locator = YAMLLocator(text, parsed.root)

    def configuration(self) -> Configuration:
        """Return the settings; raises `CheckerError` where the data does not have the shape of schemas/config.json."""
        self._validate()
        settings = Settings(
            profiles=tuple(self._words("profile").values()),
            select=tuple(self._words("select").values()),
            ignore=tuple(self._words("ignore").values()),
            severities=self._data.get("severity", {}),
            parameters=self._data.get("parameters", {}),
            exclude=tuple(self._words("exclude").values()),
            fail_on=self._data.get("fail-on", Settings().fail_on),
            admission=self._admission(),
        )
        return Configuration(settings, tuple(self._entries()))

    def _place(self, path: Path) -> str:
        return f"{self._file}:{self._locator.locate(path).start_line}"

    def _words(self, *path: str | int) -> dict[Path, str]:
        """Return the words under a path by their own paths; one word may stand without a list."""
        value: Any = self._data
        for step in path:
            value = value.get(step, []) if isinstance(value, dict) else value[step]
        return {path: value} if isinstance(value, str) else {(*path, index): word for index, word in enumerate(value)}

    def _admission(self) -> AdmissionSettings:
        data = self._data.get("admission", {})
        values = {
            key: data[key] for key in ("templates", "grandfather", "failures", "budget", "warnings") if key in data
        }
        return AdmissionSettings(modes=tuple(map(self._mode_entry, range(len(data.get("modes", []))))), **values)

    def _mode_entry(self, index: int) -> ModeEntry:
        path = ("admission", "modes", index)
        conditions: dict[str, Any] = {
            f"{key}s" if key != "severity" else "severities": tuple(self._words(*path, key).values())
            for key in ("severity", "rule", "profile", "namespace")
        }
        return ModeEntry(mode=self._data["admission"]["modes"][index]["mode"], **conditions)

    def _entries(self) -> Iterator[Entry]:
        for path, word in self._words("profile").items():
            yield Entry(self._place(path), Settings(profiles=(word,)))
        for path, word in self._words("select").items():
            yield Entry(self._place(path), Settings(select=(word,)))
        for path, word in self._words("ignore").items():
            yield Entry(self._place(path), Settings(ignore=(word,)))
        for rule, severity in self._data.get("severity", {}).items():
            yield Entry(self._place(("severity", rule)), Settings(severities={rule: severity}))
        for rule, values in self._data.get("parameters", {}).items():
            yield Entry(self._place(("parameters", rule)), Settings(parameters={rule: {}}))
            for name, value in values.items():
                place = self._place(("parameters", rule, name))
                yield Entry(place, Settings(parameters={rule: {name: value}}))
        for index in range(len(self._data.get("admission", {}).get("modes", []))):
            for path, word in self._words("admission", "modes", index, "rule").items():
                yield Entry(self._place(path), Settings(select=(word,)))
            for path, word in self._words("admission", "modes", index, "profile").items():
                yield Entry(self._place(path), Settings(profiles=(word,)))

    def _validate(self) -> None:
        from checker import resources
        from checker.syntax import schema

        file = resources.SCHEMAS / "config.json"
        found = schema.fault(schema.compiled(file), self._data)
        if found is not None:
            path, reason = found
            message = f"{self._place(path)}: {reason}{_hint(path, file)}"
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
