"""Reads `.checker.yaml`, which says what a scan selects and how it counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from checker.model import JSON, Severity


@dataclass(frozen=True, slots=True)
class Settings:
    """Holds what the configuration file and the command line ask for; patterns are `fnmatch` patterns on rule ids."""

    profiles: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severities: Mapping[str, Severity] = field(default_factory=dict)
    parameters: Mapping[str, Mapping[str, JSON]] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    fail_on: Severity | Literal["never"] = "low"
