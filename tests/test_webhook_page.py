"""Tests that what the page about running the webhook tells people to do works as it says, in a real cluster."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from checker import bundles
from checker.webhook import creation
from tests.admission.reviews import NOW, admission, review
from tests.cluster import Cluster, read_objects, warnings
from tests.services import eventually, free_ports
from tests.webhook import PRIVILEGED, outcome, pod, registration, serving

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "webhook.md").read_text("utf-8")
BLOCK = re.compile(
    r"^(?P<indent> *)```(?P<language>\w+)\n(?P<content>.*?)^ *```\n(?P<behind>[^\n]*)", re.MULTILINE | re.DOTALL
)
TESTED = re.compile(r"<!-- tested: (.+?) -->")
UNPROVEN = (
    "What a rehearsal cannot know",
    "Go on when no request has `failure`",
    "Go on when a rehearsal with the next file",
    "- Pods that a kubelet reads from a folder",
    "- What is written into etcd",
)
"""How statements begin that are advice, or that only a whole cluster could show."""
HOOKS = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"


def section(title: str) -> str:
    """Return a section of the page."""
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def blocks(text: str, language: str) -> list[str]:
    """Return the fenced blocks of a language, without their indentation."""
    found = [match for match in BLOCK.finditer(text) if match["language"] == language]
    return [re.sub(f"^{match['indent']}", "", match["content"], flags=re.MULTILINE) for match in found]


def configuration(name: str) -> str:
    """Return the YAML block that begins with a file's name."""
    return next(one for one in blocks(PAGE, "yaml") if one.startswith(f"# {name}\n"))


def steps(block: str) -> Iterator[tuple[str, str]]:
    """Yield the commands of a block, each with what the page says it prints."""
    for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, printed = step.partition("\n")
        yield command, printed


