"""Keeps the variables that are in force in a stage.

Source: the sections "Understand how ARG and FROM interact", "Scope" and "Using ARG variables" of the Dockerfile
reference, and "Scoping" in Docker's page on build variables: a stage inherits what its parent stage declared.
"""

from __future__ import annotations

from typing import Final

from checker.syntax.dockerfile.expansion import Missing

_PLATFORM: Final = frozenset(
    f"{side}{part}" for side in ("BUILD", "TARGET") for part in ("PLATFORM", "OS", "OSVERSION", "ARCH", "VARIANT")
) | {"TARGETSTAGE"}
_PROXY: Final = frozenset({"HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"})
"""Build arguments that need no ARG."""


def is_predefined(name: str) -> bool:
    """Tell whether the builder itself may give an argument its value."""
    return name in _PLATFORM or name.upper() in _PROXY or name.startswith("BUILDKIT_")


class Scope:
    """Holds arguments and environment; ENV beats ARG, whatever their order."""

    def __init__(self, parent: Scope | None = None, *, is_complete: bool = False) -> None:
        """Start with what a parent stage leaves; `is_complete` if no base image can have set anything more."""
        self.arguments: dict[str, str | Missing] = dict(parent.arguments) if parent else {}
        self.environment: dict[str, str | None] = dict(parent.environment) if parent else {}
        self._is_complete: bool = parent._is_complete if parent else is_complete  # noqa: SLF001 - of the same class

    def __call__(self, name: str) -> str | Missing:
        """Look up a variable."""
        if name in self.environment:
            value = self.environment[name]
            return Missing.UNKNOWN if value is None else value
        if name in self.arguments:
            return self.arguments[name]
        is_unset = self._is_complete and not is_predefined(name) and name.isidentifier() and name != "PATH"
        return Missing.UNSET if is_unset else Missing.UNKNOWN

    @property
    def size(self) -> int:
        """Return how many variables there are."""
        return len(self.arguments) + len(self.environment)

    def declare(self, name: str, value: str | Missing | None, outer: Scope | None = None) -> None:
        """Declare an argument; one without default takes that of an outer scope (the ARG before the first FROM)."""
        if value is None:
            value = Missing.UNKNOWN
        if value is Missing.OPTIONAL:
            if is_predefined(name):
                value = Missing.UNKNOWN
            elif outer is not None and name in outer.arguments:
                value = outer.arguments[name]
            elif name in self.arguments:
                value = Missing.UNKNOWN
        self.arguments[name] = value

    def variables(self, *, at_build: bool) -> dict[str, str | None]:
        """Return what a command finds in its environment, None where the value is unknown."""
        found: dict[str, str | None] = {}
        if at_build:
            found = {name: value if isinstance(value, str) else None for name, value in self.arguments.items()}
        return found | self.environment
