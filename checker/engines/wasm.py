"""Evaluates rules in this process, through the module that OPA compiled."""

from __future__ import annotations

import json
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from checker import entrypoints
from checker.engines import compiled
from checker.engines.answers import AnswerError
from checker.engines.evaluator import Evaluator

if TYPE_CHECKING:
    from checker.bundles import Bundle
    from checker.engines import Evaluation
    from checker.engines.module import Host, Instance
    from checker.model import JSON, Document, Selection

MEMORY: Final = 2**30
"""Bytes that one evaluation may use by default."""

SECONDS: Final = 30.0
"""Time that one evaluation may take by default."""

_KEPT: Final = 64 * 2**20
"""Bytes of memory beyond which an instance is given up after an evaluation, since its memory never shrinks."""


class WasmEngine:
    """Evaluates the selected rules of a bundle; there are as many instances of the module as threads that evaluate."""

    def __init__(self, bundle: Bundle, selection: Selection, *, memory: int = MEMORY, seconds: float = SECONDS) -> None:
        self.revision = bundle.catalog.revision
        self._bundle = bundle
        self._memory = memory
        self._evaluator = Evaluator(bundle.catalog, selection, self._ask, seconds)
        self._lock = Lock()
        self._host: Host | None = None
        self._idle: list[Instance] = []

    def evaluate(self, document: Document, seconds: float | None = None) -> Evaluation:
        """Evaluate the selected rules of the document's kind, and its facts where a project rule is selected."""
        return self._evaluator.document(document, seconds)

    def evaluate_project(self, documents: JSON) -> Evaluation:
        """Evaluate the selected project rules over `[{id, kind, source, facts}]`."""
        return self._evaluator.project(documents)

    def close(self) -> None:
        """Release all instances."""
        while self._idle:
            self._idle.pop().close()
        if self._host:
            self._host.close()

    def _ask(self, kind: str, request: JSON, seconds: float) -> Any:
        content = json.dumps(request, separators=(",", ":"), allow_nan=False, check_circular=False).encode("ascii")
        instance = self._take()
        try:
            answer = instance.evaluate(entrypoints.path(kind), content, seconds)
        except AnswerError:
            instance.close()
            raise
        if instance.size > _KEPT:
            instance.close()
        else:
            self._idle.append(instance)
        results = json.loads(answer)
        return results[0]["result"] if results else None

    def _take(self) -> Instance:
        """Return an idle instance, or else a new one."""
        try:
            return self._idle.pop()
        except IndexError:
            with self._lock:
                if self._host is None:
                    self._host = compiled.host(self._bundle.module, self._bundle.digest, self._memory)
                return self._host.instantiate()
