"""Tests how JSON is spread over lines."""

from __future__ import annotations

import json

import pytest

from checker import outline


@pytest.mark.parametrize(
    ("depth", "lines"),
    [
        (0, ['{"a": [1, {"b": []}], "c": {}}']),
        (1, ["{", ' "a": [1, {"b": []}],', ' "c": {}', "}"]),
        (2, ["{", ' "a": [', "  1,", '  {"b": []}', " ],", ' "c": {}', "}"]),
    ],
)
def test_containers_are_spread_down_to_a_depth(depth: int, lines: list[str]) -> None:
    assert "".join(outline.write({"a": [1, {"b": []}], "c": {}}, depth)).splitlines() == lines


def test_any_text_survives_the_encoding_of_an_output() -> None:
    value = {"漢字": ['"\\\n\x1b', "\udc80\ud83d", None, 1.5, True]}
    written = "".join(outline.write(value, 9)).encode("utf-8", "backslashreplace")
    assert json.loads(written) == value
