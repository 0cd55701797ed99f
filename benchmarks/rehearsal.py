"""Prints time and memory of rehearsing clusters of growing size; asserts nothing.

Usage: python benchmarks/rehearsal.py [PODS …]     (default: 1000 10000)

The Pods look as an API server gives them back, in one `List` on standard input, 7 KB each.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
RUN = """
import resource, sys
from checker import cli
try:
    cli.main(["webhook", "rehearse", "--format", "json"])
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr)
"""
CONDITIONS = ("Initialized", "Ready", "ContainersReady", "PodScheduled", "PodReadyToStartContainers")
MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"


def pod(number: int) -> dict[str, Any]:
    """Return one of many Pods: a third is hardened, every fiftieth is privileged."""
    app = f"app-{number % 500}"
    hardened = {"allowPrivilegeEscalation": False, "runAsNonRoot": True, "capabilities": {"drop": ["ALL"]}}
    env: list[dict[str, Any]] = [{"name": f"SETTING_{index}", "value": "value" * 8} for index in range(12)]
    env.append({"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}})
    container = {
        "name": "web",
        "image": f"registry.example/{app}:1.{number % 7}",
        "imagePullPolicy": "IfNotPresent",
        "env": env,
        "ports": [{"containerPort": 8080, "protocol": "TCP"}],
        "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": "64Mi"}},
        "securityContext": {"privileged": number % 50 == 0} if number % 3 else hardened,
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
        "volumeMounts": [{"name": "kube-api-access", "mountPath": MOUNT, "readOnly": True}],
    }
    replicas = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": f"{app}-7d9c", "uid": f"{number % 20}-{app}"}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": f"{app}-7d9c-{number:06x}",
            "generateName": f"{app}-7d9c-",
            "namespace": f"team-{number % 20}",
            "uid": f"00000000-0000-0000-0000-{number:012x}",
            "labels": {"app": app, "pod-template-hash": "7d9c", "team": f"team-{number % 7}"},
            "annotations": {"example.com/checksum": "0123456789abcdef" * 16},
            "ownerReferences": [replicas | {"controller": True, "blockOwnerDeletion": True}],
        },
        "spec": {
            "containers": [container],
            "dnsPolicy": "ClusterFirst",
            "nodeName": f"node-{number % 300}",
            "restartPolicy": "Always",
            "schedulerName": "default-scheduler",
            "serviceAccountName": "default",
            "terminationGracePeriodSeconds": 30,
            "volumes": [{"name": "kube-api-access", "projected": {"defaultMode": 420, "sources": []}}],
        },
        "status": {
            "phase": "Running",
            "conditions": [
                {"type": one, "status": "True", "lastProbeTime": None, "lastTransitionTime": "2026-01-01T00:00:00Z"}
                for one in CONDITIONS
            ],
            "containerStatuses": [{"name": "web", "ready": True, "restartCount": 0, "imageID": "a" * 64}],
        },
    }


def main() -> None:
    """Rehearse each size once and print a row."""
    print(f"{'pods':>8} {'MB':>6} {'s':>7} {'ms a pod':>9} {'MB peak':>8}")
    for count in map(int, sys.argv[1:] or ["1000", "10000"]):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "pods.json"
            items = [pod(number) for number in range(count)]
            file.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}, indent=4), "utf-8")
            start = time.monotonic()
            with file.open("rb") as given:
                command = [sys.executable, "-c", RUN]
                done = subprocess.run(command, cwd=ROOT, stdin=given, capture_output=True, text=True, check=False)
            seconds = time.monotonic() - start
            judged = json.loads(done.stdout)["summary"]["objects"]
            size = file.stat().st_size / 1e6
        peak = int(done.stderr.split()[-1])
        print(f"{judged:>8,} {size:>6.0f} {seconds:>7.1f} {1000 * seconds / judged:>9.2f} {peak:>8,}")


if __name__ == "__main__":
    main()
