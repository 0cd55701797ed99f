"""Tests `checker webhook` as people and programs use it."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from checker import cli, resources, webhook_commands
from checker.arguments import parser
from tests.admission.reviews import pod, workload

PRIVILEGED = {"security": {"privileged": True, "allowPrivilegeEscalation": None}}
BAD = pod(PRIVILEGED, {"name": "log", "image": "registry.example/log"})

TEXT = """\
Namespace shop (profile default): 3 objects, 2 denied, 1 warned of

  Deployment web
    deny  kubernetes/privileged: 1 Pod, 1 Pod to be made; warn: 1 Deployment
          spec.containers[0].securityContext.privileged: container web is
            privileged
    warn  kubernetes/image-tag-missing: 1 Deployment; audit: 1 Pod, 1 Pod to be
          made
          spec.template.spec.containers[1].image: image registry.example/log
            of container log has no tag

What to do

  kubernetes/privileged: Container is privileged (high)
    Objects: 2 denied, 1 warned of; owners: 1
    Remove `securityContext.privileged`, and add the one capability or device
    that is really needed.

  kubernetes/image-tag-missing: Image has no tag (medium)
    Objects: 1 warned of, 2 noted in the audit log; owners: 1
    Name a version (`nginx:1.27.3`), or better a digest
    (`nginx:1.27.3@sha256:…`).

