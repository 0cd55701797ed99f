"""Keeps what is known of the variables while a script is read."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checker.syntax.shell.values import Variables

_UNSET: Final = object()


class State:
    """Holds the variables that a script started with, and those that it changed since."""

    def __init__(
        self, environment: Variables, changed: Variables | None = None, *, is_conditional: bool = False
    ) -> None:
        self.environment: Final = environment
        self.changed: Variables = {} if changed is None else changed
        self.variables: Variables = {**environment, **self.changed}
        self.is_conditional = is_conditional
        """Whether it is unknown if what is read now will run."""

    def assign(self, names: Variables) -> None:
        """Change variables."""
        self.changed = {**self.changed, **names}
        self.variables = {**self.environment, **self.changed}

    @contextmanager
    def branch(self) -> Iterator[None]:
        """Read what may not run: what it assigns is unknown afterwards."""
        before, was_conditional = self.changed, self.is_conditional
        self.is_conditional = True
        yield
        after = self.changed
        self.changed, self.is_conditional = before, was_conditional
        self.assign({name: None for name, value in after.items() if before.get(name, _UNSET) != value})

    @contextmanager
    def isolated(self) -> Iterator[None]:
        """Read what runs in a shell of its own, which leaves no variables."""
        before = self.changed
        yield
        self.changed = before
        self.assign({})