@pytest.fixture
def shell(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Run a command line in an empty folder, with the programs that the page calls, and return what it prints."""
    programs = tmp_path / "programs"
    programs.mkdir()
    client = (
        f"{shlex.quote(str(cluster.client))} --cache-dir={cluster.folder} --kubeconfig={cluster.folder}/client.yaml"
    )
    for name, command in {"kubectl": client, "checker": f"{sys.executable} -m checker"}.items():
        (programs / name).write_text(f'#!/bin/sh\nexec {command} "$@"\n')
        (programs / name).chmod(0o755)
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    added = {"PATH": f"{programs}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}

    def run(command: str) -> str:
        environment = os.environ | added
        done = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    return run


@contextmanager
def registered(cluster: Cluster, url: str, namespace: str, **changes: Any) -> Iterator[None]:
    """Register a webhook under the name of the page for whatever lies in a namespace."""
    hook = registration(cluster, namespace, url, **changes)
    hook["metadata"]["name"] = "checker"
    assert cluster.send("POST", HOOKS, hook).status_code == 201
    try:
        yield
    finally:
        cluster.send("DELETE", f"{HOOKS}/checker")


def asked(cluster: Cluster, namespace: str, body: dict[str, Any]) -> Any:
    """Ask for an object without keeping it."""
    return cluster.send("POST", cluster.collection(body, namespace), body, params={"dryRun": "All"})


def test_every_block_of_the_page_names_a_test_that_runs_it() -> None:
    silent = [match["content"] for match in BLOCK.finditer(PAGE) if not TESTED.search(match["behind"])]
    assert silent == []


def statements(page: str) -> list[str]:
    """Return the paragraphs and items of a page, without its blocks, tables, headings and what leads up to a block."""
    prose = re.sub(r"^ *(?:#|\|).*\n", "\n", BLOCK.sub("\n", page), flags=re.MULTILINE)
    units = [unit.strip() for unit in re.split(r"\n\s*\n|\n(?=- |\d+\. )", prose)]
    return [unit for unit in units if TESTED.sub("", unit).strip() and not unit.endswith(":")]


def test_every_statement_of_the_page_names_a_test_or_stands_among_those_that_none_can_prove() -> None:
    unproven = [unit for unit in statements(PAGE) if not TESTED.search(unit) and "<!-- " not in unit[:5]]
    assert [unit for unit in unproven if not unit.startswith(UNPROVEN)] == []
    assert [start for start in UNPROVEN if not any(unit.startswith(start) for unit in unproven)] == []


def test_a_statement_without_a_test_is_noticed() -> None:
    head, items = "# Page\n\nOne.\n<!-- tested: a -->\n\nTwo.\n\n", "- Three.\n  <!-- tested: b -->\n- Four.\n\n"
    page = f"{head}{items}This:\n\n```sh\n\n$ x\n```\n"
    assert [unit for unit in statements(page) if not TESTED.search(unit)] == ["Two.", "- Four."]


def test_every_test_that_the_page_names_is_there() -> None:
    named = {one for found in TESTED.findall(PAGE) for one in found.split(", ")}
    named |= set(re.findall(r"`(tests/\S+::\w+)`", PAGE))
    missing = set()
    for name in named:
        if name.startswith("make "):
            is_there = f"\n{name.removeprefix('make ')}:" in (ROOT / "Makefile").read_text("utf-8")
        else:
            path, _, test = name.partition("::")
            is_there = (ROOT / path).is_file() and f"def {test}(" in (ROOT / path).read_text("utf-8")
        if not is_there:
            missing.add(name)
    assert missing == set()


def test_every_tested_fault_has_its_row_in_the_table() -> None:
    faults = ROOT / "tests" / "test_webhook_faults.py"
    tests = re.findall(r"^def (test_\w+)", faults.read_text("utf-8"), re.MULTILINE) if faults.is_file() else []
    rows = section("Faults")
    assert [test for test in tests if f"`tests/test_webhook_faults.py::{test}`" not in rows] == []


def test_rehearsal_of_the_page_is_what_a_cluster_gives(shell: Callable[[str], str]) -> None:
    Path("web.yaml").write_text(configuration("web.yaml"), encoding="utf-8")
    (block, _) = blocks(section("Rehearse"), "console")
    for command, printed in steps(block):
        assert shell(command) == printed


def kinds_of(command: str) -> set[str]:
    match = re.search(r"-o json (\S+)", command)
    assert match
    return set(match[1].split(","))


def test_kinds_of_the_page_are_those_at_which_rules_look(cluster: Cluster) -> None:
    command = next(steps(blocks(section("Rehearse"), "console")[1]))[0]
    decider = admission(profiles=("strict",))
    looked_at = set()
    for version, kind in cluster.resources:
        body = {"apiVersion": version, "kind": kind, "metadata": {"name": "a"}}
        if decider.explain(review(body), "", NOW).applies:
            looked_at.add(json.loads(creation.request(body, ""))["request"]["resource"]["resource"])
    decider.close()
    assert looked_at - {"podtemplates"} == kinds_of(command)  # of which nothing makes Pods


def test_whole_cluster_is_rehearsed_as_the_page_says(shell: Callable[[str], str]) -> None:
    for command, printed in steps(blocks(section("Rehearse"), "console")[1]):
        assert shell(command) == printed
    told = json.loads(Path("rehearsal.json").read_text("utf-8"))
    assert (told["problems"], told["skipped"], told["unrendered"]) == ([], [], [])
    assert told["own"][0]["objects"] > 50
    assert "kube-system" in {one["namespace"] for one in told["excluded"]}


def test_each_step_does_what_the_page_says(cluster: Cluster, tmp_path: Path) -> None:
    settings = tmp_path / "checker.yaml"
    settings.write_text(configuration("audit.yaml"), encoding="utf-8")
    options = ("--config", str(settings), "--drain-seconds", "1")
    for namespace in ("steps", "legacy-steps"):
        cluster.namespace(namespace)
    with serving(tmp_path, cluster, *options, count=1) as webhook, ExitStack() as stack:
        url = f"https://127.0.0.1:{webhook.balancer.port}/validate"
        namespaces = {"kubernetes.io/metadata.name": ["steps", "legacy-steps"]}
        expressions = [{"key": key, "operator": "In", "values": values} for key, values in namespaces.items()]
        selector = {"matchExpressions": expressions}
        stack.enter_context(registered(cluster, url, "steps", failurePolicy="Ignore", namespaceSelector=selector))

        def became(namespace: str) -> tuple[int, bool, str]:
            response = asked(cluster, namespace, PRIVILEGED)
            found = cluster.annotations(response).get("steps.checker.example/findings", "")
            return response.status_code, bool(warnings(response)), found.partition(" ")[0]

        eventually(lambda: became("steps") == (201, False, "audit"), "the first step")
        settings.write_text(configuration("warn.yaml"), encoding="utf-8")
        eventually(lambda: became("steps") == (201, True, "warn"), "the second step")
        settings.write_text("admission: {modes: [{mode: dny}]}\n", encoding="utf-8")
        refused = "policies: the new ones are not used"
        eventually(lambda: refused in webhook.replicas[0].ready("?verbose").text, "what is wrong with the file")
        assert became("steps") == (201, True, "warn")
        settings.write_text(configuration("deny.yaml"), encoding="utf-8")
        eventually(lambda: became("steps") == (403, False, "deny"), "the third step")
        assert became("legacy-steps") == (201, True, "warn")


def test_file_of_each_step_is_rehearsed(shell: Callable[[str], str]) -> None:
    (command,) = re.findall(r"`(checker webhook rehearse --config .+?)`", section("Enforce"))
    Path("cluster.json").write_text(json.dumps(PRIVILEGED), encoding="utf-8")
    ends = {}
    for name in ("audit.yaml", "warn.yaml", "deny.yaml"):
        Path(name).write_text(configuration(name), encoding="utf-8")
        ends[name] = shell(command.replace("warn.yaml", name)).splitlines()[-2:]
    assert ends == {
        "audit.yaml": ["If created now: 1 noted in the audit log.", "Passed: nothing would be denied."],
        "warn.yaml": ["If created now: 1 warned of.", "Passed: nothing would be denied."],
        "deny.yaml": ["If created now: 1 denied.", "Failed: 1 object would be denied."],
    }


def test_unseen_requests_are_noted_until_the_policy_is_fail(cluster: Cluster, shell: Callable[[str], str]) -> None:
    namespace = cluster.namespace("steps-fail")
    (block,) = blocks(section("Enforce"), "console")
    (port,) = free_ports(1)
    with registered(cluster, f"https://127.0.0.1:{port}", namespace, failurePolicy="Ignore"):

        def noted() -> list[str]:
            annotations = cluster.annotations(asked(cluster, namespace, pod()))
            prefix = section("Enforce").partition("`failed-open.")[2].partition("/")[0]
            return [key for key in annotations if key.startswith(f"failed-open.{prefix}/")]

        eventually(noted, "an unseen request")
        for command, printed in steps(block):
            assert shell(command) == printed
        eventually(lambda: outcome(cluster, asked(cluster, namespace, pod())) == "refused unseen", "the new policy")


@pytest.fixture
def stranded(cluster: Cluster, shell: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Install the webhook as the page says where no node runs it, and return a namespace that it watches."""
    issued = cluster.authority.issue_cert("checker.checker-system.svc")
    cluster.authority.cert_pem.write_to_path("ca.crt")
    issued.cert_chain_pems[0].write_to_path("tls.crt")
    issued.private_key_pem.write_to_path("tls.key")
    monkeypatch.setenv("IMAGE", f"registry.example/checker:1@sha256:{'0' * 64}")
    namespace = cluster.namespace("recovery")
    installing, hardening = blocks(section("Install"), "console")[-1], blocks(section("Enforce"), "console")[-1]
    made = []
    for command, printed in [*steps(installing), *steps(hardening)]:
        done = shell(command)
        assert re.sub(r"^(namespace/.+) configured", r"\1 created", done, flags=re.MULTILINE) == printed
        made += re.findall(r"^((?!namespace)\S+/checker\S*) created$", done, re.MULTILINE)
    yield namespace
    shell(f"kubectl delete -n checker-system --wait=false --ignore-not-found {' '.join(made)}")
    forgotten = {"managedFields": [{}], "annotations": {"kubectl.kubernetes.io/last-applied-configuration": None}}
    merge = {"Content-Type": "application/merge-patch+json"}
    cluster.send("PATCH", "/api/v1/namespaces/checker-system", {"metadata": forgotten}, headers=merge)


def test_way_out_of_the_page_is_open_while_the_webhook_is_away(
    cluster: Cluster, shell: Callable[[str], str], stranded: str
) -> None:
    soften, scale, remove = blocks(section("Recover"), "console")

    def became() -> str:
        return str(outcome(cluster, asked(cluster, stranded, pod())))

    eventually(lambda: became() == "refused unseen", "the registration")
    role = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "late"}}
    assert "failed calling webhook" in asked(cluster, stranded, role).json()["message"]
    assert [shell(command) for command, _ in steps(soften)] == [printed for _, printed in steps(soften)]
    eventually(lambda: became() == "admitted unseen", "the softer policy")
    assert [shell(command) for command, _ in steps(scale)] == [printed for _, printed in steps(scale)]
    assert became() == "admitted unseen"
    assert [shell(command) for command, _ in steps(remove)] == [printed for _, printed in steps(remove)]
    eventually(lambda: became() == "admitted", "the end of the registration")


