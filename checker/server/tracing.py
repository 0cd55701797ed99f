"""Tells a collector of traces how long each request took."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import urlsplit

from checker import __version__
from checker.errors import CheckerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, Tracer

    from checker.admission import Decision

_ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS: Final = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_EXPORTER: Final = "OTEL_TRACES_EXPORTER"
_PROTOCOL: Final = "http/protobuf"

Note: TypeAlias = "Callable[[Decision], None]"
"""Adds to a span what was decided."""


class Tracing:
    """Gives a span to each request, if the environment asks for it; else it does nothing.

    The variables are OpenTelemetry's own: see its specification, "Environment Variable Specification".
    """

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        """Raise `CheckerError` where tracing is asked for that cannot be."""
        self._provider: TracerProvider | None = None
        self._tracer: Tracer | None = None
        if is_asked_for(environment):
            self._provider = _provider()
            self._tracer = self._provider.get_tracer("checker", __version__)

    @contextmanager
    def span(self, name: str, headers: Mapping[str, str]) -> Iterator[Note]:
        """Measure a block as part of the trace that a request's `traceparent` names, and yield what notes its decision.

        An exception is told by its type alone: its message may quote an object.
        """
        if self._tracer is None:
            yield _forget
            return
        from opentelemetry.trace import SpanKind, StatusCode
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        span = self._tracer.start_span(name, TraceContextTextMapPropagator().extract(headers), SpanKind.SERVER)
        try:
            yield lambda decision: _describe(span, decision)
        except BaseException as error:
            span.set_attribute("error.type", type(error).__name__)
            span.set_status(StatusCode.ERROR)
            raise
        finally:
            span.end()

    def close(self, seconds: float = 2.0) -> None:
        """Send what was not sent yet, unless that takes too long: a collector that is away must not hold up the end."""
        if self._provider is None:
            return
        from threading import Thread

        ending = Thread(target=self._provider.shutdown, name="traces", daemon=True)
        ending.start()
        ending.join(seconds)


def is_asked_for(environment: Mapping[str, str]) -> bool:
    """Tell whether an environment asks for traces; raises `CheckerError` where it asks for what is not there."""
    exporter = environment.get(_EXPORTER, "")
    endpoints = [(name, environment[name]) for name in _ENDPOINTS if environment.get(name)]
    is_off = exporter == "none" or environment.get("OTEL_SDK_DISABLED", "").lower() == "true"
    if is_off or not (exporter or endpoints):
        return False
    _check(_EXPORTER, exporter or "otlp", "otlp")
    _check(
        *next(((name, environment[name]) for name in _PROTOCOLS if environment.get(name)), ("", _PROTOCOL)), _PROTOCOL
    )
    for name, address in endpoints:
        if urlsplit(address).scheme not in ("http", "https"):
            message = f"{name}: is no address that begins with http:// or https://"
            raise CheckerError(message)
    try:
        import opentelemetry.exporter.otlp.proto.http.trace_exporter  # noqa: F401 - is it there?
    except ModuleNotFoundError as error:
        message = f"traces are asked for, and need {error.name}: install `container-policy-checker[webhook,otel]`"
        raise CheckerError(message) from None
    return True


def _check(name: str, value: str, known: str) -> None:
    if value != known:
        message = f"{name}={value}: only {known} is known here"
        raise CheckerError(message)


def _provider() -> TracerProvider:
    """Return what sends spans in a thread of its own, and drops them where the collector does not take them."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import OTELResourceDetector, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    ours = Resource.create({"service.name": "checker", "service.version": __version__})
    provider = TracerProvider(resource=ours.merge(OTELResourceDetector().detect()), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider


def _forget(_: Decision) -> None:
    pass


def _describe(span: Span, decision: Decision) -> None:
    """Note of a decision what its log line tells too, but for names of objects."""
    from opentelemetry.trace import StatusCode

    span.set_attributes(
        {
            "http.response.status_code": decision.status,
            "checker.uid": decision.uid,
            "checker.operation": decision.operation,
            "checker.group": decision.group,
            "checker.version": decision.version,
            "checker.kind": decision.kind,
            "checker.subresource": decision.subresource,
            "checker.dry_run": decision.dry_run,
            "checker.profile": decision.profile,
            "checker.outcome": decision.outcome,
            "checker.allowed": decision.allowed,
            "checker.findings": len(decision.findings),
        }
    )
    if decision.failure is not None:
        span.set_attribute("checker.failure", decision.failure)
        span.set_status(StatusCode.ERROR)
