"""Tests which word is offered for a wrong one."""

from __future__ import annotations

import pytest

from checker.nearest import hint

IDS = ("kubernetes/privileged", "kubernetes/privilege-escalation-allowed", "env/secret-value")


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        ("kubernetes/privilegd", "kubernetes/privileged"),
        ("privilegd", "kubernetes/privileged"),
        ("secret-value", "env/secret-value"),
        ("env/secretvalue", "env/secret-value"),
    ],
)
def test_nearest_id_is_offered_for_an_id_and_for_a_name(word: str, nearest: str) -> None:
    assert hint(word, IDS) == f": did you mean `{nearest}`?"


def test_nothing_is_offered_where_there_is_nothing() -> None:
    assert hint("x", ()) == ""
