"""Runs a real Kubernetes API server, with etcd under it, for the tests that ask a cluster."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import requests
import trustme
import yaml

from tests.services import PATIENCE, answers, eventually, free_ports, running

TOKEN: Final = "only-for-this-cluster"
AUDIT_POLICY: Final = {
    "apiVersion": "audit.k8s.io/v1",
    "kind": "Policy",
    "omitStages": ["RequestReceived", "ResponseStarted"],
    "rules": [{"level": "Metadata", "verbs": ["create", "update", "patch", "delete"]}, {"level": "None"}],
}


@dataclass(frozen=True, slots=True)
class Answer:
    """Holds what a client program printed, and how it ended."""

    code: int
    output: str
    errors: str

    @property
    def warnings(self) -> list[str]:
        return [line.removeprefix("Warning: ") for line in self.errors.splitlines() if line.startswith("Warning: ")]


@dataclass(frozen=True)
class Cluster:
    """Speaks with one API server: with the real client, or with HTTP where an answer's every header counts."""

    folder: Path
    address: str
    authority: trustme.CA
    """Signs certificates that the API server and its clients believe."""
    client: Path

    @cached_property
    def session(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False  # REQUESTS_CA_BUNDLE would overrule `verify`
        session.verify = str(self.folder / "authority.pem")
        session.headers["Authorization"] = f"Bearer {TOKEN}"
        session.mount("https://", requests.adapters.HTTPAdapter(pool_maxsize=64))
        return session

    @cached_property
    def resources(self) -> dict[tuple[str, str], tuple[str, bool]]:
        """Give for apiVersion and kind the collection's path and whether it lies in namespaces."""
        found = {}
        accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
        for root in ("/api", "/apis"):
            listed = self.session.get(self.address + root, headers={"Accept": accept}, timeout=PATIENCE).json()
            for group in listed["items"]:
                for version in group["versions"]:
                    name = "/".join(filter(None, (group["metadata"].get("name"), version["version"])))
                    for resource in version["resources"]:
                        kind = resource["responseKind"]["kind"]
                        path = f"{root}/{name}/{{namespace}}{resource['resource']}"
                        found[name, kind] = path, resource["scope"] == "Namespaced"
        return found

    def kubectl(self, *arguments: str, standard_input: Any = None) -> Answer:
        """Run the real client; an object on standard input is given as JSON."""
        done = subprocess.run(
            [self.client, f"--kubeconfig={self.folder / 'client.yaml'}", f"--cache-dir={self.folder}", *arguments],
            input=None if standard_input is None else json.dumps(standard_input),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
            env={"HOME": str(self.folder), "PATH": os.environ["PATH"]},
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def send(self, method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        """Send one request; its answer carries the headers `Warning` and `Audit-Id`."""
        options = {"timeout": PATIENCE, **options}
        return self.session.request(method, self.address + path, json=body, **options)

    def collection(self, obj: Mapping[str, Any], namespace: str = "default") -> str:
        """Return the path to create an object at; raises `KeyError` for a kind that this API server does not know."""
        path, namespaced = self.resources[obj["apiVersion"], obj["kind"]]
        namespace = obj["metadata"].get("namespace", namespace)
        return path.format(namespace=f"namespaces/{namespace}/" if namespaced else "")

    def audit(self) -> list[dict[str, Any]]:
        """Read the audit log, which an event reaches before the answer to its request is complete."""
        return [json.loads(line) for line in (self.folder / "audit.log").read_text().splitlines()]

    def annotations(self, response: requests.Response) -> dict[str, str]:
        """Return what the audit log says of the request that a response answers."""
        wanted = response.headers["Audit-Id"]
        (event,) = (event for event in self.audit() if event["auditID"] == wanted)
        return dict(event.get("annotations", {}))

    def namespace(self, name: str, labels: Mapping[str, str] | None = None) -> str:
        """Make a namespace where there is none of this name, and return the name."""
        body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": dict(labels or {})}}
        response = self.send("POST", "/api/v1/namespaces", body)
        assert response.status_code in {201, 409}, response.text
        return name


def warnings(response: requests.Response) -> list[str]:
    """Return the texts of a response's Warning headers (RFC 7234: `299 - "text"`), in their order."""
    headers = response.raw.headers.getlist("Warning")
    return [re.sub(r"\\(.)", r"\1", header.removeprefix('299 - "')[:-1]) for header in headers]


@contextmanager
def start_cluster(folder: Path, program: Callable[[str], Path]) -> Iterator[Cluster]:
    """Run etcd and an API server on this machine, all their files in one folder, until the block ends."""
    server, client, etcd = program("kube-apiserver"), program("kubectl"), program("etcd")
    database, peers, port = free_ports(3)
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    issued = authority.issue_cert("127.0.0.1")
    issued.cert_chain_pems[0].write_to_path(folder / "server.pem")
    issued.private_key_pem.write_to_path(folder / "server.key")
    (folder / "tokens.csv").write_text(f"{TOKEN},admin,admin,system:masters\n")
    (folder / "audit.yaml").write_text(json.dumps(AUDIT_POLICY))
    address = f"https://127.0.0.1:{port}"
    (folder / "client.yaml").write_text(json.dumps(_client_configuration(folder, address)))
    with ExitStack() as stack:
        process = stack.enter_context(running(_etcd(etcd, folder, database, peers), folder / "etcd.log"))
        eventually(answers(f"http://127.0.0.1:{database}/health", process, folder / "etcd.log"), "etcd")
        command = _api_server(server, folder, database, port)
        process = stack.enter_context(running(command, folder / "server.log"))
        cluster = Cluster(folder, address, authority, client)
        options: dict[str, Any] = {"headers": dict(cluster.session.headers), "verify": cluster.session.verify}
        for path in ("/readyz", "/api/v1/namespaces/default"):
            eventually(answers(address + path, process, folder / "server.log", **options), f"kube-apiserver{path}")
        stack.callback(cluster.session.close)
        yield cluster


def _etcd(program: Path, folder: Path, port: int, peers: int) -> list[str]:
    clients, members = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{peers}"
    return [
        str(program),
        f"--data-dir={folder / 'etcd'}",
        f"--listen-client-urls={clients}",
        f"--advertise-client-urls={clients}",
        f"--listen-peer-urls={members}",
        f"--initial-advertise-peer-urls={members}",
        f"--initial-cluster=default={members}",
        "--unsafe-no-fsync",  # the database dies with the test anyway
        "--logger=zap",
    ]


def _api_server(program: Path, folder: Path, database: int, port: int) -> list[str]:
    return [
        str(program),
        f"--etcd-servers=http://127.0.0.1:{database}",
        "--bind-address=127.0.0.1",
        f"--secure-port={port}",
        "--allow-privileged=true",
        "--endpoint-reconciler-type=none",
        f"--cert-dir={folder}",
        f"--tls-cert-file={folder / 'server.pem'}",
        f"--tls-private-key-file={folder / 'server.key'}",
        f"--token-auth-file={folder / 'tokens.csv'}",
        "--authorization-mode=RBAC",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={folder / 'server.key'}",
        f"--service-account-signing-key-file={folder / 'server.key'}",
        "--disable-admission-plugins=ServiceAccount",  # its objects come from a controller that does not run
        "--service-cluster-ip-range=10.0.0.0/24",
        f"--audit-policy-file={folder / 'audit.yaml'}",
        f"--audit-log-path={folder / 'audit.log'}",
        "--audit-log-mode=blocking",
    ]


def _client_configuration(folder: Path, address: str) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {"name": "test", "cluster": {"server": address, "certificate-authority": str(folder / "authority.pem")}}
        ],
        "users": [{"name": "admin", "user": {"token": TOKEN}}],
        "contexts": [{"name": "test", "context": {"cluster": "test", "user": "admin"}}],
        "current-context": "test",
    }


def read_objects(text: str) -> list[dict[str, Any]]:
    """Read the objects of a YAML file, those in lists one by one."""
    found = []
    for document in yaml.safe_load_all(text):
        match document:
            case {"kind": "List", "items": list(items)}:
                found += items
            case dict():
                found.append(document)
    return found
