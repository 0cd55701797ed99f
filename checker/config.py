"""Reads `.checker.yaml`, which says what a scan selects and how it counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path as File

    from checker.model import JSON, Path, Severity
    from checker.written_files import Written

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


class WaiverEntry(NamedTuple):
    """Says which waivers in objects count at admission, by `fnmatch` patterns on rules and namespaces."""

    rules: tuple[str, ...]
    namespaces: tuple[str, ...]


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
    waivers: tuple[WaiverEntry, ...] = ()
    """The waivers in objects that count; the others do not."""


class WaiverSettings(NamedTuple):
    """Holds what the configuration says of waivers; `never` holds `fnmatch` patterns on rule ids."""

    inline: bool = True
    """Whether waivers in the scanned files count."""
    max_days: int | None = None
    """How far away the end of a waiver may be; then each must have one."""
    never: tuple[str, ...] = ()


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
    waivers: WaiverSettings = WaiverSettings()


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
    from checker import written_files

    written = written_files.read(file, "config.json", "a configuration")
    return _File(written).configuration() if written else Configuration()


class _File:
    """Turns the data of one file into settings, and paths in it into lines."""

    def __init__(self, written: Written) -> None:
        self._place = written.place
        self._data: Any = written.data

    def configuration(self) -> Configuration:
        """Return the settings."""
        settings = Settings(
            profiles=tuple(self._words("profile").values()),
            select=tuple(self._words("select").values()),
            ignore=tuple(self._words("ignore").values()),
            severities=self._data.get("severity", {}),
            parameters=self._data.get("parameters", {}),
            exclude=tuple(self._words("exclude").values()),
            fail_on=self._data.get("fail-on", Settings().fail_on),
            admission=self._admission(),
            waivers=self._waivers(),
        )
        return Configuration(settings, tuple(self._entries()))

    def _words(self, *path: str | int) -> dict[Path, str]:
        """Return the words under a path by their own paths; one word may stand without a list."""
        value: Any = self._data
        for step in path:
            value = value.get(step) if isinstance(value, dict) else value[step]
            if value is None:
                return {}
        return {path: value} if isinstance(value, str) else {(*path, index): word for index, word in enumerate(value)}

    def _admission(self) -> AdmissionSettings:
        data = self._data.get("admission", {})
        values = {
            key: data[key] for key in ("templates", "grandfather", "failures", "budget", "warnings") if key in data
        }
        return AdmissionSettings(
            modes=tuple(map(self._mode_entry, range(len(data.get("modes", []))))),
            waivers=tuple(self._allowed_waivers()),
            **values,
        )

    def _waivers(self) -> WaiverSettings:
        data = self._data.get("waivers", {})
        return WaiverSettings(
            inline=data.get("inline", True),
            max_days=data.get("max-days"),
            never=tuple(self._words("waivers", "never").values()),
        )

    def _allowed_waivers(self) -> Iterator[WaiverEntry]:
        for index in range(len(self._data.get("admission", {}).get("waivers", []))):
            path = ("admission", "waivers", index)
            rules, namespaces = (tuple(self._words(*path, key).values()) for key in ("rule", "namespace"))
            yield WaiverEntry(rules, namespaces)

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
        yield from self._patterns("select")
        for path, word in self._words("ignore").items():
            yield Entry(self._place(path), Settings(ignore=(word,)))
        for rule, severity in self._data.get("severity", {}).items():
            yield Entry(self._place(("severity", rule)), Settings(severities={rule: severity}))
        for rule, values in self._data.get("parameters", {}).items():
            yield Entry(self._place(("parameters", rule)), Settings(parameters={rule: {}}))
            for name, value in values.items():
                place = self._place(("parameters", rule, name))
                yield Entry(place, Settings(parameters={rule: {name: value}}))
        yield from self._patterns("waivers", "never")
        yield from self._admission_entries()

    def _admission_entries(self) -> Iterator[Entry]:
        admission = self._data.get("admission", {})
        for index in range(len(admission.get("modes", []))):
            yield from self._patterns("admission", "modes", index, "rule")
            for path, word in self._words("admission", "modes", index, "profile").items():
                yield Entry(self._place(path), Settings(profiles=(word,)))
        for index in range(len(admission.get("waivers", []))):
            yield from self._patterns("admission", "waivers", index, "rule")

    def _patterns(self, *path: str | int) -> Iterator[Entry]:
        """Yield the patterns on rules under a path: what none of them fits is blamed as if it were selected."""
        for place, word in self._words(*path).items():
            yield Entry(self._place(place), Settings(select=(word,)))
