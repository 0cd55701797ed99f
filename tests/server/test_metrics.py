"""Tests what Prometheus reads, of one process and of several."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from prometheus_client.parser import text_string_to_metric_families

from checker import __version__
from checker.server.metrics import Metrics, died, share
from tests.admission.reviews import decide, pod, review

UNIT = re.compile(r"checker_\w+_(total|seconds|info|requests|processes|successful)(_bucket|_sum|_count|_created)?")

PROGRAM = """
import os, sys
from checker.server.metrics import Metrics
metrics = Metrics()
metrics.refused(404)
metrics.waiting(2)
metrics.certificate(float(sys.argv[1]))
metrics.bundle("aa")
metrics.bundle(sys.argv[2])
print(os.getpid(), flush=True)
sys.stdin.read()
"""


def samples(exposition: bytes) -> dict[str, float]:
    """Return every sample with its labels, without the times at which counting began."""
    families = text_string_to_metric_families(exposition.decode())
    return {
        sample.name + "".join(f"{{{key}={value}}}" for key, value in sorted(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
        if not sample.name.endswith("_created")
    }


def test_decisions_are_counted_by_what_the_program_names() -> None:
    metrics = Metrics()
    denied = decide(review(pod({"security": {"privileged": True}})))
    metrics.decided(denied, 0.0012)
    metrics.decided(denied, 0.02)
    metrics.decided(decide(b"{"), 0.0001)
    found = samples(metrics.exposition())
    assert found["checker_admission_requests_total{operation=CREATE}{outcome=deny}{profile=default}"] == 2
    assert found["checker_admission_requests_total{operation=none}{outcome=error}{profile=none}"] == 1
    assert found["checker_admission_findings_total{mode=deny}{rule=kubernetes/privileged}"] == 2
    assert found["checker_admission_failures_total{allowed=false}{failure=bad-body}"] == 1
    assert found["checker_admission_request_duration_seconds_count"] == 3
    assert found["checker_admission_request_duration_seconds_sum"] == pytest.approx(0.0213)
    assert found["checker_admission_request_duration_seconds_bucket{le=0.01}"] == 2


def test_a_request_makes_no_series_of_its_own() -> None:
    metrics = Metrics()
    body = review(pod(name="nobody-else-has-this"), namespace="nor-this")
    metrics.decided(decide(body, profile="made-up"), 0.001)
    exposition = metrics.exposition().decode()
    assert not [text for text in ("nobody-else-has-this", "nor-this", "made-up") if text in exposition]


def test_the_state_of_a_process_is_told() -> None:
    metrics = Metrics()
    before = samples(metrics.exposition())
    metrics.waiting(3)
    metrics.waiting(-1)
    metrics.certificate(1_800_000_000.0)
    metrics.certificate_failed()
    metrics.bundle("aa")
    metrics.bundle("bb")
    metrics.bundle_rejected()
    metrics.refused(413)
    after = samples(metrics.exposition())
    assert {key: value for key, value in after.items() if before.get(key) != value} == {
        "checker_admission_waiting_requests": 2,
        "checker_certificate_expiry_timestamp_seconds": 1_800_000_000.0,
        "checker_certificate_reload_failures_total": 1,
        "checker_policy_processes{revision=aa}": 0,
        "checker_policy_processes{revision=bb}": 1,
        "checker_policy_reload_failures_total": 1,
        "checker_http_refusals_total{status=413}": 1,
    }
    assert before[f"checker_build_info{{version={__version__}}}"] == 1


def test_what_can_fail_is_counted_from_zero_on() -> None:
    found = samples(Metrics().exposition())
    failures = {key: value for key, value in found.items() if key.startswith("checker_admission_failures_total")}
    kinds = ("bad-body", "unknown-version", "evaluation", "time", "overload")
    assert failures == {
        f"checker_admission_failures_total{{allowed={allowed}}}{{failure={kind}}}": 0
        for kind in kinds
        for allowed in ("true", "false")
    }


def test_a_reload_is_successful_until_one_fails() -> None:
    metrics = Metrics()
    names = ("checker_certificate_last_reload_successful", "checker_policy_last_reload_successful")

    def states() -> list[float]:
        found = samples(metrics.exposition())
        return [found[name] for name in names]

    assert states() == [1, 1]
    metrics.reloaded("policy", is_good=False)
    assert states() == [1, 0]
    metrics.reloaded("policy", is_good=True)
    metrics.reloaded("certificate", is_good=False)
    assert states() == [0, 1]


def test_names_end_in_their_unit() -> None:
    metrics = Metrics()
    metrics.certificate(1.0)
    metrics.bundle("aa")
    metrics.refused(404)
    metrics.decided(decide(review(pod({"security": {"privileged": True}}))), 0.001)
    names = {key.partition("{")[0] for key in samples(metrics.exposition())}
    assert [name for name in names if not UNIT.fullmatch(name)] == []


def test_processes_count_together_until_they_die() -> None:
    parent = Metrics()
    with share():
        workers = [
            subprocess.Popen(
                [sys.executable, "-c", PROGRAM, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            for arguments in (("1800000000", "bb"), ("1700000000", "cc"))
        ]
        pids = [int(worker.stdout.readline()) for worker in workers if worker.stdout]
        together = samples(parent.exposition())
        for worker in workers:
            worker.communicate()
        died(pids[1])
        alive = samples(parent.exposition())
    names = [
        "checker_http_refusals_total{status=404}",
        "checker_admission_waiting_requests",
        "checker_certificate_expiry_timestamp_seconds",
        "checker_policy_processes{revision=bb}",
        "checker_policy_processes{revision=cc}",
        f"checker_build_info{{version={__version__}}}",
    ]
    assert [together[name] for name in names] == [2, 4, 1_700_000_000, 1, 1, 1]
    assert [alive.get(name, 0) for name in names] == [2, 2, 1_800_000_000, 1, 0, 1]
