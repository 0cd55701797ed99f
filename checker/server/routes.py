"""Answers requests by their path."""

from __future__ import annotations

import re
from time import monotonic
from typing import TYPE_CHECKING, Final

from aiohttp import web

from checker.admission import MAX_BYTES, opening
from checker.server import logs
from checker.server.bodies import Bodies, OverloadError, RefusedError, TooLargeError
from checker.server.deciders import Waiting
from checker.server.protocol import Connection, Stage

if TYPE_CHECKING:
    from checker.admission import Decision
    from checker.config import FailureKind
    from checker.server.deciders import Deciders
    from checker.server.metrics import Metrics
    from checker.server.policies import Policies
    from checker.server.readiness import Readiness
    from checker.server.tracing import Tracing

_VALIDATE: Final = "/validate"
_SHARE: Final = 0.8
"""How much of the API server's patience deciding may take; the rest is for the way and for `deciders`."""

_TIMEOUT: Final = re.compile(r"(\d{1,6}(?:\.\d{1,9})?)(ms|s|m)")
_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0}


class Routes:
    """Answers the requests of a worker."""

    def __init__(
        self, policies: Policies, deciders: Deciders, readiness: Readiness, metrics: Metrics, tracing: Tracing
    ) -> None:
        self._policies = policies
        self._deciders = deciders
        self._readiness = readiness
        self._metrics = metrics
        self._tracing = tracing
        self._bodies = Bodies()

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Return the answer to any request; after SIGTERM it asks the client to come back on another connection."""
        try:
            response = await self._answer(request)
        except RefusedError as refused:
            response = refused.response
            self._metrics.refused(response.status)
        response.headers["Server"] = "checker"
        if self._readiness.is_draining or not request.content.is_eof():
            response.force_close()
        return response

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        path = request.rel_url.raw_path
        if path == _VALIDATE or path.startswith(f"{_VALIDATE}/"):
            _only(request, "POST")
            return await self._validated(request, request.path[len(_VALIDATE) + 1 :])
        if path in ("/healthz", "/readyz"):
            _only(request, "GET", "HEAD")
            return self._health(request)
        raise RefusedError(404, "there is nothing here: ask /validate, /healthz or /readyz")

    def _health(self, request: web.BaseRequest) -> web.Response:
        if request.rel_url.raw_path == "/healthz":
            return web.Response(text="ok\n")
        problems, notes = self._readiness.problems(), self._readiness.notes()
        lines = problems or ["ready"]
        if "verbose" in request.rel_url.query:
            lines = [*lines, *notes]
        return web.Response(status=503 if problems else 200, text="".join(f"{line}\n" for line in lines))

    async def _validated(self, request: web.BaseRequest, profile: str) -> web.Response:
        begin = monotonic()
        if request.content_type != "application/json":
            raise RefusedError(415, "the body must be application/json")
        if request.headers.get("Content-Encoding", "identity") != "identity":
            raise RefusedError(415, "the body must not be compressed")
        with self._tracing.span("POST /validate", request.headers) as note:
            decision = await self._decided(request, profile, begin)
            note(decision)
        seconds = monotonic() - begin
        self._metrics.decided(decision, seconds)
        logs.decided(decision, seconds)
        return web.Response(status=decision.status, body=decision.body, content_type="application/json")

    async def _decided(self, request: web.BaseRequest, profile: str, begin: float) -> Decision:
        try:
            async with self._bodies.read(request) as body:
                if isinstance(request.protocol, Connection):
                    request.protocol.enter(Stage.DECIDING)
                self._metrics.waiting(1)
                try:
                    return await self._deciders.decide(Waiting(body, profile, begin, self._budget(request)))
                finally:
                    self._metrics.waiting(-1)
        except TooLargeError as error:
            return self._failed("bad-body", error.beginning)
        except OverloadError as error:
            return self._failed("overload", error.beginning)

    def _budget(self, request: web.BaseRequest) -> float:
        with self._policies.admission() as admission:
            return min(admission.budget, _SHARE * patience(request.rel_url.query.get("timeout", "")))

    def _failed(self, kind: FailureKind, beginning: bytes) -> Decision:
        """Answer a request whose body was not read to its end."""
        uid, version = opening(beginning)
        reason = f"the body has more than {MAX_BYTES // 2**20} MiB" if kind == "bad-body" else ""
        if reason and not uid:
            raise RefusedError(413, reason)
        with self._policies.admission() as admission:
            return admission.failed(kind, uid, version, reason)


def patience(timeout: str) -> float:
    """Return how many seconds the API server waits, as it says in `?timeout=10s`; infinite where it does not say."""
    match = _TIMEOUT.fullmatch(timeout)
    return float(match[1]) * _UNITS[match[2]] if match else float("inf")


def _only(request: web.BaseRequest, *methods: str) -> None:
    if request.method not in methods:
        raise RefusedError(405, f"the method must be {' or '.join(methods)}", Allow=", ".join(methods))
