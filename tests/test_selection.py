"""Tests which rules a scan evaluates, and how they count."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from checker.catalog import Catalog, Profile
from checker.config import Settings
from checker.errors import CheckerError
from checker.model import Parameter, Selection
from checker.selection import select
from tests.reports import CATALOG, MEMORY, PRIVILEGED, SECRET


@pytest.mark.parametrize(
    ("settings", "rules"),
    [
        (Settings(), (PRIVILEGED, MEMORY)),
        (Settings(profiles=("strict",)), (PRIVILEGED, MEMORY, SECRET)),
        (Settings(profiles=("default", "strict")), (PRIVILEGED, MEMORY, SECRET)),
        (Settings(select=("env/*",)), (PRIVILEGED, MEMORY, SECRET)),
        (Settings(select=("*/privileged",)), (PRIVILEGED, MEMORY)),
        (Settings(ignore=("*/memory-*",)), (PRIVILEGED,)),
        (Settings(select=("env/*",), ignore=("env/*", "kubernetes/privileged")), (MEMORY,)),
    ],
)
def test_profiles_give_rules_to_which_patterns_add_and_from_which_they_remove(
    settings: Settings, rules: tuple[Any, ...]
) -> None:
    assert select(CATALOG, settings) == Selection(rules)


def test_configured_severity_and_parameters_go_with_the_rules() -> None:
    settings = Settings(severities={PRIVILEGED.id: "low"}, parameters={MEMORY.id: {"exempt": ["proxy"]}, SECRET.id: {}})
    assert select(CATALOG, settings) == Selection(
        (replace(PRIVILEGED, severity="low"), MEMORY), {MEMORY.id: {"exempt": ["proxy"]}}
    )


def test_profile_may_report_what_other_rules_imply() -> None:
    profiles = {**CATALOG.profiles, "pss": Profile("pss", "", (PRIVILEGED.id,), report_implied=True)}
    catalog = Catalog(CATALOG.revision, CATALOG.rules, profiles)
    assert select(catalog, Settings(profiles=("pss",))) == Selection((PRIVILEGED,), report_implied=True)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (Settings(ignore=("*",)), "no rule is selected"),
        (Settings(profiles=("strct",)), "there is no profile `strct`: did you mean `strict`?"),
        (Settings(select=("env/secrets",)), "no rule matches `env/secrets`: did you mean `env/secret-value`?"),
        (Settings(ignore=("priviledged",)), "no rule matches `priviledged`: did you mean `kubernetes/privileged`?"),
        (Settings(severities={"env/x": "low"}), "there is no rule `env/x`: did you mean `env/secret-value`?"),
        (
            Settings(severities={SECRET.id: "lwo"}),  # type: ignore[dict-item]
            "there is no severity `lwo`: did you mean `low`?",
        ),
        (Settings(parameters={"env/x": {}}), "there is no rule `env/x`: did you mean `env/secret-value`?"),
        (
            Settings(parameters={MEMORY.id: {"exmpt": []}}),
            "there is no parameter of kubernetes/memory-limit-missing `exmpt`: did you mean `exempt`?",
        ),
        (Settings(parameters={SECRET.id: {"x": 1}}), "there is no parameter of env/secret-value `x`"),
    ],
)
def test_word_that_does_not_exist_is_refused(settings: Settings, message: str) -> None:
    with pytest.raises(CheckerError) as error:
        select(CATALOG, settings)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("type_", "fitting", "wrong"),
    [
        ("string", ["", "x"], [1, None, []]),
        ("number", [1, 1.5], ["1", True]),
        ("integer", [1, 1.0], [1.5, "1", True]),
        ("boolean", [True], [0, "true"]),
        ("array", [[]], ["x", {}]),
        ("object", [{}], ["x", []]),
    ],
)
def test_parameter_has_the_type_that_its_rule_declares(type_: str, fitting: list[Any], wrong: list[Any]) -> None:
    rule = replace(MEMORY, parameters={"bound": Parameter(type_, None, "")})
    catalog = Catalog(CATALOG.revision, {rule.id: rule}, {"default": Profile("default", "", (rule.id,))})
    for value in fitting:
        parameters = {rule.id: {"bound": value}}
        assert select(catalog, Settings(parameters=parameters)) == Selection((rule,), parameters)
    for value in wrong:
        with pytest.raises(CheckerError) as error:
            select(catalog, Settings(parameters={rule.id: {"bound": value}}))
        assert str(error.value) == f"parameter bound of {rule.id} is no {type_}"
