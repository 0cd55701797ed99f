"""Finds out who an object belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from checker import masking
from checker.webhook import creation

if TYPE_CHECKING:
    from collections.abc import Collection

    from checker.model import JSON


class Owner(NamedTuple):
    """Names who answers for an object: the controller at the top, or a team by its label (then `kind` is the label)."""

    kind: str
    name: str


class Known(NamedTuple):
    """Holds what owners are found by, of one object."""

    owner: Owner
    """The object itself."""
    namespace: str
    uid: str
    controller: tuple[Owner, str] | None
    """What made it, with its uid."""
    label: str


class Owners:
    """Follows controllers upwards by uid, as far as the objects are known; a label names the team instead."""

    def __init__(self, label: str = "") -> None:
        self._label = label
        self._known: dict[str, Known] = {}
        self._teams: dict[str, str] = {}
        """The labels of namespaces."""

    def learn(self, data: JSON, namespace: str, secrets: Collection[str]) -> Known:
        """Remember an object and return what is known of it, with the secrets in it hidden."""
        metadata = creation.metadata(data)
        labels = metadata.get("labels")
        value = labels.get(self._label) if isinstance(labels, dict) else None
        uid = metadata.get("uid")
        known = Known(
            Owner(data["kind"], masking.mask(creation.name(data), secrets)),
            namespace,
            uid if isinstance(uid, str) else "",
            _controller(metadata),
            masking.mask(value, secrets) if isinstance(value, str) else "",
        )
        if known.uid:
            self._known[known.uid] = known
        if (data["apiVersion"], data["kind"]) == ("v1", "Namespace"):
            self._teams[known.owner.name] = known.label
        return known

    def of(self, known: Known) -> Owner:
        """Return who an object belongs to, once all objects are learned."""
        chain = self._chain(known)
        if self._label:
            values = [one.label for one in chain] + [self._teams.get(known.namespace, "")]
            return Owner(self._label, next(filter(None, values), ""))
        last = chain[-1]
        return last.controller[0] if last.controller else last.owner

    def makers(self, known: Known) -> set[str]:
        """Return the uids of the controllers of an object, known or not."""
        return {one.controller[1] for one in self._chain(known) if one.controller}

    def _chain(self, known: Known) -> list[Known]:
        """Return an object and its controllers, the lowest first; each once, since owners may be forged into a ring."""
        chain = [known]
        seen = {known.uid}
        while (controller := chain[-1].controller) is not None:
            above = self._known.get(controller[1])
            if above is None or above.uid in seen:
                break
            seen.add(above.uid)
            chain.append(above)
        return chain


def _controller(metadata: dict[str, Any]) -> tuple[Owner, str] | None:
    owners = metadata.get("ownerReferences")
    for owner in owners if isinstance(owners, list) else ():
        if isinstance(owner, dict) and owner.get("controller") is True:
            kind, name, uid = (owner.get(key) for key in ("kind", "name", "uid"))
            if isinstance(kind, str) and isinstance(name, str):
                return Owner(kind, name), uid if isinstance(uid, str) else ""
    return None
