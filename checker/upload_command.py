"""Turns the command line of `checker upload` into a delivery to GitHub."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from checker import code_scanning
from checker.errors import CheckerError
from checker.upload.github import GitHub
from checker.upload.patience import Clock, Patience
from checker.upload.revision import Given, target

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Mapping

    from checker.model import JSON

_CLOCK: Final = Clock()
_REFUSED: Final = 1


class Delivery(NamedTuple):
    """Holds what there is to say of a delivery, and how the command ends."""

    text: str
    exit_code: int


def deliver(
    arguments: Namespace,
    environment: Mapping[str, str],
    tell: Callable[[str], None],
    clock: Clock = _CLOCK,
) -> Delivery:
    """Send a file; `tell` hears what is left out of it, and of attempts that failed.

    Raises `CheckerError` for what cannot be sent.
    """
    file = Path(arguments.file)
    token = _token(environment)
    given = Given(arguments.repository, arguments.ref, arguments.commit, arguments.api_url)
    destination = target(given, environment, Path.cwd())
    fitting, sentences = _prepared(file, arguments.category)
    for sentence in sentences:
        tell(f"{file}: {sentence}")
    github = GitHub(destination, token, Patience(arguments.timeout, tell, clock))
    delivery = github.upload(code_scanning.packed(fitting), fitting["runs"][0]["tool"]["driver"]["name"])
    count = sum(len(run["results"]) for run in fitting["runs"])
    place = f"{count:,} results for {destination.ref} of {destination.repository}, commit {destination.commit[:12]}"
    if arguments.no_wait:
        return Delivery(f"GitHub has taken in {place}, as delivery {delivery}.\n", 0)
    errors = github.errors(delivery)
    for error in errors:
        tell(f"GitHub could not process the results: {error}")
    return Delivery("", _REFUSED) if errors else Delivery(f"GitHub has processed {place}.\n", 0)


def _token(environment: Mapping[str, str]) -> str:
    """Return the token; one that cannot stand in a header is refused here, for an exception would quote it."""
    token = (environment.get("GITHUB_TOKEN") or environment.get("GH_TOKEN") or "").strip()
    if not token:
        message = "there is no token: set GITHUB_TOKEN (or GH_TOKEN) in the environment"
        raise CheckerError(message)
    if not token.isascii() or not token.isprintable() or " " in token:
        message = "the token in the environment has characters that no token has"
        raise CheckerError(message)
    return token


def _prepared(file: Path, category: str | None) -> tuple[JSON, list[str]]:
    """Return what is sent of a file, and what there is to say of the rest."""
    try:
        log = json.loads(file.read_bytes())
        return code_scanning.prepared(log, category)
    except OSError as error:
        message = f"{file}: cannot be read: {error.strerror}"
    except (ValueError, RecursionError):
        message = f"{file}: is no SARIF"
    except CheckerError as error:
        message = f"{file}: {error}"
    raise CheckerError(message) from None
