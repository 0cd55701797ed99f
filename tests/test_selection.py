from __future__ import annotations

from typing import Any

import pytest

from checker.catalog import Catalog, Profile
from checker.config import Settings
from checker.errors import CheckerError
from checker.model import Parameter, Rule, Selection
from checker.selection import select

WORDS = {
    "words": Parameter("array", [], "Words."),
    "limit": Parameter("integer", 1, "A limit."),
    "ratio": Parameter("number", 1.5, "A ratio."),
    "strict": Parameter("boolean", default=False, description="A switch."),
}


def make(name: str, **values: Any) -> Rule:
    kind, _, last = name.partition("/")
    given = {"severity": "low", "enabled": "default", **values}
    return Rule(name, kind, last, "title", "description", category="access", remediation="remediation", **given)


ROOT = make("dockerfile/runs-as-root")
POD_ROOT = make("kubernetes/runs-as-root", severity="high", parameters=WORDS)
OPINION = make("kubernetes/image-not-pinned", enabled="opt-in")
RULES = {rule.id: rule for rule in (ROOT, OPINION, POD_ROOT)}
CATALOG = Catalog(
    "revision",
    RULES,
    {
        "default": Profile("default", "", (ROOT.id, POD_ROOT.id)),
        "pss-baseline": Profile("pss-baseline", "", (POD_ROOT.id,), report_implied=True),
        "strict": Profile("strict", "", tuple(RULES)),
    },
)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (Settings(), [ROOT, POD_ROOT]),
        (Settings(profiles=("strict",)), [ROOT, OPINION, POD_ROOT]),
        (Settings(profiles=("pss-baseline", "default")), [ROOT, POD_ROOT]),
        (Settings(select=("kubernetes/image-*",)), [ROOT, OPINION, POD_ROOT]),
        (Settings(profiles=("pss-baseline",), select=("dockerfile/runs-as-root",)), [ROOT, POD_ROOT]),
        (Settings(ignore=("*/runs-as-root",), select=("kubernetes/*",)), [OPINION]),
    ],
)
def test_profiles_are_united_then_select_adds_and_ignore_removes(settings: Settings, expected: list[Rule]) -> None:
    assert list(select(CATALOG, settings).rules) == expected


@pytest.mark.parametrize(("profiles", "reported"), [((), False), (("default", "pss-baseline"), True)])
def test_one_profile_that_reports_what_is_implied_is_enough(profiles: tuple[str, ...], *, reported: bool) -> None:
    assert select(CATALOG, Settings(profiles=profiles)).report_implied is reported


def test_severities_and_parameters_are_those_of_the_settings() -> None:
    settings = Settings(
        ignore=("dockerfile/*",),
        severities={POD_ROOT.id: "critical"},
        parameters={POD_ROOT.id: {"words": ["a"], "limit": 2.0, "ratio": 1, "strict": True}, ROOT.id: {}},
    )
    critical = make("kubernetes/runs-as-root", severity="critical", parameters=WORDS)
    given = {POD_ROOT.id: {"words": ["a"], "limit": 2.0, "ratio": 1, "strict": True}}
    assert select(CATALOG, settings) == Selection((critical,), given)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (Settings(profiles=("defualt",)), "there is no profile `defualt`: did you mean `default`?"),
        (Settings(select=("runs-as-rot",)), "no rule matches `runs-as-rot`: did you mean `kubernetes/runs-as-root`?"),
        (Settings(ignore=("docker/*",)), "no rule matches `docker/*`: did you mean `dockerfile/runs-as-root`?"),
        (
            Settings(severities={"kubernetes/run-as-root": "low"}),
            "there is no rule `kubernetes/run-as-root`: did you mean `kubernetes/runs-as-root`?",
        ),
        (
            Settings(severities={POD_ROOT.id: "hihg"}),  # type: ignore[dict-item]
            "there is no severity `hihg`: did you mean `high`?",
        ),
        (
            Settings(parameters={POD_ROOT.id: {"word": []}}),
            "there is no parameter of kubernetes/runs-as-root `word`: did you mean `words`?",
        ),
        (
            Settings(parameters={ROOT.id: {"word": []}}),
            "there is no parameter of dockerfile/runs-as-root `word`",
        ),
        (Settings(parameters={POD_ROOT.id: {"words": "a"}}), "parameter words of kubernetes/runs-as-root is no array"),
        (
            Settings(parameters={POD_ROOT.id: {"limit": True}}),
            "parameter limit of kubernetes/runs-as-root is no integer",
        ),
        (
            Settings(parameters={POD_ROOT.id: {"limit": 1.5}}),
            "parameter limit of kubernetes/runs-as-root is no integer",
        ),
        (Settings(ignore=("*",)), "no rule is selected"),
    ],
)
def test_what_does_not_exist_is_refused_with_the_nearest_that_does(settings: Settings, message: str) -> None:
    with pytest.raises(CheckerError) as caught:
        select(CATALOG, settings)
    assert str(caught.value) == message