def test_no_rule_over_several_files_runs_at_admission() -> None:
    decider = admission(profiles=("strict",), select=("project/*",))
    everything = decider.explain(review(pod(image="x")), "", NOW)
    decider.close()
    assert any(rule.startswith("project/") for rule in bundles.builtin().catalog.rules)
    assert {one.rule.kind for one in everything.told} == {"kubernetes"}


def test_largest_object_that_an_api_server_takes_is_judged(cluster: Cluster, tmp_path: Path) -> None:
    namespace = cluster.namespace("largest")
    data = {"password": "x7Kq9!vTz2mW"}
    body: dict[str, Any] = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "large"}, "data": data}
    with serving(tmp_path, cluster, "--drain-seconds", "1", count=1) as webhook:
        url = f"https://127.0.0.1:{webhook.balancer.port}/validate"
        with registered(cluster, url, namespace):
            eventually(lambda: asked(cluster, namespace, body).status_code == 403, "the webhook")
            data |= {"padding": "\N{GRINNING FACE}" * 240_000}
            assert asked(cluster, namespace, body).status_code == 403
            data |= {"padding": "x" * 3 * 2**20}
            assert asked(cluster, namespace, body).status_code == 413


def test_example_of_the_page_is_an_object() -> None:
    assert [one["kind"] for one in read_objects(configuration("web.yaml"))] == ["Deployment"]
