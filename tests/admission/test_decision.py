"""Tests whole decisions: what an API server is answered, and what metrics and logs learn of it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker import bundles, config
from checker.admission import Admission, Decision
from checker.admission.responses import CODES
from checker.bundles import Bundle
from checker.catalog import Profile
from checker.config import FAILURE_KINDS, AdmissionSettings, FailureKind, ModeEntry, Settings
from checker.engines import Engine, Evaluation, Result
from checker.engines.wasm import WasmEngine
from checker.errors import CheckerError
from checker.model import Document, Problem, Selection
from tests.admission.reviews import NOW, UID, admission, decide, pod, response, review, workload

CASES = Path(__file__).parent.parent.parent / "fixtures" / "admission"
BUNDLE = bundles.builtin()
PRIVILEGED = {"security": {"privileged": True}}
PRIVILEGED_FIELD = "spec.containers[0].securityContext.privileged"
SECRET = "zK8mP2vQ9xL4wN7rT3"


class Answering:
    """Evaluates as it is told, whatever the document."""

    revision = "0" * 32

    def __init__(self, evaluation: Evaluation | Exception) -> None:
        self._evaluation = evaluation
        self.seconds: list[float | None] = []
        self.is_closed = False

    def evaluate(self, document: Document, seconds: float | None = None) -> Evaluation:
        del document
        self.seconds.append(seconds)
        if isinstance(self._evaluation, Exception):
            raise self._evaluation
        return self._evaluation

    def evaluate_project(self, documents: Any) -> Evaluation:
        raise NotImplementedError

    def close(self) -> None:
        self.is_closed = True


def answering(evaluation: Evaluation | Exception, **settings: Any) -> tuple[Admission, Answering]:
    engine = Answering(evaluation)
    return Admission(BUNDLE, Settings(admission=AdmissionSettings(**settings)), lambda _: engine), engine


def failing(*, out_of_time: bool = False, results: tuple[Result, ...] = ()) -> Evaluation:
    return Evaluation(results, problems=(Problem("", "rule a/b: stops"),), out_of_time=out_of_time)


def test_what_led_to_a_decision_is_told_beside_it() -> None:
    decider = admission()
    body = review(pod(PRIVILEGED))
    explained = decider.explain(body, "", NOW)
    decider.close()
    assert explained.decision == decide(body)
    assert [(one.rule.id, one.mode, one.place) for one in explained.told] == [
        ("kubernetes/privileged", "deny", PRIVILEGED_FIELD)
    ]
    assert explained.applies


def test_it_is_told_whether_the_profile_has_rules_for_such_an_object() -> None:
    decider = admission(select=("kubernetes/privileged",), ignore=("*/*-*",))
    bodies = [
        review(one | {"metadata": {"name": "a"}})
        for one in (
            {"apiVersion": "v1", "kind": "Pod"},
            {"apiVersion": "v1", "kind": "ConfigMap"},
            {"apiVersion": "example.com/v1", "kind": "Deployment"},
        )
    ]
    asked_twice = [decider.explain(body, "", NOW).applies for body in bodies * 2]
    decider.close()
    assert asked_twice == [True, False, False] * 2


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_each_case_is_answered_as_its_fixture_says(case: Path) -> None:
    file = case / "checker.yaml"
    settings = config.read(file).settings if file.exists() else Settings()
    decider = Admission(BUNDLE, settings, partial(WasmEngine, BUNDLE))
    answer = json.loads(decider.decide((case / "request.json").read_bytes(), "", NOW).body)
    decider.close()
    notes = answer["response"].get("auditAnnotations", {})
    if "revision" in notes:
        assert notes["revision"] == BUNDLE.catalog.revision
        notes["revision"] = "<revision>"
    assert answer == json.loads((case / "response.json").read_bytes())


def test_a_decision_tells_what_logs_and_metrics_may_know() -> None:
    body = review(pod(PRIVILEGED, name="", generateName="web-"), dryRun=True, subResource="resize", operation="UPDATE")
    found = decide(body)
    assert found._replace(body=b"") == Decision(
        status=200,
        body=b"",
        uid=UID,
        outcome="deny",
        allowed=False,
        failure=None,
        reason="",
        findings=(("kubernetes/privileged", "deny"),),
        profile="default",
        operation="UPDATE",
        group="",
        version="v1",
        kind="Pod",
        subresource="resize",
        namespace="shop",
        name="web-",
        dry_run=True,
    )


@pytest.mark.parametrize(
    ("container", "outcome", "allowed"),
    [
        ({}, "allow", True),
        ({"image": "registry.example/web:latest"}, "warn", True),
        ({"livenessProbe": None}, "allow", True),
        (PRIVILEGED, "deny", False),
    ],
)
def test_the_outcome_is_that_of_the_gravest_finding(container: Any, outcome: str, allowed: Any) -> None:
    found = decide(review(pod(container)))
    assert (found.outcome, found.allowed, response(found)["allowed"]) == (outcome, allowed, allowed)


def test_a_secret_is_nowhere_in_an_answer_or_a_decision() -> None:
    environment = [{"name": "DB_PASSWORD", "value": SECRET}, {"name": SECRET, "value": SECRET}]
    labels = {SECRET: SECRET}
    body = review(pod({"env": environment, "image": SECRET, "name": SECRET}, annotations=labels))
    found = decide(body)
    assert found.outcome == "deny"
    assert ("kubernetes/secret-in-environment", "deny") in found.findings
    assert SECRET not in repr(found)
    assert "***" in found.body.decode()


def test_the_profile_is_that_of_the_url_else_that_of_the_configuration() -> None:
    strict = admission(profiles=("strict", "default"))
    assert strict.profiles == ("default", "strict", "strict default")
    assert strict.default_profile == "strict default"
    body = review(pod())
    assert [strict.decide(body, name, NOW).profile for name in ("", "strict")] == ["strict default", "strict"]
    found = strict.decide(body, "other", NOW)
    assert (found.outcome, found.failure, found.reason, found.profile, found.allowed) == (
        "error",
        "evaluation",
        "there is no such profile",
        "",
        False,
    )


def test_an_entry_for_a_profile_holds_where_the_configuration_names_it_among_others() -> None:
    settings = AdmissionSettings((ModeEntry("warn", profiles=("strict",)),))
    body = review(pod(PRIVILEGED))
    assert decide(body, settings, profiles=("default", "strict")).outcome == "warn"
    assert decide(body, settings).outcome == "deny"


def test_settings_that_name_what_does_not_exist_fail_at_the_start() -> None:
    opened: list[Selection] = []

    def open_engine(selection: Selection) -> Engine:
        opened.append(selection)
        return Answering(Evaluation())

    with pytest.raises(CheckerError, match=r"there is no profile `strikt`: did you mean `strict`\?"):
        Admission(BUNDLE, Settings(profiles=("strikt",)), open_engine)
    with pytest.raises(CheckerError, match="no rule matches"):
        Admission(BUNDLE, Settings(ignore=("kubernetes/nothing",)), open_engine)
    assert opened == []


def test_only_rules_for_kubernetes_run() -> None:
    selections: list[Selection] = []

    def open_engine(selection: Selection) -> Engine:
        selections.append(selection)
        return Answering(Evaluation())

    other = Profile("other", "Nothing for Kubernetes.", ("env/secret-value",))
    catalog = BUNDLE.catalog._replace(profiles={**BUNDLE.catalog.profiles, "other": other})
    found = Admission(Bundle(catalog, BUNDLE.module, BUNDLE.files), Settings(), open_engine)
    assert found.profiles == ("default", "strict")
    assert {rule.kind for selection in selections for rule in selection.rules} == {"kubernetes"}


def test_closing_closes_every_engine_and_warming_asks_each() -> None:
    engines: list[Answering] = []

    def open_engine(_: Selection) -> Engine:
        engines.append(Answering(failing() if engines else Evaluation()))
        return engines[-1]

    found = Admission(BUNDLE, Settings(), open_engine)
    assert found.warm() == ("rule a/b: stops",)
    assert [len(engine.seconds) for engine in engines] == [1, 1]
    found.close()
    assert [engine.is_closed for engine in engines] == [True, True]
    assert admission().warm() == ()


@pytest.mark.parametrize("kind", FAILURE_KINDS)
@pytest.mark.parametrize("verdict", ["allow", "deny"])
@pytest.mark.parametrize("uid", [UID, ""])
def test_the_failure_table_decides_what_was_not_judged(kind: FailureKind, verdict: Any, uid: str) -> None:
    decider, _ = answering(Evaluation(), failures={kind: verdict})
    found = decider.failed(kind, uid, reason="for a reason")
    code, word = CODES[kind]
    status = {"status": "Failure", "message": "for a reason", "reason": word, "code": code}
    note = {"auditAnnotations": {"failure": f"{kind}: for a reason"}}
    expected = {
        "allow": {"uid": uid, "allowed": True, "warnings": ["not judged: for a reason"]} | note,
        "deny": {"uid": uid, "allowed": False, "status": status} | note,
    }
    assert response(found) == expected[verdict]
    assert found._replace(body=b"") == Decision(
        status=200 if uid else code,
        body=b"",
        uid=uid,
        outcome="error",
        allowed=verdict == "allow",
        failure=kind,
        reason="for a reason",
    )


def test_every_failure_is_denied_unless_it_is_configured_and_has_words() -> None:
    decider, _ = answering(Evaluation())
    found = [decider.failed(kind) for kind in FAILURE_KINDS]
    assert set(FAILURE_KINDS) == set(get_args(FailureKind)) == set(CODES)
    assert not any(one.allowed for one in found)
    assert len({one.reason for one in found}) == len(FAILURE_KINDS)


def test_a_body_that_cannot_be_read_is_answered_by_the_table() -> None:
    broken = review(pod())[:-1]
    assert [decide(broken, AdmissionSettings(failures={"bad-body": word})).allowed for word in ("allow", "deny")] == [
        True,
        False,
    ]
    found = decide(b"not json")
    assert (found.status, found.uid, found.failure, found.outcome) == (400, "", "bad-body", "error")


def test_an_older_version_is_answered_in_its_own() -> None:
    found = decide(review(pod()).replace(b"admission.k8s.io/v1", b"admission.k8s.io/v1beta1"))
    assert (found.status, found.failure) == (200, "unknown-version")
    assert json.loads(found.body)["apiVersion"] == "admission.k8s.io/v1beta1"


@pytest.mark.parametrize(
    ("evaluation", "kind", "reason"),
    [
        (failing(), "evaluation", "rule a/b: stops"),
        (failing(out_of_time=True), "time", "rule a/b: stops"),
        (
            Evaluation(problems=tuple(Problem("", word) for word in "abc")),
            "evaluation",
            "a, and b",
        ),
        (
            Evaluation((Result("kubernetes/privileged", ([],), "x"),)),  # type: ignore[arg-type]
            "evaluation",
            "rule kubernetes/privileged answered a path that no object has (TypeError)",
        ),
        (RuntimeError(SECRET), "evaluation", "judging the object stops with RuntimeError"),
    ],
)
def test_a_rule_that_gives_no_answer_is_a_failure(evaluation: Any, kind: FailureKind, reason: str) -> None:
    decider, _ = answering(evaluation)
    found = decider.decide(review(pod()), "", NOW)
    assert (found.outcome, found.allowed, found.failure, found.reason) == ("error", False, kind, reason)
    decider, _ = answering(evaluation, failures={kind: "allow"})
    found = decider.decide(review(pod()), "", NOW)
    assert (found.outcome, found.allowed, found.failure) == ("error", True, kind)
    assert response(found)["warnings"] == [f"not judged: {reason}"]


def test_what_other_rules_found_counts_beside_a_failure() -> None:
    results = (Result("kubernetes/image-tag-latest", ("spec",), "x"),)
    decider, _ = answering(failing(results=results), failures={"evaluation": "allow"})
    found = decider.decide(review(pod()), "", NOW)
    assert response(found)["warnings"] == ["not judged: rule a/b: stops", "spec: x (kubernetes/image-tag-latest)"]
    assert found.findings == (("kubernetes/image-tag-latest", "warn"),)
    decider, _ = answering(
        failing(results=(Result("kubernetes/privileged", ("spec",), "x"),)), failures={"evaluation": "allow"}
    )
    found = decider.decide(review(pod()), "", NOW)
    assert (found.outcome, found.allowed, found.failure, found.reason) == (
        "deny",
        False,
        "evaluation",
        "rule a/b: stops",
    )
    assert response(found)["auditAnnotations"]["failure"] == "evaluation: rule a/b: stops"


def test_the_budget_is_the_configured_one_or_what_is_left_of_it() -> None:
    decider, engine = answering(Evaluation(), budget=2.0)
    for seconds in (None, 1.5, 7.0):
        decider.decide(review(pod()), "", NOW, seconds)
    assert engine.seconds == [2.0, 1.5, 2.0]
    found = decider.decide(review(pod()), "", NOW, 0)
    assert (found.failure, found.reason, len(engine.seconds)) == ("time", "no time is left to judge the object", 3)


def test_the_old_object_has_the_other_half_of_the_budget() -> None:
    result = Evaluation((Result("kubernetes/privileged", ("spec",), "x"),))
    decider, engine = answering(result, grandfather=True)
    new = pod({"image": "registry.example/web:2"})
    assert decider.decide(review(new, "UPDATE", oldObject=pod()), "", NOW).outcome == "warn"
    assert engine.seconds == [0.5, 0.5]
    assert decider.decide(review(new), "", NOW).outcome == "deny"
    assert engine.seconds == [0.5, 0.5, 1.0]


def test_the_old_object_is_judged_only_for_what_would_be_denied() -> None:
    decider, engine = answering(Evaluation(), grandfather=True)
    decider.decide(review(pod({"image": "registry.example/web:2"}), "UPDATE", oldObject=pod()), "", NOW)
    assert engine.seconds == [0.5]


def test_a_rule_that_is_ignored_implies_nothing() -> None:
    body = review(pod({"security": {"privileged": True, "allowPrivilegeEscalation": True}}))
    assert decide(body).findings == (("kubernetes/privileged", "deny"),)
    settings = AdmissionSettings((ModeEntry("ignore", rules=("kubernetes/privileged",)),))
    assert decide(body, settings).findings == (("kubernetes/privilege-escalation-allowed", "deny"),)


def test_a_profile_that_reports_what_is_implied_denies_for_both() -> None:
    both = Profile("both", "Reports everything.", BUNDLE.catalog.profiles["default"].rules, report_implied=True)
    catalog = BUNDLE.catalog._replace(profiles={"both": both})
    decider = Admission(
        Bundle(catalog, BUNDLE.module, BUNDLE.files), Settings(profiles=("both",)), partial(WasmEngine, BUNDLE)
    )
    body = review(pod({"security": {"privileged": True, "allowPrivilegeEscalation": True}}))
    assert decider.decide(body, "", NOW).findings == (
        ("kubernetes/privilege-escalation-allowed", "deny"),
        ("kubernetes/privileged", "deny"),
    )
    decider.close()


def test_one_entry_without_conditions_turns_everything_into_one_mode() -> None:
    bad = pod(PRIVILEGED, {"name": "log", "image": "x", "resources": {}})
    found = decide(review(bad), AdmissionSettings((ModeEntry("audit"),)))
    assert (found.outcome, {mode for _, mode in found.findings}) == ("allow", {"audit"})
    assert "warnings" not in response(found)
    assert "audit kubernetes/privileged" in response(found)["auditAnnotations"]["findings"]


def test_an_object_without_a_spec_teaches_nothing_about_the_next_of_its_kind() -> None:
    decider = admission()
    assert decider.warm() == ()
    for kind, body in (
        ("Pod", review(pod(PRIVILEGED))),
        ("Deployment", review(workload("Deployment", pod(PRIVILEGED)))),
    ):
        stated = json.loads(body)["request"]["object"]
        assert decider.decide(review({"apiVersion": stated["apiVersion"], "kind": kind}), "", NOW).findings == ()
        assert "kubernetes/privileged" in dict(decider.decide(body, "", NOW).findings)
    decider.close()


def test_requests_are_decided_from_several_threads_at_once() -> None:
    decider = admission()
    bodies = [
        review(
            pod({"image": f"registry.example/web:{number}"} | (PRIVILEGED if number % 2 else {})), uid=f"uid-{number}"
        )
        for number in range(60)
    ]
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda body: decider.decide(body, "", NOW), bodies))
    decider.close()
    assert [(one.uid, one.outcome) for one in found] == [
        (f"uid-{number}", "deny" if number % 2 else "allow") for number in range(60)
    ]


def test_the_same_request_gets_the_same_answer() -> None:
    body = review(workload("Deployment", pod(PRIVILEGED, {"name": "log", "image": "x"})))
    assert len({decide(body).body for _ in range(3)}) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=8), values, max_size=3),
    max_leaves=10,
)
NAMES = st.sampled_from(["spec", "containers", "securityContext", "image", "env", "metadata", "name", "template"])
OBJECTS = st.dictionaries(
    NAMES, st.recursive(JSON, lambda values: st.dictionaries(NAMES, values, max_size=3)), max_size=4
)


@pytest.fixture(scope="module", name="decider")
def _decider() -> Any:
    decider = admission(AdmissionSettings(budget=25.0))
    yield decider
    decider.close()


@given(object_=OBJECTS, kind=st.sampled_from(["Pod", "Deployment", "ConfigMap", "Secret", "CronJob"]), data=st.data())
def test_any_object_is_answered(decider: Admission, object_: Any, kind: str, data: Any) -> None:
    versions = {"Deployment": "apps/v1", "CronJob": "batch/v1"}
    typed = {"apiVersion": versions.get(kind, "v1"), "kind": kind}
    old = data.draw(OBJECTS) | typed
    found = decider.decide(review(object_ | typed, "UPDATE", oldObject=old), "", NOW)
    answer = response(found)
    assert found.status == 200
    assert found.failure is None
    assert answer["uid"] == UID
    assert answer["allowed"] is found.allowed is (found.outcome != "deny")
    assert sum(map(len, answer.get("warnings", []))) <= 4096
