"""Puts policies on an OPA server under names that no other version of them has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from checker import entrypoints
from checker.compiler.modules import rename

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from opa_client import OpaClient

    from checker.bundles import Bundle

_COMPLETE: Final = "complete"
"""The package in which a rule named like a kind is there once all others of the kind are."""

_LIBRARIES: Final = "policies/lib/"


def root(revision: str) -> str:
    """Return the package that holds all packages of a revision."""
    return f"checker_{revision}"


def upload(client: OpaClient, bundle: Bundle, kind: str) -> None:
    """Put each module that a kind needs on the server, unless all are there already; raises whatever the client raises.

    A server compiles all that it has for each module that it gets, so that what nobody asks for is left out.
    """
    revision = bundle.catalog.revision
    marker = f"{root(revision)}/{_COMPLETE}"
    present = client.query_rule({}, f"{marker}/{kind}")
    if isinstance(present, dict) and present.get("result") == revision:
        return
    waiting = dict(modules(bundle, kind))
    while waiting:
        waiting = _put(client, waiting, root(revision))
    text = f'package {root(revision)}.{_COMPLETE}\n\n{kind} := "{revision}"\n'
    client.update_policy_from_string(text, f"{marker}/{kind}.rego", rego_compat=False)


def _put(client: OpaClient, waiting: Mapping[str, str], package: str) -> dict[str, str]:
    """Put modules on the server and return those that it refuses before others are there: it wants functions first."""
    from opa_client.errors import RegoParseError

    refused = {}
    error = None
    for name, text in waiting.items():
        try:
            client.update_policy_from_string(text, f"{package}/{name}", rego_compat=False)
        except RegoParseError as reason:
            refused[name] = text
            error = reason
    if error is not None and len(refused) == len(waiting):
        raise error
    return refused


def modules(bundle: Bundle, kind: str) -> Iterator[tuple[str, str]]:
    """Yield each module that a kind needs with its name, in packages below `root`, libraries first."""
    catalog = bundle.catalog
    package = root(catalog.revision)
    sources = bundle.sources
    needed = (_LIBRARIES, f"policies/{kind}/")
    for name, offsets in sorted(catalog.modules.items(), key=lambda item: (not item[0].startswith(_LIBRARIES), item)):
        if name.startswith(needed):
            yield name, rename(sources[name], offsets, package)
    rules = [rule for rule in catalog.rules.values() if rule.kind == kind]
    text = entrypoints.write(catalog.kinds[kind], rules, catalog.revision, package)
    yield f"{entrypoints.PACKAGE}/{kind}.rego", text
