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
"""The rule that is there once all others are."""

_LIBRARIES: Final = "policies/lib/"


def root(revision: str) -> str:
    """Return the package that holds all packages of a revision."""
    return f"checker_{revision}"


def upload(client: OpaClient, bundle: Bundle) -> None:
    """Put each module on the server, unless all are there already; raises whatever the client raises."""
    revision = bundle.catalog.revision
    present = client.query_rule({}, f"{root(revision)}/{_COMPLETE}")
    if isinstance(present, dict) and present.get("result") == revision:
        return
    waiting = dict(modules(bundle))
    while waiting:
        waiting = _put(client, waiting, root(revision))
    marker = f'package {root(revision)}\n\n{_COMPLETE} := "{revision}"\n'
    client.update_policy_from_string(marker, f"{root(revision)}/{_COMPLETE}.rego", rego_compat=False)


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


def modules(bundle: Bundle) -> Iterator[tuple[str, str]]:
    """Yield each module with its name, in packages below `root`, libraries first."""
    catalog = bundle.catalog
    package = root(catalog.revision)
    sources = bundle.sources
    for name, offsets in sorted(catalog.modules.items(), key=lambda item: (not item[0].startswith(_LIBRARIES), item)):
        yield name, rename(sources[name], offsets, package)
    for kind in catalog.kinds.values():
        rules = [rule for rule in catalog.rules.values() if rule.kind == kind.name]
        text = entrypoints.write(kind, rules, catalog.revision, package)
        yield f"{entrypoints.PACKAGE}/{kind.name}.rego", text
