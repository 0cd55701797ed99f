"""Turns the command lines of `checker webhook` into what its parts take."""

from __future__ import annotations

import base64
import math
from argparse import Namespace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from checker import commands
from checker.errors import CheckerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from checker.model import Document
    from checker.webhook.installation import Installation
    from checker.webhook.rehearsal import Rehearsal

_SHARE: Final = 0.8
"""How much of the API server's patience the server takes for judging."""
_PATIENCE: Final = (3, 30)
"""The least that leaves time for the way, and the most that the API server allows."""


def rehearsal(
    arguments: Namespace, stdin: BinaryIO, *, is_typed: bool, progress: Callable[[int], None] | None = None
) -> Rehearsal:
    """Rehearse what the webhook would do; raises `CheckerError` for a wrong command line or configuration.

    `is_typed` tells that standard input is a terminal, on which nobody types objects; `progress` is called with the
    number of objects read so far.
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
        namespace=arguments.namespace,
        profiles=tuple(arguments.namespace_profile),
        profile_label=arguments.profile_label,
        excluded=excluded,
        owner_label=arguments.owner_label,
    )
    admission = Admission(bundle, settings, partial(WasmEngine, bundle))
    try:
        admission.warm()
        reader = existing.Reader(arguments.max_file_size, settings.exclude)
        objects = reader.objects(paths, commands.content(stdin, arguments.max_file_size) if reads_stdin else None)
        counted = objects if progress is None else _counted(objects, progress)
        return rehearse.rehearse(admission, counted, reader.checked, conditions, datetime.now(UTC))
    finally:
        admission.close()


def _counted(objects: Iterable[Document], progress: Callable[[int], None]) -> Iterator[Document]:
    for number, one in enumerate(objects, 1):
        progress(number)
        yield one


def installation(arguments: Namespace) -> Installation:
    """Return what to install; raises `CheckerError` for what the server would not start with."""
    from checker.selection import select
    from checker.webhook import scope
    from checker.webhook.installation import Installation

    if bool(arguments.ca_bundle) != bool(arguments.tls_secret):
        message = "--ca-bundle and --tls-secret belong together"
        raise CheckerError(message)
    if arguments.cert_manager == bool(arguments.ca_bundle):
        message = "say who issues the certificate: --cert-manager, or --ca-bundle FILE with --tls-secret NAME"
        raise CheckerError(message)
    settings, bundle = commands.settled(Namespace(**vars(arguments) | {"no_config": not arguments.config}))
    select(bundle.catalog, settings)
    least, most = _PATIENCE
    return Installation(
        image=arguments.image,
        namespace=arguments.namespace,
        replicas=arguments.replicas,
        profiles=tuple(arguments.profile or ()),
        profile_label=arguments.profile_label or "",
        choices=scope.profiles(bundle.catalog),
        failure_policy=arguments.failure_policy,
        timeout_seconds=min(most, max(least, math.ceil(settings.admission.budget / _SHARE) + 1)),
        ca_bundle=_authorities(arguments.ca_bundle) if arguments.ca_bundle else "",
        tls_secret=arguments.tls_secret or "",
        configuration=_text(arguments.config) if arguments.config else "",
        opa_urls=tuple(arguments.opa_url or ()),
        metrics_namespace=arguments.metrics_namespace,
        service_monitor=arguments.service_monitor,
        rules=scope.rules(bundle.catalog),
    )


def chart(folder: str) -> str:
    """Write the Helm chart into a folder, and return what there is to say about it."""
    from checker.webhook import NAMESPACE, charts

    try:
        charts.write(Path(folder), commands.policies([]).catalog)
    except OSError as error:
        message = f"{folder}: cannot be written: {error.strerror}"
        raise CheckerError(message) from None
    line = f"helm install checker {folder} --namespace {NAMESPACE} --create-namespace --set image=IMAGE"
    return f"Wrote the chart into {folder}: `{line}`.\n"


def _authorities(name: str) -> str:
    """Return certificates as a registration holds them, and never a key that lies beside them."""
    text = _text(name)
    if "-----BEGIN CERTIFICATE-----" not in text or "PRIVATE KEY-----" in text:
        message = f"--ca-bundle {name}: holds not certificates in PEM alone"
        raise CheckerError(message)
    return base64.b64encode(text.encode()).decode("ascii")


def _text(name: str) -> str:
    try:
        return Path(name).read_text("utf-8")
    except OSError as error:
        message = f"{name}: cannot be read: {error.strerror}"
        raise CheckerError(message) from None
    except UnicodeDecodeError:
        message = f"{name}: is no text"
        raise CheckerError(message) from None
