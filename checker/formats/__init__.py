"""Renders reports: one module a format, each with the face `Format`."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Protocol, TypeAlias, cast

if TYPE_CHECKING:
    from checker.report import Report

FORMATS: Final[tuple[str, ...]] = (
    "text",
    "json",
    "sarif",
    "html",
    "junit",
    "github",
    "markdown",
    "gitlab-codequality",
    "gitlab-sast",
    "checkstyle",
    "csv",
)
"""Every format by the name that the user says, which its module has with underscores."""

Detail: TypeAlias = Literal["quiet", "normal", "verbose"]


class Options(NamedTuple):
    """Tells what the place of the output can show, and what the reader wants to see: colours, columns, details."""

    colour: bool = False
    width: int = 80
    detail: Detail = "normal"
    """How much is told beside the findings, in formats that people read."""


class Format(Protocol):
    """Describes what each module of this folder offers."""

    def render(self, report: Report, options: Options) -> Iterator[str]:
        """Yield a report's text in pieces that end at the end of a line; the same text for the same report."""


def load(name: str) -> Format:
    """Return a format of `FORMATS`; a scan imports only those that it writes."""
    return cast("Format", import_module(f"checker.formats.{name.replace('-', '_')}"))
