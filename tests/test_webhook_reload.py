"""Tests what a cluster sees when policies and configuration are replaced while requests run."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme

from checker import bundles, compiler
from checker.bundles import Bundle
from tests.cluster import Cluster
from tests.rules import rule, write
from tests.services import PATIENCE, eventually, free_ports
from tests.webhook import PRIVILEGED, PROGRAM, Certificates, Door, Replica, Traffic, Volume, Webhook, pod, serving

NEVER = 'deny contains {"path": [], "message": "never"} if input.metadata.name == "never"'
WORKERS = 2


class Releases:
    """Holds bundles, of which a link names the one in force, as git-sync and image volumes leave them."""

    def __init__(self, folder: Path) -> None:
        self.link = folder / "current"
        self._folder = folder
        self._count = 0

    def release(self, bundle: Bundle, broken: str = "") -> None:
        """Put a bundle in force, or one of which a file is cut."""
        self._count += 1
        folder = self._folder / str(self._count)
        folder.mkdir(parents=True)
        bundles.write(bundle, folder)
        if broken:
            content = (folder / broken).read_bytes()
            (folder / broken).write_bytes(content[: len(content) // 2])
        link = self._folder / f"link-{self._count}"
        link.symlink_to(folder.name)
        link.rename(self.link)


@pytest.fixture(scope="module")
def compiled(program: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """Return the built-in policies with a rule that denies the Pod `never`."""
    own = {"kubernetes/never": rule("kubernetes/never", NEVER).replace("low", "high")}
    folder = write(tmp_path_factory.mktemp("own"), own)
    return compiler.compile_policies([folder], bundles.builtin(), program("opa"))


class Served:
    """Holds two replicas, and the files that they judge by."""

    def __init__(self, webhook: Webhook, releases: Releases, configuration: Volume) -> None:
        self.webhook = webhook
        self.releases = releases
        self.configuration = configuration

    def configure(self, text: str) -> None:
        self.configuration.write({"checker.yaml": text.encode()})

    def counted(self, sample: str) -> list[float]:
        """Return a sample of each replica's metrics, 0 where it was never counted."""
        return [counted(replica, sample) for replica in self.webhook.replicas]

    def notes(self) -> list[list[str]]:
        """Return the lines of each replica that say what it does not use."""
        answers = [replica.ready("?verbose") for replica in self.webhook.replicas]
        assert {answer.status_code for answer in answers} == {200}
        return [[line for line in answer.text.splitlines() if "not used" in line] for answer in answers]


def counted(replica: Replica, sample: str) -> float:
    lines = (line.rpartition(" ") for line in replica.metrics().splitlines())
    return next((float(value) for name, _, value in lines if name == sample), 0.0)


