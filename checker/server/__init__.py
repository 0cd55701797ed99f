"""Serves admission decisions over HTTPS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from checker.errors import CheckerError

if TYPE_CHECKING:
    from collections.abc import Callable

    from checker.server.options import Options
    from checker.server.policies import Policies

_LIBRARIES: Final = ("aiohttp", "prometheus_client")


def serve(options: Options, open_policies: Callable[[], Policies]) -> int:
    """Serve until SIGTERM or SIGINT, and return the exit code; `open_policies` is called in each worker.

    Raises `CheckerError` for options that cannot be used, and where the server's libraries are not installed.
    """
    from importlib.util import find_spec

    for library in _LIBRARIES:
        if find_spec(library) is None:
            message = f"serve needs {library}: install `container-policy-checker[webhook]`"
            raise CheckerError(message)
    from checker.server import processes

    return processes.serve(options, open_policies)
