"""Tests what a cluster sees when its webhook fails: each test is a row of the table of faults in docs/webhook.md."""

from __future__ import annotations

import signal
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.cluster import Cluster, warnings
from tests.rules import rule, write
from tests.services import PATIENCE, eventually
from tests.webhook import PRIVILEGED, Outcome, Replica, Traffic, Webhook, pod, serving

UNSEEN: dict[str, Outcome] = {"Fail": "refused unseen", "Ignore": "admitted unseen"}
"""What becomes by each `failurePolicy` of a request for which the webhook has no answer."""

SLOW = """
deny contains {"path": [], "message": "never"} if {
	input.metadata.name == "slow"
	some a in numbers.range(1, 4000)
	some b in numbers.range(1, 4000)
	a * b < 0
}
"""

policies = pytest.mark.parametrize("policy", ["Fail", "Ignore"])


@pytest.fixture(scope="module")
def served(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Webhook]:
    with serving(tmp_path_factory.mktemp("faults"), cluster, "--drain-seconds", "1") as two:
        yield two


@pytest.fixture
def webhook(served: Webhook) -> Iterator[Webhook]:
    """Give both replicas to a test, and start again afterwards what it ended."""
    yield served
    for replica in served.replicas:
        if replica.process is None:
            replica.start()
        else:
            replica.tell(signal.SIGCONT)


def presented(replica: Replica) -> str:
    """Return the certificate that a server shows."""
    return ssl.get_server_certificate(("127.0.0.1", replica.port), timeout=PATIENCE)


def counted(replica: Replica, sample: str) -> float:
    """Return a sample of a server's metrics, 0 where it was never counted."""
    lines = (line.rpartition(" ") for line in replica.metrics().splitlines())
    return next((float(value) for name, _, value in lines if name == sample), 0.0)


@policies
def test_one_of_two_replicas_is_killed(webhook: Webhook, policy: str) -> None:
    with webhook.watching(failurePolicy=policy) as door, Traffic(door) as traffic:
        webhook.replicas[0].end(signal.SIGKILL)
        traffic.more()
        assert set(traffic.more()) == {"denied"}
    assert set(traffic.outcomes) <= {"denied", UNSEEN[policy]}


@policies
def test_all_replicas_are_killed_and_started_again(webhook: Webhook, policy: str) -> None:
    with webhook.watching(failurePolicy=policy) as door:
        for replica in webhook.replicas:
            replica.end(signal.SIGKILL)
        assert [door.outcome(PRIVILEGED), door.outcome(pod())] == [UNSEEN[policy]] * 2
        for replica in webhook.replicas:
            replica.start()
        assert [door.outcome(PRIVILEGED), door.outcome(pod())] == ["denied", "admitted"]


def test_replicas_are_stopped_and_started_one_after_the_other(webhook: Webhook) -> None:
    with webhook.watching() as door, Traffic(door) as traffic:
        for replica in webhook.replicas:
            assert replica.end(signal.SIGTERM) == 0
            traffic.more()
            replica.start()
            traffic.more()
    assert set(traffic.outcomes) == {"denied"}


@policies
def test_all_replicas_hang_longer_than_the_api_server_waits(webhook: Webhook, policy: str) -> None:
    with webhook.watching(failurePolicy=policy, timeoutSeconds=1) as door:
        for replica in webhook.replicas:
            replica.tell(signal.SIGSTOP)
        assert door.outcome(PRIVILEGED) == UNSEEN[policy]
        for replica in webhook.replicas:
            replica.tell(signal.SIGCONT)
        assert [door.outcome(PRIVILEGED), door.outcome(pod())] == ["denied", "admitted"]


