from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from checker import __version__
from checker.admission import Admission, Decision
from checker.errors import CheckerError
from checker.server.tracing import Tracing, is_asked_for
from tests.server.served import BAD, GOOD, JSON, serving
from tests.services import eventually

if TYPE_CHECKING:
    import trustme
    from opentelemetry.proto.common.v1.common_pb2 import KeyValue

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
DENIED = Decision(
    status=200,
    body=b"",
    uid="7",
    outcome="deny",
    allowed=False,
    findings=(("kubernetes/privileged", "deny"), ("kubernetes/privileged", "deny")),
    profile="default",
    operation="CREATE",
    version="v1",
    kind="Pod",
    namespace="shop",
    name="hunter2",
)
FAILED = Decision(status=500, body=b"", uid="", outcome="error", allowed=False, failure="time", reason="hunter2")


class Collector:
    """Receives OTLP over HTTP."""

    def __init__(self, status: int = 200) -> None:
        requests = self.requests = list[tuple[str, str, ExportTraceServiceRequest]]()
        self.hang = hang = threading.Event()
        hang.set()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                message = ExportTraceServiceRequest.FromString(body)
                requests.append((self.path, self.headers["Content-Type"], message))
                hang.wait()
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    @property
    def spans(self) -> list[dict[str, Any]]:
        """Return all spans, in the order in which they came, with what tests compare."""
        return [
            {
                "name": span.name,
                "kind": span.kind,
                "trace": span.trace_id.hex(),
                "parent": span.parent_span_id.hex(),
                "status": span.status.code,
                "attributes": values(span.attributes),
                "events": len(span.events),
                "service": values(resource.resource.attributes)["service.name"],
            }
            for _, _, message in self.requests
            for resource in message.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


def values(attributes: Any) -> dict[str, Any]:
    def value(one: KeyValue) -> Any:
        return getattr(one.value, one.value.WhichOneof("value") or "string_value")

    return {one.key: value(one) for one in attributes}


@contextmanager
def collecting(status: int = 200) -> Iterator[Collector]:
    collector = Collector(status)
    thread = threading.Thread(target=collector.server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield collector
    finally:
        collector.hang.set()
        collector.server.shutdown()
        thread.join()
        collector.server.server_close()


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    with collecting() as found:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", found.address)
        yield found


def test_a_span_tells_of_the_decision_and_nothing_of_the_object(collector: Collector) -> None:
    tracing = Tracing()
    with tracing.span("POST /validate", {"traceparent": f"00-{TRACE}-{PARENT}-01"}) as note:
        note(DENIED)
    tracing.close()
    ((path, content_type, message),) = collector.requests
    assert (path, content_type) == ("/v1/traces", "application/x-protobuf")
    assert collector.spans == [
        {
            "name": "POST /validate",
            "kind": 2,
            "trace": TRACE,
            "parent": PARENT,
            "status": 0,
            "attributes": {
                "http.response.status_code": 200,
                "checker.uid": "7",
                "checker.operation": "CREATE",
                "checker.group": "",
                "checker.version": "v1",
                "checker.kind": "Pod",
                "checker.subresource": "",
                "checker.dry_run": False,
                "checker.profile": "default",
                "checker.outcome": "deny",
                "checker.allowed": False,
                "checker.findings": 2,
            },
            "events": 0,
            "service": "checker",
        }
    ]
    assert b"hunter2" not in message.SerializeToString()
    resource = values(message.resource_spans[0].resource.attributes)
    assert resource["service.version"] == __version__


def test_a_failure_is_an_error_with_its_kind_and_without_its_reason(collector: Collector) -> None:
    tracing = Tracing()
    with tracing.span("POST /validate", {}) as note:
        note(FAILED)
    tracing.close()
    (span,) = collector.spans
    assert (span["status"], span["attributes"]["checker.failure"], span["parent"]) == (2, "time", "")
    assert b"hunter2" not in collector.requests[0][2].SerializeToString()


def test_an_exception_is_told_by_its_type(collector: Collector) -> None:
    tracing = Tracing()
    with pytest.raises(ValueError, match="hunter2"), tracing.span("POST /validate", {}):
        int("hunter2")
    tracing.close()
    (span,) = collector.spans
    assert (span["status"], span["attributes"], span["events"]) == (2, {"error.type": "ValueError"}, 0)
    assert b"hunter2" not in collector.requests[0][2].SerializeToString()


@pytest.mark.parametrize("header", ["", "00", f"00-{'0' * 32}-{PARENT}-01", "00-\ud800", "x" * 9000])
def test_a_header_that_names_no_trace_begins_a_new_one(collector: Collector, header: str) -> None:
    tracing = Tracing()
    with tracing.span("POST /validate", {"traceparent": header}):
        pass
    tracing.close()
    (span,) = collector.spans
    assert span["parent"] == ""
    assert len(span["trace"]) == 32


def test_a_request_that_is_not_sampled_is_not_told(collector: Collector) -> None:
    tracing = Tracing()
    with tracing.span("POST /validate", {"traceparent": f"00-{TRACE}-{PARENT}-00"}) as note:
        note(DENIED)
    tracing.close()
    assert collector.requests == []


def test_the_environment_names_the_service(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_SERVICE_NAME", "door")
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "k8s.cluster.name=blue")
    tracing = Tracing()
    with tracing.span("POST /validate", {}):
        pass
    tracing.close()
    (span,) = collector.spans
    assert span["service"] == "door"
    assert values(collector.requests[0][2].resource_spans[0].resource.attributes)["k8s.cluster.name"] == "blue"


def test_requests_at_the_same_time_each_have_their_span(collector: Collector) -> None:
    tracing = Tracing()

    def ask(number: int) -> None:
        with tracing.span("POST /validate", {}) as note:
            note(DENIED._replace(uid=str(number)))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tracing.close()
    assert sorted(int(span["attributes"]["checker.uid"]) for span in collector.spans) == list(range(20))
    assert len({span["trace"] for span in collector.spans}) == 20


def test_a_collector_that_hangs_does_not_hold_up_the_end(collector: Collector) -> None:
    collector.hang.clear()
    tracing = Tracing()
    with tracing.span("POST /validate", {}) as note:
        note(DENIED)
    begin = time.monotonic()
    tracing.close(0.1)
    assert time.monotonic() - begin < 5


def test_nothing_is_imported_or_sent_where_nobody_asks() -> None:
    tracing = Tracing({})
    with tracing.span("POST /validate", {"traceparent": f"00-{TRACE}-{PARENT}-01"}) as note:
        note(DENIED)
    tracing.close()


ENDPOINT = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ""}, False),
        ({"OTEL_TRACES_EXPORTER": "none"}, False),
        ({**ENDPOINT, "OTEL_TRACES_EXPORTER": "none"}, False),
        ({**ENDPOINT, "OTEL_SDK_DISABLED": "TRUE"}, False),
        (ENDPOINT, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://collector/v1/traces"}, True),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, True),
        ({**ENDPOINT, "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}, True),
        (
            {**ENDPOINT, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/protobuf"},
            True,
        ),
    ],
)
def test_the_environment_asks_for_traces_in_the_words_of_opentelemetry(
    environment: dict[str, str],
    expected: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    assert is_asked_for(environment) is expected


@pytest.mark.parametrize(
    ("environment", "complaint"),
    [
        ({"OTEL_TRACES_EXPORTER": "zipkin"}, "OTEL_TRACES_EXPORTER=zipkin: only otlp is known here"),
        (
            {**ENDPOINT, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
            "OTEL_EXPORTER_OTLP_PROTOCOL=grpc: only http/protobuf is known here",
        ),
        (
            {"OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318"},
            "OTEL_EXPORTER_OTLP_ENDPOINT: is no address that begins with http:// or https://",
        ),
    ],
)
def test_what_cannot_be_done_is_said_at_the_start(environment: dict[str, str], complaint: str) -> None:
    with pytest.raises(CheckerError) as raised:
        Tracing(environment)
    assert str(raised.value) == complaint


def test_a_missing_library_is_said_at_the_start_with_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "opentelemetry.exporter.otlp.proto.http.trace_exporter"
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(CheckerError) as raised:
        Tracing(ENDPOINT)
    remedy = "install `container-policy-checker[webhook,otel]`"
    assert str(raised.value) == f"traces are asked for, and need {name}: {remedy}"


def test_the_server_tells_of_each_request_within_the_trace_of_its_client(
    collector: Collector, tmp_path: Path, authority: trustme.CA, decider: Admission
) -> None:
    headers = {**JSON, "traceparent": f"00-{TRACE}-{PARENT}-01"}
    with serving(tmp_path, authority, decider, tracing=Tracing()) as served:
        answers = [served.client.ask("POST", "/validate", body, headers).status for body in (GOOD, BAD, b"{")]
        served.client.ask("GET", "/readyz", headers=headers)
    assert answers == [200, 200, 400]
    told = [(span["trace"], span["parent"], span["attributes"]["checker.outcome"]) for span in collector.spans]
    assert told == [(TRACE, PARENT, "allow"), (TRACE, PARENT, "deny"), (TRACE, PARENT, "error")]


def test_a_collector_that_hangs_delays_no_request(
    collector: Collector, tmp_path: Path, authority: trustme.CA, decider: Admission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "1")
    collector.hang.clear()
    with serving(tmp_path, authority, decider, tracing=Tracing()) as served:
        answers = [served.client.review().status for _ in range(5)]
        eventually(lambda: collector.requests, "the collector")
        hung = len(collector.requests)
        collector.hang.set()
    assert (answers, hung) == ([200] * 5, 1)
