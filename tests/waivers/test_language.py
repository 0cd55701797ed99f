"""Tests what a waiver may say behind its rules."""

from __future__ import annotations

import pytest

from checker.waivers import WaiverError
from checker.waivers.language import Fields, fields, rules


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("reason=why", Fields("why")),
        ("  reason=why not, at all owner=ana until=2027-01-31 ", Fields("why not, at all", "ana", "2027-01-31")),
        ('owner="Ana B" reason="it is \\"so\\""', Fields('it is "so"', "Ana B")),
        ("reason='a=b' owner=x", Fields("a=b", "x")),
        ("reason=see https://example.com/?a=1", Fields("see https://example.com/?a=1")),
    ],
)
def test_values_may_be_quoted_or_not(text: str, expected: Fields) -> None:
    assert fields(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it gives no reason: add `reason=` and why"),
        ("owner=ana", "it gives no reason: add `reason=` and why"),
        ("reason=", "it gives no reason: add `reason=` and why"),
        ('reason=" "', "it gives no reason: add `reason=` and why"),
        ("because", "what follows the rules must be `reason=`, `owner=` or `until=` with a value"),
        ('reason="open', "what follows the rules must be `reason=`, `owner=` or `until=` with a value"),
        ("reson=why", "it has no `reson=`: did you mean `reason`?"),
        ("container=web reason=why", "it has no `container=`: did you mean `owner`?"),
        ("reason=a reason=b", "it says `reason=` twice"),
    ],
)
def test_anything_else_is_an_error(text: str, reason: str) -> None:
    with pytest.raises(WaiverError) as error:
        fields(text)
    assert str(error.value) == reason


def test_container_is_for_annotations() -> None:
    assert fields("container=web reason=why", allow_container=True) == Fields("why", container="web")


def test_rules_are_a_list_with_commas() -> None:
    assert rules(" a/b, c/d,a/b ") == ("a/b", "c/d")
    with pytest.raises(WaiverError, match="it names no rule"):
        rules(" , ")
