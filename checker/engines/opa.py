"""Evaluates rules on running OPA servers."""

from __future__ import annotations

import threading
from itertools import count
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from checker.engines.evaluator import Evaluator
from checker.engines.opa_server import RETRIES, Remote, Server, ServerError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from checker.bundles import Bundle
    from checker.engines import Evaluation
    from checker.model import JSON, Document, Selection

__all__ = ["SECONDS", "OpaEngine", "Server"]

SECONDS: Final = 30.0
"""How long a server may be silent by default."""

_CHECK_SECONDS: Final = 1.0
"""How often a server that left the rotation is asked whether it is well, and how long it may take to say so."""


class OpaEngine:
    """Evaluates the selected rules of a bundle on servers, to which it uploads them under their revision's name.

    Each document goes to the next server in turn. One that fails leaves the rotation until it says that it is well,
    and the document goes to another in the time that is left.
    """

    def __init__(
        self, bundle: Bundle, selection: Selection, servers: Sequence[Server], *, seconds: float = SECONDS
    ) -> None:
        """Raise `CheckerError` for a URL that cannot be used; a server is asked with the first document."""
        self.revision = bundle.catalog.revision
        retries = 0 if len(servers) > 1 else RETRIES
        self._remotes = [Remote(server, bundle, seconds, retries=retries) for server in servers]
        self._evaluator = Evaluator(bundle.catalog, selection, self._ask, seconds)
        self._turns = count()
        self._lock = threading.Lock()
        self._away: dict[Remote, ServerError] = {}
        self._nurse: threading.Thread | None = None
        self._closed = threading.Event()

    def evaluate(self, document: Document, seconds: float | None = None) -> Evaluation:
        """Evaluate the selected rules of the document's kind, and its facts where a project rule is selected."""
        return self._evaluator.document(document, seconds)

    def evaluate_project(self, documents: JSON) -> Evaluation:
        """Evaluate the selected project rules over `[{id, kind, source, facts}]`."""
        return self._evaluator.project(documents)

    def close(self) -> None:
        """Close all connections; what was uploaded stays for the next scan."""
        self._closed.set()
        if self._nurse is not None:
            self._nurse.join()
        for remote in self._remotes:
            remote.close()

    def _ask(self, kind: str, request: JSON, seconds: float) -> Any:
        end = monotonic() + seconds
        remotes = self._rotation()
        error = next(iter(self._away.values()), None)
        for position, remote in enumerate(remotes):
            # A server that is silent must leave time to ask the others.
            left = (end - monotonic()) / (len(remotes) - position)
            if left <= 0 and error is not None:
                break
            try:
                return remote.ask(kind, request, left)
            except ServerError as reason:
                error = reason
                if reason.is_away or len(self._remotes) > 1:
                    self._leave(remote, reason)
        if error is None:
            message = "there is no OPA server to ask"
            raise ServerError(message)
        raise error.with_traceback(None)

    def _rotation(self) -> list[Remote]:
        """Return the servers that seem well, the one whose turn it is first."""
        turn = next(self._turns) % len(self._remotes)
        return [remote for remote in self._remotes[turn:] + self._remotes[:turn] if remote not in self._away]

    def _leave(self, remote: Remote, reason: ServerError) -> None:
        """Take a server out of the rotation, and see to it that it comes back."""
        with self._lock:
            self._away[remote] = reason
            if self._nurse is None and not self._closed.is_set():
                self._nurse = threading.Thread(target=self._bring_back, name="health of OPA servers", daemon=True)
                self._nurse.start()

    def _bring_back(self) -> None:
        while not self._closed.is_set():
            for remote in list(self._away):
                if remote.is_well(_CHECK_SECONDS):
                    with self._lock:
                        self._away.pop(remote, None)
            with self._lock:
                if not self._away:
                    self._nurse = None
                    return
            self._closed.wait(_CHECK_SECONDS)
