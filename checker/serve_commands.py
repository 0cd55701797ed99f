"""Turns the command line of `checker serve` into what the server takes."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from checker import bundles, commands, engine_options, workers
from checker.errors import CheckerError
from checker.server.options import Address, Options

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Sequence

    from checker.admission import Admission
    from checker.bundles import Bundle
    from checker.config import Settings
    from checker.server.policies import Policies

_OPA_THREADS: Final = 16
"""How many requests a worker asks OPA about at once: it waits, and does nothing meanwhile."""


def service(arguments: Namespace) -> tuple[Options, Callable[[], Policies]]:
    """Return how to serve, and what makes the policies of a worker; raises `CheckerError` for what cannot be served."""
    _, bundle = _judged(arguments)
    engine_options.engine(arguments, bundle)
    if arguments.drain_seconds >= arguments.shutdown_seconds:
        limit = f"--shutdown-seconds {arguments.shutdown_seconds}"
        message = f"--drain-seconds {arguments.drain_seconds}: must be less than {limit}"
        raise CheckerError(message)
    options = Options(
        listen=Address(*arguments.listen),
        metrics=Address(*arguments.metrics) if arguments.metrics else None,
        certificate=Path(arguments.certificate),
        key=Path(arguments.key),
        client_authorities=Path(arguments.client_ca) if arguments.client_ca else None,
        workers=arguments.workers or (1 if sys.platform == "win32" else workers.processors()),
        threads=_OPA_THREADS if arguments.engine == "opa" else 1,
        queue=arguments.queue,
        connections=arguments.connections,
        drain_seconds=arguments.drain_seconds,
        shutdown_seconds=arguments.shutdown_seconds,
    )
    return options, partial(_open_policies, arguments)


def _open_policies(arguments: Namespace) -> Policies:
    from checker.server.policies import Policies

    compiled = [Path(folder) for folder in arguments.policies if bundles.is_bundle(Path(folder))]
    watched = [folder / name for folder in compiled for name in (bundles.DIGEST, bundles.CATALOG, bundles.MODULE)]
    file = commands.configuration_file(arguments)
    return Policies(partial(_admission, arguments, compiled), [*watched, *([file] if file else [])])


def _admission(arguments: Namespace, compiled: Sequence[Path]) -> Admission:
    """Return what decides now; what was a bundle at the start is never taken for a folder of Rego."""
    from checker.admission import Admission

    for folder in compiled:
        if not bundles.is_bundle(folder):
            message = f"{folder}: is no bundle any more"
            raise CheckerError(message)
    settings, bundle = _judged(arguments)
    return Admission(bundle, settings, engine_options.engine(arguments, bundle))


def _judged(arguments: Namespace) -> tuple[Settings, Bundle]:
    """Return by what objects are judged, as configuration and policies are now."""
    from checker.selection import select

    settings, bundle = commands.settled(arguments)
    select(bundle.catalog, settings)
    return settings, bundle
