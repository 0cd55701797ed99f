"""Puts replicas of the webhook behind one address, and tells a cluster to ask there."""

from __future__ import annotations

import base64
import itertools
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, Self, TypeAlias

import requests

from tests.cluster import Answer, Cluster
from tests.services import PATIENCE, answers, eventually, free_ports

if TYPE_CHECKING:
    import trustme

Outcome: TypeAlias = Literal["denied", "admitted", "admitted unseen", "refused unseen"]
"""What became of a request: a verdict of the webhook, or none, and then what `failurePolicy` says."""

PROGRAM: Final = (sys.executable, "-m", "checker", "serve")
NUMBERS: Final = itertools.count()


class Volume:
    """Holds files as the kubelet mounts a Secret or ConfigMap: new content comes by moving one symbolic link."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def write(self, files: dict[str, bytes]) -> None:
        """Replace all files at once."""
        version = self.folder / f"..{next(NUMBERS)}"
        version.mkdir()
        for name, content in files.items():
            (version / name).write_bytes(content)
            if not (self.folder / name).is_symlink():
                (self.folder / name).symlink_to(Path("..data", name))
        link = self.folder / f"..link{next(NUMBERS)}"
        link.symlink_to(version.name)
        link.rename(self.folder / "..data")


class Certificates(Volume):
    """Holds the certificate of the webhook."""

    def __init__(self, folder: Path, authority: trustme.CA) -> None:
        super().__init__(folder)
        self.authority = authority
        self.issue()

    def issue(self, **options: Any) -> None:
        """Put a new certificate in place of the old one."""
        issued = self.authority.issue_cert("127.0.0.1", "localhost", **options)
        chain = b"".join(pem.bytes() for pem in issued.cert_chain_pems)
        self.write({"tls.crt": chain, "tls.key": issued.private_key_pem.bytes()})


@dataclass
class Replica:
    """Runs one server of the webhook, which can be killed, stopped, paused and started again on its ports."""

    folder: Path
    certificates: Certificates
    options: tuple[str, ...] = ()
    ports: list[int] = field(default_factory=lambda: free_ports(2))
    process: subprocess.Popen[bytes] | None = None

    @property
    def port(self) -> int:
        return self.ports[0]

    @property
    def log(self) -> Path:
        return self.folder / f"{self.port}.log"

    def start(self) -> None:
        command = [
            *PROGRAM,
            *("--listen", f"127.0.0.1:{self.ports[0]}", "--metrics", f"127.0.0.1:{self.ports[1]}"),
            *("--certificate", str(self.certificates.folder / "tls.crt")),
            *("--key", str(self.certificates.folder / "tls.key")),
            *self.options,
        ]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        options = {"verify": str(self.folder / "authority.pem")}
        eventually(answers(f"https://127.0.0.1:{self.port}/readyz", self.process, self.log, **options), "a replica")

    def tell(self, number: signal.Signals) -> None:
        """Send a signal to all processes of the server, as what happens to a container happens to all in it."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text("ascii").split()
        for pid in (self.process.pid, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End the server and return its exit code; the kubelet asks the first process to end, and kills all."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.tell(signal.SIGCONT)
            if number == signal.SIGKILL:
                self.tell(number)
            else:
                self.process.send_signal(number)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        finally:
            self.process = None

    def ready(self, query: str = "") -> requests.Response:
        url = f"https://127.0.0.1:{self.port}/readyz{query}"
        return requests.get(url, verify=str(self.folder / "authority.pem"), timeout=PATIENCE)

    def metrics(self) -> str:
        return requests.get(f"http://127.0.0.1:{self.ports[1]}/metrics", timeout=PATIENCE).text


class Balancer:
    """Gives each new connection to the next replica that accepts it, as a Service does with those that are ready."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports = itertools.cycle(ports)
        self._count = len(ports)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = int(self._listener.getsockname()[1])
        self._connections: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def drop(self) -> None:
        """End all connections, so that the next ones go to all replicas in turn."""
        while self._connections:
            with suppress(OSError):
                self._connections.pop().shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            for _ in range(self._count):
                with (
                    suppress(ConnectionRefusedError),
                    socket.create_connection(("127.0.0.1", next(self._ports))) as replica,
                ):
                    self._connections.append(connection)
                    for side in (connection, replica):
                        side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    back = threading.Thread(target=_pump, args=(replica, connection), daemon=True)
                    back.start()
                    _pump(connection, replica)
                    back.join()
                    return


def _pump(source: socket.socket, target: socket.socket) -> None:
    """Copy what one side says to the other until it stops, then pass the stop on."""
    with suppress(OSError):
        while chunk := source.recv(65536):
            target.sendall(chunk)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@dataclass(frozen=True)
class Webhook:
    """Holds two replicas behind a balancer, and what they share."""

    cluster: Cluster
    certificates: Certificates
    replicas: tuple[Replica, ...]
    balancer: Balancer

    @contextmanager
    def watching(
        self, *, path: str = "/validate", before: Sequence[dict[str, Any]] = (), **changes: Any
    ) -> Iterator[Door]:
        """Register the webhook for a new namespace until the block ends.

        The namespace holds pods that were there before; `changes` are fields of the registration.
        """
        name = f"door-{next(NUMBERS)}"
        door = Door(self.cluster, self.cluster.namespace(name))
        for body in before:
            assert self.cluster.send("POST", self.cluster.collection(body, name), body).status_code == 201
        registered = registration(self.cluster, name, f"https://127.0.0.1:{self.balancer.port}{path}", **changes)
        collection = self.cluster.collection(registered)
        response = self.cluster.send("POST", collection, registered)
        assert response.status_code == 201, response.text
        try:
            eventually(door.is_watched, f"the webhook at {name}")
            yield replace(door, start=len(self.cluster.audit()))
        finally:
            self.cluster.send("DELETE", f"{collection}/{name}")


@contextmanager
def serving(folder: Path, cluster: Cluster, *options: str, count: int = 2) -> Iterator[Webhook]:
    """Run replicas of the webhook with the same options until the block ends."""
    certificates = Certificates(folder / "certificates", cluster.authority)
    cluster.authority.cert_pem.write_to_path(folder / "authority.pem")
    replicas = tuple(Replica(folder, certificates, options) for _ in range(count))
    balancer = Balancer([replica.port for replica in replicas])
    with ExitStack() as stack:
        stack.callback(balancer.close)
        for replica in replicas:
            stack.callback(replica.end)
            replica.start()
        yield Webhook(cluster, certificates, replicas, balancer)


@dataclass(frozen=True)
class Door:
    """Asks a cluster to let pods into one namespace that the webhook watches."""

    cluster: Cluster
    namespace: str
    start: int = 0
    """How many events the audit log held when the webhook began to watch."""

    def send(self, pod: dict[str, Any], method: str = "POST", **parameters: str) -> requests.Response:
        """Ask for a pod, by default without keeping it."""
        path = f"/api/v1/namespaces/{self.namespace}/pods"
        return self.cluster.send(method, path, pod, params={"dryRun": "All", **parameters})

    def outcome(self, pod: dict[str, Any]) -> Outcome:
        return outcome(self.cluster, self.send(pod))

    def is_watched(self) -> bool:
        """Tell whether the API server has heard of the registration."""
        return self.outcome(PRIVILEGED) != "admitted"

    def kubectl(self, *arguments: str, standard_input: Any = None) -> Answer:
        return self.cluster.kubectl(f"--namespace={self.namespace}", *arguments, standard_input=standard_input)

    def audited(self) -> list[tuple[str, str, int, str]]:
        """Return verb, resource, code and findings of every request that was to change something in the namespace."""
        events = [
            one for one in self.cluster.audit()[self.start :] if one["objectRef"].get("namespace") == self.namespace
        ]
        return [
            (
                event["verb"],
                "/".join(filter(None, (event["objectRef"]["resource"], event["objectRef"].get("subresource")))),
                event["responseStatus"]["code"],
                event.get("annotations", {}).get(f"{self.namespace}.checker.example/findings", ""),
            )
            for event in events
        ]


class Traffic:
    """Asks without pause for a pod that the webhook denies, on several connections, until the block ends."""

    def __init__(self, door: Door, threads: int = 4) -> None:
        self.outcomes: list[Outcome] = []
        self._door = door
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(threads)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        self.more()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def more(self, count: int = 20) -> list[Outcome]:
        """Wait for so many further answers and return those that began since."""
        start = len(self.outcomes)
        eventually(lambda: len(self.outcomes) >= start + count, "traffic")
        return self.outcomes[start:]

    def _ask(self) -> None:
        while not self._stop.is_set():
            self.outcomes.append(self._door.outcome(PRIVILEGED))


def outcome(cluster: Cluster, response: requests.Response) -> Outcome:
    """Tell a verdict of the webhook from an answer that the API server gave without one."""
    if response.status_code == 201:
        unseen = any(key.startswith("failed-open.") for key in cluster.annotations(response))
        return "admitted unseen" if unseen else "admitted"
    message = response.json()["message"]
    if "failed calling webhook" in message:
        return "refused unseen"
    assert "denied the request" in message, message
    return "denied"


def pod(name: str = "web", image: str = "ghcr.io/example/web:1.4.2", **context: Any) -> dict[str, Any]:
    """Return a pod that no rule speaks of, but for what is changed in the security context of its container."""
    hardened = {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
        "runAsNonRoot": True,
        "runAsUser": 10001,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    container = {
        "name": "web",
        "image": image,
        "securityContext": {key: value for key, value in {**hardened, **context}.items() if value is not None},
        "resources": {"requests": {"cpu": "100m"}, "limits": {"memory": "64Mi"}},
        "livenessProbe": {"tcpSocket": {"port": 8080}},
    }
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": {"containers": [container]}}


def deployment(**context: Any) -> dict[str, Any]:
    """Return a deployment of such a pod."""
    template = {"metadata": {"labels": {"app": "web"}}, "spec": pod(**context)["spec"]}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {"selector": {"matchLabels": {"app": "web"}}, "template": template},
    }


PRIVILEGED: Final = pod(privileged=True, allowPrivilegeEscalation=None)


def registration(cluster: Cluster, name: str, url: str, **changes: Any) -> dict[str, Any]:
    """Return what registers a webhook for the objects of the namespace of the same name."""
    webhook = {
        "name": f"{name}.checker.example",
        "clientConfig": {"url": url, "caBundle": base64.b64encode(cluster.authority.cert_pem.bytes()).decode()},
        "rules": [
            {
                "apiGroups": ["*"],
                "apiVersions": ["*"],
                "resources": ["*/*"],
                "operations": ["CREATE", "UPDATE", "DELETE", "CONNECT"],
                "scope": "Namespaced",
            }
        ],
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}},
        "sideEffects": "None",
        "admissionReviewVersions": ["v1"],
        "timeoutSeconds": 10,
        "failurePolicy": "Fail",
    }
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": name},
        "webhooks": [{**webhook, **changes}],
    }
