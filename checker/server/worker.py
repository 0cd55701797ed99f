"""Serves requests in one process until it is told to end."""

from __future__ import annotations

import asyncio
import gc
import logging
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Final

from checker.server.certificates import Certificates, Pair
from checker.server.connections import Connections
from checker.server.deciders import Deciders
from checker.server.readiness import Readiness
from checker.server.routes import Routes
from checker.server.tracing import Tracing

if TYPE_CHECKING:
    import socket
    import ssl

    from checker.server.metrics import Metrics
    from checker.server.options import Options
    from checker.server.policies import Policies

_TICK: Final = 1.0
"""How often files are looked at, and connections swept."""

_HEAD_START: Final = 2.0
"""How long requests may wait for a worker that starts, rather than be answered by another."""

_logger: Final = logging.getLogger("checker.server")


class Worker:
    """Serves with the parts of one process."""

    def __init__(self, options: Options, policies: Policies, metrics: Metrics, tracing: Tracing | None = None) -> None:
        """Raise `CheckerError` where the certificate cannot be used."""
        self._options = options
        self._policies = policies
        self._metrics = metrics
        self._tracing = tracing or Tracing({})
        self._certificates = Certificates(Pair(options.certificate, options.key, options.client_authorities))
        self._readiness = Readiness(self._certificates, policies)
        self._deciders = Deciders(policies, options.threads, options.queue)
        self._end = asyncio.Event()
        self._hurry = asyncio.Event()
        self._tried = asyncio.Event()

    async def serve(self, listener: socket.socket) -> None:
        """Serve until `stop` is called, then finish what is running."""
        routes = Routes(self._policies, self._deciders, self._readiness, self._metrics, self._tracing)
        connections = Connections(routes.answer, self._metrics.refused, self._options.connections)
        warming = asyncio.create_task(self._warm())
        with suppress(TimeoutError):
            await asyncio.wait_for(self._tried.wait(), _HEAD_START)
        connections.accept_from(listener, self._context)
        _logger.info("serving", extra={"revision": self._policies.revision, "watched": self._policies.watched})
        watching = asyncio.create_task(self._watch(connections))
        await self._end.wait()
        await self._drain(connections, listener)
        for task in (warming, watching):
            task.cancel()
        self._deciders.close()
        self._tracing.close()

    def stop(self) -> None:
        """Begin to end; a second call ends at once."""
        if self._end.is_set():
            self._hurry.set()
        self._end.set()

    async def _drain(self, connections: Connections, listener: socket.socket) -> None:
        """Take requests a while longer, since balancers learn late, then finish those that came."""
        begin = monotonic()
        self._readiness.is_draining = True
        _logger.info("draining", extra={"seconds": self._options.drain_seconds})
        with suppress(TimeoutError):
            await asyncio.wait_for(self._hurry.wait(), self._options.drain_seconds)
        connections.stop_accepting(listener, self._context)
        left = self._options.shutdown_seconds - (monotonic() - begin)
        cut = await connections.finish(0 if self._hurry.is_set() else left)
        _logger.info("ended", extra={"cut": cut})

    async def _warm(self) -> None:
        """Judge until that works; what is loaded by then stays, and need not be looked through for garbage again."""
        while self._readiness.cold:
            self._readiness.cold = await self._deciders.warm()
            self._tried.set()
            if self._readiness.cold:
                _logger.warning("cannot judge yet", extra={"reasons": self._readiness.cold})
                await asyncio.sleep(_TICK)
        gc.collect()
        gc.freeze()

    async def _watch(self, connections: Connections) -> None:
        self._metrics.certificate(self._certificates.validity.end.timestamp())
        self._metrics.bundle(self._policies.revision)
        while True:
            await asyncio.sleep(_TICK)
            try:
                connections.sweep()
                await asyncio.to_thread(self._check_certificates)
                await asyncio.to_thread(self._check_policies)
            except Exception as error:  # noqa: BLE001 - what is broken now may be whole in a second
                _logger.error("internal error", extra={"error": type(error).__name__})  # noqa: TRY400 - may quote a file

    def _context(self) -> ssl.SSLContext:
        return self._certificates.context

    def _check_policies(self) -> None:
        before = self._policies.rejections
        if self._policies.check():
            _logger.info("policies replaced", extra={"revision": self._policies.revision})
            self._metrics.bundle(self._policies.revision)
        elif self._policies.rejections != before:
            _logger.error("policies not replaced", extra={"reason": self._policies.problem})
            self._metrics.bundle_rejected()
        self._metrics.reloaded("policy", is_good=not self._policies.problem)

    def _check_certificates(self) -> None:
        before = self._certificates.problem
        if self._certificates.check():
            end = self._certificates.validity.end
            _logger.info("certificate replaced", extra={"not_after": end.isoformat()})
            self._metrics.certificate(end.timestamp())
        elif self._certificates.problem and self._certificates.problem != before:
            _logger.error("certificate not replaced", extra={"reason": self._certificates.problem})
            self._metrics.certificate_failed()
        self._metrics.reloaded("certificate", is_good=not self._certificates.problem)