Judged 2 objects of 1 namespace.
Judged 1 Pod that none of them has made yet, by their templates.
No rule looks at: 1 ServiceAccount.
In namespaces that the webhook leaves out: 1 kube-system.
If created now: 2 denied, 1 warned of.
Failed: 2 objects would be denied.
"""

SUMMARY = """\
Judged 2 objects of 1 namespace.
Not rendered: 1.
Skipped: 1.
Files of no known kind: 1.
Not judged: 1.
If created now: 2 passed without a word.
Incomplete: not everything was judged.
"""


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def rehearse(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Callable[..., tuple[int | str | None, str, str]]:
    """Run `checker webhook rehearse` and return exit code, standard output and standard error."""

    def run(*arguments: str, given: Any = None) -> tuple[int | str | None, str, str]:
        content = given if isinstance(given, bytes) else json.dumps(given).encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        with pytest.raises(SystemExit) as exit_:
            cli.main(["webhook", "rehearse", *arguments])
        out, err = capfdbinary.readouterr()
        return exit_.value.code, out.decode(), err.decode()

    return run


class Terminal(io.TextIOWrapper):
    """Holds text that a person types."""

    def isatty(self) -> bool:
        return True


def listed(*objects: Any) -> Any:
    return {"apiVersion": "v1", "kind": "List", "items": list(objects)}


def cluster_objects() -> Any:
    owner = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "uid": "other", "controller": True}
    return listed(
        workload("Deployment", BAD, uid="web"),
        {**BAD, "metadata": {"name": "web-1", "namespace": "shop", "ownerReferences": [owner]}},
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "web", "namespace": "shop"}},
        {**BAD, "metadata": {"name": "proxy", "namespace": "kube-system"}},
    )


def test_text_tells_who_is_concerned_and_what_to_do(rehearse: Callable[..., Any]) -> None:
    assert rehearse(given=cluster_objects()) == (1, TEXT, "")


def test_files_folders_and_standard_input_are_read_together(rehearse: Callable[..., Any]) -> None:
    Path("folder").mkdir()
    Path("folder", "a.yaml").write_text(json.dumps(pod(name="a")))
    Path("folder", "Dockerfile").write_text("FROM scratch\n")
    Path("folder", "bom.json").write_text('{"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1}')
    Path("broken.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: [}\n")
    Path("template.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {{ .Values.metadata }}\n")
    code, out, _ = rehearse("folder", "broken.yaml", "template.yaml", "-", given=pod(name="b"))
    assert (code, out.split("\n\n")) == (
        2,
        [
            "Not judged",
            "  broken.yaml:3:19: is not YAML: did not find expected node content",
            "Not rendered",
            "  is a template, of which only its own engine makes manifests: template.yaml",
            "Skipped",
            "  is of the kind sbom, which no cluster takes: folder/bom.json",
            SUMMARY,
        ],
    )


def test_json_has_the_shape_of_its_schema_and_tells_the_same(rehearse: Callable[..., Any]) -> None:
    validator = Draft202012Validator(json.loads((resources.SCHEMAS / "rehearsal.json").read_bytes()))
    Path("broken.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: [}\n")
    Path("template.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {{ .Values.metadata }}\n")
    Path("bom.json").write_text('{"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1}')
    code, out, _ = rehearse("--format=json", ".", "-", given=cluster_objects())
    told = json.loads(out)
    validator.validate(told)
    assert (code, told["exit_code"], told["verdict"]) == (2, 2, "incomplete")
    assert told["summary"] == {"objects": 3, "outcomes": {"deny": 2, "warn": 1, "audit": 0, "pass": 0}}
    (namespace,) = told["namespaces"]
    assert [namespace[key] for key in ("namespace", "profile", "objects")] == ["shop", "default", 3]
    (owner,) = namespace["owners"]
    assert (owner["kind"], owner["name"], owner["objects"]) == ("Deployment", "web", 3)
    assert [(one["mode"], one["rule"]) for one in owner["findings"]] == [
        ("deny", "kubernetes/privileged"),
        ("warn", "kubernetes/privileged"),
        ("warn", "kubernetes/image-tag-missing"),
        ("audit", "kubernetes/image-tag-missing"),
    ]
    assert owner["findings"][0] == {
        "rule": "kubernetes/privileged",
        "mode": "deny",
        "objects": [
            {"kind": "Pod", "name": "web-1", "is_made": False},
            {"kind": "Pod", "name": "web", "is_made": True},
        ],
        "places": [
            {
                "field": "spec.containers[0].securityContext.privileged",
                "message": "container web is privileged",
            }
        ],
    }
    assert [(one["id"], one["outcomes"], one["owners"]) for one in told["rules"]] == [
        ("kubernetes/privileged", {"deny": 2, "warn": 1, "audit": 0}, 1),
        ("kubernetes/image-tag-missing", {"deny": 0, "warn": 1, "audit": 2}, 1),
    ]
    assert told["without_rules"] == [{"kind": "ServiceAccount", "objects": 1}]
    assert told["excluded"] == [{"namespace": "kube-system", "objects": 1}]
    assert [one["path"] for one in told["problems"] + told["unrendered"] + told["skipped"]] == [
        "broken.yaml",
        "template.yaml",
        "bom.json",
    ]


def test_exit_code_tells_what_would_happen(rehearse: Callable[..., Any]) -> None:
    good, bad = listed(pod()), listed(pod(PRIVILEGED))
    assert rehearse(given=good)[0] == 0
    assert rehearse(given=bad)[0] == 1
    assert rehearse(given=b"apiVersion: v1\nkind: List\nitems: [")[0] == 2
    assert rehearse(given=listed())[0::2] == (3, "")
    assert rehearse(given=listed())[1].endswith("Nothing judged: there was no object.\n")


def test_configuration_and_options_say_how_objects_are_judged(rehearse: Callable[..., Any]) -> None:
    Path(".checker.yaml").write_text("admission: {modes: [{mode: audit}]}\n")
    given = listed(pod(PRIVILEGED), pod(PRIVILEGED, namespace="kube-system"))
    assert rehearse(given=given)[0] == 0
    assert rehearse("--no-config", given=given)[0] == 1
    assert rehearse("--assume=deny", given=given)[0] == 1
    assert rehearse("--assume=warn", "--no-config", given=given)[0] == 0
    assert rehearse("--ignore=*/privileg*", "--no-config", given=given)[0] == 0
    everything = ("--no-config", "--exclude-namespace=", "--namespace-profile=kube-*=strict", "--owner-label=team")
    _, out, _ = rehearse(*everything, "--format=json", given=given)
    assert [(one["namespace"], one["profile"]) for one in json.loads(out)["namespaces"]] == [
        ("kube-system", "strict"),
        ("shop", "default"),
    ]
    _, out, _ = rehearse("--no-config", "--profile-label=profile", given=given)
    assert out.splitlines()[-1] == "Incomplete: not everything was judged."
    assert "\n  namespace shop was not read, so that its label profile is unknown\n" in out
    assert "  team without this label\n" in rehearse(*everything, given=given)[1]


def test_objects_that_name_no_namespace_lie_in_the_given_one(rehearse: Callable[..., Any]) -> None:
    role = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": "a"},
        "rules": [{"apiGroups": [""], "resources": ["*"], "verbs": ["*"]}],
    }
    given = listed(role, {**pod(PRIVILEGED), "metadata": {"name": "web"}})
    _, out, _ = rehearse("--namespace=team", given=given)
    headings = [line for line in out.splitlines() if "profile" in line]
    assert headings == [
        "In no namespace (profile default): 1 object, 1 denied",
        "Namespace team (profile default): 1 object, 1 denied",
    ]


def test_places_of_one_rule_are_counted_after_the_third(rehearse: Callable[..., Any]) -> None:
    given = pod(*(PRIVILEGED | {"name": f"c{n}"} for n in range(5)))
    _, out, _ = rehearse(given=given)
    assert "          and 2 more\n" in out
    assert out.count("securityContext.privileged: container c") == 3


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (
            ["--namespace-profile=a=nowhere"],
            "checker: there is no profile `nowhere` with rules for Kubernetes: did you mean `strict`?\n",
        ),
        (["no-such-file"], "checker: no-such-file: no such file or folder\n"),
        (["--max-file-size=10"], "checker: standard input is larger than 10 bytes: raise --max-file-size\n"),
    ],
)
def test_wrong_use_is_told_and_nothing_is_judged(
    rehearse: Callable[..., Any], arguments: list[str], error: str
) -> None:
    assert rehearse(*arguments, given=listed(pod())) == (2, "", error)


def test_wrong_pair_is_a_usage_error(rehearse: Callable[..., Any]) -> None:
    code, out, err = rehearse("--namespace-profile=a=")
    assert (code, out) == (2, "")
    assert "'a=' is no PATTERN=NAME" in err


def test_nobody_has_to_type_objects(rehearse: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(io, "TextIOWrapper", Terminal)
    assert rehearse()[0::2] == (
        2,
        "checker: give files or folders, or objects on standard input: `kubectl get … -o json | checker …`\n",
    )


def test_progress_is_told_with_every_object() -> None:
    arguments = parser().parse_args(["webhook", "rehearse", "--no-config"])
    given = io.BytesIO(json.dumps(listed(pod(), pod(name="b"))).encode())
    shown: list[int] = []
    told = webhook_commands.rehearsal(arguments, given, is_typed=False, progress=shown.append)
    assert (shown, len(told.judged)) == ([1, 2], 2)


def test_file_that_cannot_be_read_is_a_problem(rehearse: Callable[..., Any]) -> None:
    Path("large.yaml").write_text(json.dumps(pod()))
    code, out, _ = rehearse("large.yaml", "--max-file-size=100")
    assert (code, out.splitlines()[2]) == (2, "  large.yaml: is larger than 100 bytes")
