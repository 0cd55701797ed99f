"""Counts what the server does, for Prometheus."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from checker import __version__
from checker.config import FailureKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checker.admission import Decision

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
_BUCKETS: Final = (
    0.0005, 0.001, 0.002, 0.003, 0.004, 0.005, 0.0075, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
)  # fmt: skip
"""Seconds: half a millisecond is a pod, ten are the longest that an API server waits."""

Subject: TypeAlias = Literal["certificate", "policy"]
_RELOADED: Final[dict[Subject, str]] = {
    "certificate": "the certificate that lies in the files now",
    "policy": "the policies or the configuration that lie in the files now",
}


class Metrics:
    """Counts in one process.

    A label takes its value from a set that the program or its policies close (operations, outcomes, profiles, rules,
    kinds of failure), never from a request: who sends requests must not be able to make new series.
    """

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = self._counter(
            "checker_admission_requests", "Requests that were answered.", "operation", "outcome", "profile"
        )
        self._seconds = Histogram(
            "checker_admission_request_duration_seconds",
            "Time from the head of a request to its answer.",
            registry=self._registry,
            buckets=_BUCKETS,
        )
        self._findings = self._counter("checker_admission_findings", "Findings in objects.", "rule", "mode")
        self._failures = self._counter(
            "checker_admission_failures", "Requests that could not be judged, by what failed.", "failure", "allowed"
        )
        for kind in get_args(FailureKind):  # a rate sees no step from nothing to one
            for allowed in ("true", "false"):
                self._failures.labels(kind, allowed)
        self._refused = self._counter("checker_http_refusals", "Requests that were none for a decision.", "status")
        self._rejected_certificates = self._counter(
            "checker_certificate_reload_failures", "New certificates that could not be used."
        )
        self._rejected_bundles = self._counter(
            "checker_policy_reload_failures", "New policies or configurations that could not be used."
        )
        self._gauge("checker_build_info", "The program.", "max", "version").labels(__version__).set(1)
        self._waiting = self._gauge(
            "checker_admission_waiting_requests", "Requests that are judged or wait for it.", "livesum"
        )
        self._policies = self._gauge(
            "checker_policy_processes", "Processes that decide by a revision of the policies.", "livesum", "revision"
        )
        self._revision = ""
        self._fresh = {
            subject: self._gauge(
                f"checker_{subject}_last_reload_successful", f"1, or 0 where {text} cannot be used.", "livemin"
            )
            for subject, text in _RELOADED.items()
        }
        for subject in _RELOADED:
            self.reloaded(subject, is_good=True)

    def decided(self, decision: Decision, seconds: float) -> None:
        """Count a decision and what it took."""
        self._requests.labels(decision.operation or "none", decision.outcome, decision.profile or "none").inc()
        self._seconds.observe(seconds)
        for rule, mode in decision.findings:
            self._findings.labels(rule, mode).inc()
        if decision.failure is not None:
            self._failures.labels(decision.failure, "true" if decision.allowed else "false").inc()

    def refused(self, status: int) -> None:
        """Count a request that was none for a decision."""
        self._refused.labels(str(status)).inc()

    def waiting(self, change: int) -> None:
        """Note how many more, or fewer, requests are judged or wait for it."""
        self._waiting.inc(change)

    def certificate(self, not_after: float) -> None:
        """Note when the certificate in use ends, in seconds since 1970."""
        self._certificate_end.set(not_after)

    def certificate_failed(self) -> None:
        """Count a new certificate that cannot be used."""
        self._rejected_certificates.inc()

    def bundle(self, revision: str) -> None:
        """Note the policies that decide from now on."""
        if self._revision:
            self._policies.labels(self._revision).set(0)
        self._policies.labels(revision).set(1)
        self._revision = revision

    def bundle_rejected(self) -> None:
        """Count new policies that cannot be used."""
        self._rejected_bundles.inc()

    def reloaded(self, subject: Subject, *, is_good: bool) -> None:
        """Note whether what lies in the files of a subject now is what is used."""
        self._fresh[subject].set(is_good)

    def exposition(self) -> bytes:
        """Return the metrics of all processes that share a folder, else of this one, as Prometheus reads them."""
        if _FOLDER not in os.environ:
            return generate_latest(self._registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call] # the library has types in part
        return generate_latest(together)

    @cached_property
    def _certificate_end(self) -> Gauge:
        """Return a gauge that is there only from the first certificate on: until then its least value would be 0."""
        name = "checker_certificate_expiry_timestamp_seconds"
        return self._gauge(name, "When the certificate in use ends; of several processes the earliest.", "livemin")

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, labels, registry=self._registry)

    def _gauge(self, name: str, text: str, mode: str, *labels: str) -> Gauge:
        return Gauge(name, text, labels, registry=self._registry, multiprocess_mode=mode)  # type: ignore[arg-type] # a literal


@contextmanager
def share() -> Iterator[None]:
    """Let the processes that are started until the block ends count together.

    prometheus-client looks for their folder when it is imported: this process, which imported it already, counts alone.
    """
    with tempfile.TemporaryDirectory(prefix="checker-metrics-") as folder:
        os.environ[_FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[_FOLDER]


def died(pid: int) -> None:
    """Forget what is true of a process only while it lives; what it counted stays."""
    mark_process_dead(pid)  # type: ignore[no-untyped-call] # the library has types in part
