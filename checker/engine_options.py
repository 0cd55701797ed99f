"""Turns the options about engines into what makes one."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from checker.errors import CheckerError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from checker.bundles import Bundle
    from checker.engines import Engine
    from checker.engines.opa import Server
    from checker.model import Selection


def engine(arguments: Namespace, bundle: Bundle) -> Callable[[Selection], Engine]:
    """Return what makes the engine once the rules are selected."""
    _check_engine_options(arguments)
    if arguments.engine == "opa":
        from checker.engines import opa

        seconds = float(arguments.evaluation_time or opa.SECONDS)
        return partial(opa.OpaEngine, bundle, servers=_servers(arguments), seconds=seconds)
    from checker.engines import wasm

    memory = arguments.evaluation_memory or wasm.MEMORY
    seconds = float(arguments.evaluation_time or wasm.SECONDS)
    return partial(wasm.WasmEngine, bundle, memory=memory, seconds=seconds)


def _check_engine_options(arguments: Namespace) -> None:
    """Raise `CheckerError` for an option that the chosen engine would not heed."""
    foreign = "evaluation_memory" if arguments.engine == "opa" else "opa_"
    for name, value in sorted(vars(arguments).items()):
        if name.startswith(foreign) and value:
            message = f"--{name.replace('_', '-')} does nothing with --engine {arguments.engine}"
            raise CheckerError(message)


def _servers(arguments: Namespace) -> tuple[Server, ...]:
    """Return how to reach the OPA servers; raises `CheckerError` where that is not said, or a file is not there."""
    from checker.engines.opa import Server

    if not arguments.opa_url:
        message = "--engine opa: needs --opa-url"
        raise CheckerError(message)
    if arguments.opa_key and not arguments.opa_certificate:
        message = "--opa-key: needs --opa-certificate"
        raise CheckerError(message)
    for name in ("opa_token_file", "opa_ca", "opa_certificate", "opa_key"):
        path = getattr(arguments, name)
        if path and not Path(path).is_file():
            message = f"--{name.replace('_', '-')} {path}: is no file"
            raise CheckerError(message)
    token = os.environ.get("CHECKER_OPA_TOKEN", "")
    if arguments.opa_token_file:
        token = Path(arguments.opa_token_file).read_text("utf-8").strip()
    one = Server(
        "",
        token,
        arguments.opa_ca or "",
        arguments.opa_certificate or "",
        arguments.opa_key or "",
        arguments.opa_insecure,
    )
    return tuple(one._replace(url=url) for url in dict.fromkeys(arguments.opa_url))