@policies
def test_one_of_two_replicas_hangs(webhook: Webhook, policy: str) -> None:
    with webhook.watching(failurePolicy=policy, timeoutSeconds=1) as door, Traffic(door) as traffic:
        webhook.balancer.drop()
        traffic.more()
        webhook.replicas[0].tell(signal.SIGSTOP)
        eventually(lambda: UNSEEN[policy] in traffic.outcomes, "a request that the hanging replica got")
        assert "denied" in traffic.more()
        webhook.replicas[0].end(signal.SIGKILL)
        traffic.more()
        assert set(traffic.more()) == {"denied"}
    assert set(traffic.outcomes) == {"denied", UNSEEN[policy]}


def test_the_certificate_is_replaced_under_requests(webhook: Webhook) -> None:
    before = {presented(replica) for replica in webhook.replicas}
    with webhook.watching() as door, Traffic(door) as traffic:
        webhook.certificates.issue()
        for replica in webhook.replicas:
            eventually(lambda: presented(replica) not in before, "the new certificate")  # noqa: B023 - asked at once
        traffic.more()
    assert set(traffic.outcomes) == {"denied"}


def test_a_certificate_that_does_not_fit_its_key_is_not_used(webhook: Webhook) -> None:
    good = {name: (webhook.certificates.folder / name).read_bytes() for name in ("tls.crt", "tls.key")}
    leaf = good["tls.crt"].decode().partition("-----END CERTIFICATE-----")[0] + "-----END CERTIFICATE-----\n"
    before = ssl.DER_cert_to_PEM_cert(ssl.PEM_cert_to_DER_cert(leaf))
    for replica in webhook.replicas:
        # each worker looks at the files by itself, and another one answers each time
        eventually(lambda: {presented(replica) for _ in range(8)} == {before}, "the certificate in the files")  # noqa: B023 - asked at once
    other = webhook.certificates.authority.issue_cert("localhost").private_key_pem.bytes()
    with webhook.watching() as door, Traffic(door) as traffic:
        webhook.certificates.write(good | {"tls.key": other})
        for replica in webhook.replicas:
            eventually(lambda: counted(replica, "checker_certificate_reload_failures_total"), "a refusal")  # noqa: B023 - asked at once
            note = "certificate: the new one is not used"
            eventually(lambda: note in replica.ready("?verbose").text, "a note")  # noqa: B023 - asked at once
        traffic.more()
        assert [presented(replica) for replica in webhook.replicas] == [before] * len(webhook.replicas)
        webhook.certificates.write(good)
    assert set(traffic.outcomes) == {"denied"}


@pytest.fixture(scope="module")
def slow(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Webhook]:
    """Serve with a rule that needs seconds for a pod named `slow`, one process, and room for one more request."""
    folder = tmp_path_factory.mktemp("slow")
    own = write(folder / "own", {"kubernetes/slow": rule("kubernetes/slow", SLOW)})
    config = folder / "checker.yaml"
    config.write_text("admission:\n  budget: 2\n  failures:\n    time: allow\n    overload: deny\n")
    options = ("--config", str(config), "--policies", str(own), "--workers", "1", "--queue", "1")
    with serving(folder, cluster, *options, count=1) as one:
        yield one


def test_an_object_takes_more_time_than_the_budget(slow: Webhook) -> None:
    with slow.watching() as door:
        response = door.send(pod("slow"))
        assert response.status_code == 201
        (warning,) = warnings(response)
        assert warning in ("not judged: takes more time than it may", "not judged: no time is left for the other rules")
        assert door.outcome(PRIVILEGED) == "denied"


def test_more_requests_come_than_can_be_judged(slow: Webhook) -> None:
    with slow.watching(timeoutSeconds=30) as door, ThreadPoolExecutor(8) as pool:
        answers = [answer.json().get("message", "") for answer in pool.map(door.send, [pod("slow")] * 8)]
        assert any("too many requests wait to be judged" in answer for answer in answers)
        assert door.outcome(PRIVILEGED) == "denied"
    assert counted(slow.replicas[0], 'checker_admission_failures_total{allowed="false",failure="overload"}') >= 1
