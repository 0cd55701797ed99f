"""Turns the command lines of `checker webhook` into what its parts take."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from checker import commands
from checker.errors import CheckerError

if TYPE_CHECKING:
    from argparse import Namespace

    from checker.webhook.rehearsal import Rehearsal


def rehearsal(arguments: Namespace, stdin: BinaryIO, *, is_typed: bool) -> Rehearsal:
    """Rehearse what the webhook would do; raises `CheckerError` for a wrong command line or configuration.

    `is_typed` tells that standard input is a terminal, on which nobody types objects.
    """
    from checker.admission import Admission
    from checker.engines.wasm import WasmEngine
    from checker.webhook import EXCLUDED, existing, rehearse

    paths = [path for path in arguments.paths if path != "-"]
    reads_stdin = "-" in arguments.paths or not arguments.paths
    if reads_stdin and is_typed:
        message = "give files or folders, or objects on standard input: `kubectl get … -o json | checker …`"
        raise CheckerError(message)
    settings, bundle = commands.settled(arguments)
    if arguments.assume:
        settings = settings._replace(admission=rehearse.assumed(settings.admission, arguments.assume))
    excluded = EXCLUDED if arguments.exclude_namespace is None else tuple(filter(None, arguments.exclude_namespace))
    conditions = rehearse.Conditions(
        arguments.namespace, tuple(arguments.namespace_profile), excluded, arguments.owner_label
    )
    admission = Admission(bundle, settings, partial(WasmEngine, bundle))
    try:
        admission.warm()
        reader = existing.Reader(arguments.max_file_size, settings.exclude)
        objects = reader.objects(paths, commands.content(stdin, arguments.max_file_size) if reads_stdin else None)
        return rehearse.rehearse(admission, objects, reader.checked, conditions, datetime.now(UTC))
    finally:
        admission.close()
