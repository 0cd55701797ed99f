"""Tests what a rehearsal says of existing objects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.admission import Admission
from checker.config import AdmissionSettings, ModeEntry
from checker.display import printable
from checker.engines import Evaluation
from checker.engines.wasm import WasmEngine
from checker.errors import CheckerError
from checker.model import Document, Problem, Skipped
from checker.webhook import rehearsal_json, rehearsal_text
from checker.webhook.existing import Reader
from checker.webhook.rehearsal import Said
from checker.webhook.rehearse import Conditions, assumed, rehearse
from tests.admission.reviews import NOW, admission, pod, workload
from tests.rehearsals import brief, rehearsed, rehearsed_text

PRIVILEGED = {"security": {"privileged": True}}
DENIED = [("deny", "privileged")]
SECRET = "zK8mP2vQ9xL4wN7rT3"


def owned(data: dict[str, Any], kind: str, name: str) -> dict[str, Any]:
    """Return an object that something controls whose name is its uid."""
    version = "apps/v1" if kind != "Node" else "v1"
    references = [{"apiVersion": version, "kind": kind, "name": name, "uid": name, "controller": True}]
    return data | {"metadata": data["metadata"] | {"ownerReferences": references}}


def test_each_object_is_told_under_its_namespace_and_topmost_controller() -> None:
    told = rehearsed(
        owned(pod(PRIVILEGED, name="web-1-a", uid="a"), "ReplicaSet", "web-1"),
        owned(workload("ReplicaSet", pod(PRIVILEGED), name="web-1", uid="web-1"), "Deployment", "web"),
        workload("Deployment", pod(PRIVILEGED), name="web", uid="web"),
        pod(name="alone", namespace="team"),
    )
    assert [brief(one) for one in told.judged] == [
        ("shop", "Deployment web", "Deployment web", "warn", [("warn", "privileged")]),
        ("shop", "Deployment web", "Pod web-1-a", "deny", DENIED),
        ("shop", "Deployment web", "ReplicaSet web-1", "audit", [("audit", "privileged")]),
        ("team", "Pod alone", "Pod alone", "pass", []),
    ]
    assert told.judged[1].said == (
        Said(
            "kubernetes/privileged",
            "deny",
            "spec.containers[0].securityContext.privileged",
            "container web is privileged",
        ),
    )
    assert list(told.rules) == ["kubernetes/privileged"]
    assert told.exit_code == 1


def test_pod_that_a_template_would_make_is_judged_where_there_is_none_yet() -> None:
    bad = pod(PRIVILEGED)
    told = rehearsed(
        workload("Deployment", bad, name="asleep", uid="asleep"),
        workload("StatefulSet", bad, name="from-a-file"),
        owned(workload("ReplicaSet", bad, name="old", uid="old"), "Deployment", "web"),
        workload("DaemonSet", bad, name="awake", uid="awake"),
        owned(pod(PRIVILEGED, name="awake-1", uid="1"), "DaemonSet", "awake"),
    )
    assert [brief(one) for one in told.judged] == [
        ("shop", "DaemonSet awake", "DaemonSet awake", "warn", [("warn", "privileged")]),
        ("shop", "DaemonSet awake", "Pod awake-1", "deny", DENIED),
        ("shop", "Deployment asleep", "Deployment asleep", "warn", [("warn", "privileged")]),
        ("shop", "Deployment asleep", "made Pod asleep", "deny", DENIED),
        ("shop", "Deployment web", "ReplicaSet old", "audit", [("audit", "privileged")]),
        ("shop", "StatefulSet from-a-file", "StatefulSet from-a-file", "warn", [("warn", "privileged")]),
        ("shop", "StatefulSet from-a-file", "made Pod from-a-file", "deny", DENIED),
    ]


def test_label_takes_the_place_of_the_controller() -> None:
    told = rehearsed(
        owned(pod(PRIVILEGED, name="web-1-a", labels={"team": "orders"}), "ReplicaSet", "web-1"),
        pod(name="nobodys"),
        conditions=Conditions(owner_label="team"),
    )
    assert [brief(one)[:3] for one in told.judged] == [
        ("shop", "team ", "Pod nobodys"),
        ("shop", "team orders", "Pod web-1-a"),
    ]


def test_namespaces_that_the_webhook_leaves_out_are_counted_and_not_judged() -> None:
    bad = pod(PRIVILEGED, namespace="kube-system")
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "kube-system"}}
    told = rehearsed(bad, namespace, pod(namespace="ci-1"), conditions=Conditions(excluded=("kube-system", "ci-*")))
    assert (told.judged, told.excluded, told.exit_code) == ((), {"ci-1": 1, "kube-system": 2}, 3)


def test_pod_of_a_controller_that_is_left_out_is_told_under_it() -> None:
    told = rehearsed(
        owned(pod(name="a"), "Deployment", "web"),
        workload("Deployment", pod(), name="web", uid="web", namespace="other"),
        conditions=Conditions(excluded=("other",)),
    )
    assert [brief(one)[1] for one in told.judged] == ["Deployment web"]


def test_profile_is_chosen_by_the_first_pattern_that_fits_the_namespace() -> None:
    told = rehearsed(
        *(pod(namespace=name) for name in ("a-1", "a-2", "b")),
        conditions=Conditions(profiles=(("a-2", "default"), ("a-*", "strict"))),
        profiles=("default",),
    )
    assert [(one.namespace, one.profile) for one in told.judged] == [
        ("a-1", "strict"),
        ("a-2", "default"),
        ("b", "default"),
    ]


def test_profile_is_what_a_label_of_the_namespace_says_wherever_the_namespace_is_read() -> None:
    def namespace(name: str, **labels: str) -> dict[str, Any]:
        return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}

    told = rehearsed(
        *(pod(namespace=name) for name in ("a", "b", "c", "ci", "lost", "lost")),
        namespace("a", profile="strict"),
        namespace("b", profile="no-such-profile"),
        namespace("c"),
        {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "all"}},
        conditions=Conditions(profiles=(("ci", "strict"),), profile_label="profile"),
    )
    assert [(one.namespace, one.profile) for one in told.judged] == [
        ("", "default"),
        ("a", "strict"),
        ("b", "default"),
        ("c", "default"),
        ("ci", "strict"),
        ("lost", "default"),
        ("lost", "default"),
    ]
    assert told.problems == (
        Problem(
            "",
            "namespace lost was not read, so that its label profile is unknown",
            advice="Give namespaces as well: `kubectl get namespaces,…`.",
        ),
    )


def test_profile_that_is_not_there_is_an_error() -> None:
    with pytest.raises(CheckerError, match=r"there is no profile `strikt` with rules for Kubernetes.*`strict`"):
        rehearsed(pod(), conditions=Conditions(profiles=(("a", "strikt"),)))


def test_objects_at_which_no_rule_looks_are_counted_by_kind() -> None:
    things = [{"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": f"{n}"}} for n in range(3)]
    service = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "a", "namespace": "shop"}}
    told = rehearsed(*things, service)
    assert (told.judged, told.without_rules, told.exit_code) == ((), {"ServiceAccount": 1, "Thing": 3}, 0)


def test_roles_that_the_api_server_makes_by_itself_are_counted_and_not_judged() -> None:
    labels = {"kubernetes.io/bootstrapping": "rbac-defaults"}
    everything = {"rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]}
    role = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", **everything}
    told = rehearsed(
        {**role, "metadata": {"name": "cluster-admin", "labels": labels}},
        {**role, "metadata": {"name": "team-admin", "labels": {"a": "b"}}},
        pod(PRIVILEGED, labels=labels),
    )
    assert told.own == {"ClusterRole": 1}
    assert [brief(one)[2:4] for one in told.judged] == [("ClusterRole team-admin", "deny"), ("Pod web", "deny")]


def test_what_cannot_be_judged_is_a_problem_and_says_what_the_webhook_would_do() -> None:
    deep: dict[str, Any] = {}
    for _ in range(247):
        deep = {"a": deep}
    bad = json.dumps(pod() | {"extra": deep})
    told = rehearsed_text(f"---\n{bad}\n---\n{json.dumps(pod(PRIVILEGED, name='worse'))}")
    reason = "Pod web in shop is not judged: the body is nested deeper than 250 levels"
    assert told.problems == (Problem("standard input", reason, None, "The webhook denies it: bad-body."),)
    assert ([brief(one)[2] for one in told.judged], told.exit_code) == (["Pod worse"], 2)
    let_in = rehearsed_text(bad, settings=AdmissionSettings(failures={"bad-body": "allow"}))
    assert [one.advice for one in let_in.problems] == ["The webhook lets it in: bad-body."]


def test_object_of_which_some_rules_say_nothing_is_told_with_what_the_others_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    evaluate = WasmEngine.evaluate

    def failing(engine: WasmEngine, document: Document, seconds: float | None = None) -> Evaluation:
        return evaluate(engine, document, seconds)._replace(problems=(Problem("", "rule a/b: stops"),))

    monkeypatch.setattr(WasmEngine, "evaluate", failing)
    role = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "a"}}
    told = rehearsed(pod(PRIVILEGED), role)
    assert [one.reason for one in told.problems] == [
        "ClusterRole a is not judged: rule a/b: stops",
        "Pod web in shop is not judged by all rules: rule a/b: stops",
    ]
    assert [brief(one)[2:] for one in told.judged] == [("Pod web", "deny", DENIED)]


def test_broken_text_is_a_problem_and_an_empty_list_is_nothing() -> None:
    broken = rehearsed_text('{"apiVersion": "v1", "kind": "List", "items": [')
    assert ([one.path for one in broken.problems], broken.exit_code) == (["standard input"], 2)
    empty = rehearsed()
    assert empty.skipped == (Skipped("standard input", "holds no Kubernetes object"),)
    assert empty.exit_code == 3


def test_lists_of_every_form_are_read() -> None:
    typed = {key: value for key, value in pod().items() if key in {"metadata", "spec"}}
    raw = rehearsed_text(json.dumps({"kind": "PodList", "apiVersion": "v1", "metadata": {}, "items": [typed]}))
    listed = f"apiVersion: v1\nkind: List\nitems:\n- {json.dumps(pod(name='b'))}\n"
    yaml = rehearsed_text(f"---\n{json.dumps(pod())}\n---\n{listed}")
    assert [brief(one)[2] for one in raw.judged] == ["Pod web"]
    assert [brief(one)[2] for one in yaml.judged] == ["Pod b", "Pod web"]


def test_secrets_are_shown_nowhere() -> None:
    copy = {"kubectl.kubernetes.io/last-applied-configuration": json.dumps({"data": {"password": SECRET}})}
    told = rehearsed(
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": f"a-{SECRET}", "namespace": "shop", "annotations": copy},
            "data": {"password": SECRET},
        },
        conditions=Conditions(owner_label="team"),
    )
    assert [brief(one)[2:] for one in told.judged] == [("ConfigMap a-***", "deny", [("deny", "secret-in-config-map")])]
    assert SECRET not in repr(told)


ODD = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["name", "namespace", "labels", "team", "uid", "kind", "controller", "spec", "template"]),
            inner,
        )
    ),
    max_leaves=12,
)
OBJECTS = st.fixed_dictionaries(
    {
        "apiVersion": st.sampled_from(["v1", "apps/v1", "batch/v1", "rbac.authorization.k8s.io/v1", "a.b/v1", "/"]),
        "kind": st.sampled_from(["Pod", "Deployment", "CronJob", "ConfigMap", "Namespace", "Role", "Thing", "x\ny"]),
    },
    optional={
        "metadata": ODD
        | st.fixed_dictionaries(
            {"name": ODD, "namespace": ODD, "uid": st.sampled_from(["a", "b"]) | ODD, "labels": ODD},
            optional={"ownerReferences": ODD | st.lists(st.dictionaries(st.sampled_from(["kind", "uid"]), ODD))},
        ),
        "spec": ODD | st.fixed_dictionaries({"template": ODD | st.fixed_dictionaries({"metadata": ODD, "spec": ODD})}),
        "data": ODD,
    },
)


@pytest.fixture(scope="module")
def decider() -> Iterator[Admission]:
    opened = admission(AdmissionSettings(budget=10.0))
    yield opened
    opened.close()


@given(items=st.lists(OBJECTS, max_size=4))
@settings(max_examples=200, deadline=None)
def test_every_object_is_judged_or_told_why_not_whatever_it_holds(decider: Admission, items: list[Any]) -> None:
    reader = Reader()
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": items})
    conditions = Conditions(excluded=("kube-*",), owner_label="team")
    told = rehearse(decider, reader.objects([], text.encode()), reader.checked, conditions, NOW)
    existing = [one for one in told.judged if not one.is_made]
    refused = [one for one in told.problems if not one.reason.startswith("a Pod of ")]
    left_out = (
        sum(told.without_rules.values())
        + sum(told.excluded.values())
        + sum(told.own.values())
        + len(refused)
        + len(told.skipped)
    )
    assert len(existing) + left_out == max(1, len(items))
    lines = "".join(rehearsal_text.render(told, 80)).split("\n")
    assert [line for line in lines if line != printable(line)] == []
    assert json.loads("".join(rehearsal_json.render(told)))["exit_code"] == told.exit_code


def test_assumed_mode_is_that_of_all_but_what_is_ignored() -> None:
    given = AdmissionSettings((ModeEntry("ignore", rules=("*/privileged",)), ModeEntry("audit", ("high",))))
    assert assumed(given, "deny").modes == (
        ModeEntry("ignore", rules=("*/privileged",)),
        ModeEntry("deny", ("high",)),
        ModeEntry("deny"),
    )
    told = rehearsed(pod(PRIVILEGED | {"image": "a:latest"}), settings=assumed(AdmissionSettings(), "deny"))
    assert [brief(one)[4] for one in told.judged] == [[("deny", "privileged"), ("deny", "image-tag-latest")]]