@pytest.fixture(scope="module")
def running(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("reload")
    releases = Releases(folder / "bundles")
    releases.release(bundles.builtin())
    configuration = Volume(folder / "configuration")
    configuration.write({"checker.yaml": b"{}\n"})
    files = ("--policies", str(releases.link), "--config", str(configuration.folder / "checker.yaml"))
    options = (*files, "--workers", str(WORKERS), "--drain-seconds", "1")
    with serving(folder, cluster, *options) as webhook:
        yield Served(webhook, releases, configuration)


@pytest.fixture
def served(running: Served) -> Iterator[Served]:
    """Give both replicas with the built-in policies to a test, and bring these back afterwards."""
    yield running
    running.configure("{}\n")
    running.releases.release(bundles.builtin())
    sample = in_force(bundles.builtin())
    eventually(lambda: running.counted(sample) == [WORKERS] * 2 and running.notes() == [[], []], "the first policies")


def in_force(bundle: Bundle) -> str:
    return f'checker_policy_processes{{revision="{bundle.catalog.revision}"}}'


def revision(door: Door) -> str:
    """Return which policies denied a pod."""
    annotations = door.cluster.annotations(door.send(PRIVILEGED))
    return str(annotations[f"{door.namespace}.checker.example/revision"])


def logged(replica: Replica, message: str) -> list[str]:
    """Return why something is said in a server's log, each reason once."""
    events = [json.loads(line) for line in replica.log.read_text("utf-8").splitlines()]
    return sorted({event.get("reason", "") for event in events if event["message"] == message})


def test_a_good_bundle_is_put_in_place_of_another_under_requests(served: Served, compiled: Bundle) -> None:
    with served.webhook.watching() as door, Traffic(door) as traffic:
        assert (door.outcome(pod("never")), revision(door)) == ("admitted", bundles.builtin().catalog.revision)
        served.releases.release(compiled)
        eventually(lambda: served.counted(in_force(compiled)) == [WORKERS] * 2, "the new policies")
        traffic.more()
        assert served.counted(in_force(bundles.builtin())) == [0, 0]
        assert [door.outcome(pod("never")) for _ in range(8)] == ["denied"] * 8
        assert (door.outcome(pod()), revision(door)) == ("admitted", compiled.catalog.revision)
    assert set(traffic.outcomes) == {"denied"}
    assert served.counted("checker_policy_reload_failures_total") == [0, 0]


@pytest.mark.parametrize("file", [bundles.MODULE, bundles.CATALOG, bundles.DIGEST])
def test_a_broken_bundle_is_not_used_and_told_until_a_good_one_comes(
    served: Served, compiled: Bundle, file: str
) -> None:
    told = [count + WORKERS for count in served.counted("checker_policy_reload_failures_total")]
    with served.webhook.watching() as door, Traffic(door) as traffic:
        served.releases.release(compiled, broken=file)
        eventually(lambda: served.counted("checker_policy_reload_failures_total") == told, "the complaint")
        assert served.counted("checker_policy_last_reload_successful") == [0, 0]
        for lines in served.notes():
            assert [line.split(f"{served.releases.link}")[0] for line in lines] == [
                "policies: the new ones are not used: "
            ]
        traffic.more()
        assert (door.outcome(pod("never")), revision(door)) == ("admitted", bundles.builtin().catalog.revision)
        served.releases.release(compiled)
        eventually(lambda: served.counted(in_force(compiled)) == [WORKERS] * 2, "the good policies")
        assert served.notes() == [[], []]
        assert door.outcome(pod("never")) == "denied"
    assert set(traffic.outcomes) == {"denied"}
    assert served.counted("checker_policy_reload_failures_total") == told
    assert served.counted("checker_policy_last_reload_successful") == [1, 1]
    for replica in served.webhook.replicas:
        assert all(str(served.releases.link) in reason for reason in logged(replica, "policies not replaced"))


def test_a_configuration_is_replaced_and_a_broken_one_is_not_used(served: Served) -> None:
    with served.webhook.watching() as door:
        assert door.outcome(PRIVILEGED) == "denied"
        served.configure("admission: {modes: [{mode: audit}]}\n")
        eventually(lambda: [door.outcome(PRIVILEGED) for _ in range(8)] == ["admitted"] * 8, "the new configuration")
        served.configure("admission: {modes: [{mode: off}]}\n")
        eventually(lambda: served.counted("checker_policy_last_reload_successful") == [0, 0], "the complaint")
        assert door.outcome(PRIVILEGED) == "admitted"
        served.configure("{}\n")
        eventually(lambda: [door.outcome(PRIVILEGED) for _ in range(8)] == ["denied"] * 8, "the last configuration")


def test_a_server_does_not_start_with_broken_policies(tmp_path: Path) -> None:
    releases = Releases(tmp_path / "bundles")
    releases.release(bundles.builtin(), broken=bundles.MODULE)
    certificates = Certificates(tmp_path / "certificates", trustme.CA())
    files = ("--certificate", str(certificates.folder / "tls.crt"), "--key", str(certificates.folder / "tls.key"))
    (port,) = free_ports(1)
    command = [*PROGRAM, *files, "--listen", f"127.0.0.1:{port}", "--policies", str(releases.link)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    complaint = "is not a complete bundle: compile it again with `checker compile`"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"checker: {releases.link}: {complaint}\n")
