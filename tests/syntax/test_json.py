from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.errors import InputError
from checker.syntax.depth import MAX_DEPTH
from checker.syntax.json import JSONLocator, parse, top_level_keys
from checker.text import Region, Text

SAMPLE = """\
{
  "apiVersion": "v1", "kind": "Pod",
  "metadata": {},
  "spec": {"containers": [
    {"image": "a\\"]}b", "name": "web"}, {"name": null, "ports": [80, [1], {"a": {"b": 1}}]}],
    "é😀": true, "empty": ""
  }
}
"""

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=30)


def located(path: tuple[str | int, ...], text: str = SAMPLE, base: tuple[str | int, ...] = ()) -> tuple[int, str]:
    locator = JSONLocator(Text(text), base)
    start, end = locator.token(path)
    return locator.locate(path).start_line, text[start:end]


def refused(text: str) -> tuple[str, Region | None]:
    with pytest.raises(InputError) as caught:
        parse(Text(text))
    return caught.value.reason, caught.value.region


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ((), (2, '"kind"')),
        (("apiVersion",), (2, '"v1"')),
        (("metadata",), (3, '"metadata"')),
        (("metadata", "labels", "app"), (3, '"metadata"')),
        (("spec",), (4, '"spec"')),
        (("spec", "containers"), (4, '"containers"')),
        (("spec", "containers", 0), (5, '"web"')),
        (("spec", "containers", 0, "image"), (5, '"a\\"]}b"')),
        (("spec", "containers", 0, "image", "deeper"), (5, '"a\\"]}b"')),
        (("spec", "containers", 0, 0), (5, '"web"')),
        (("spec", "containers", 1), (5, "null")),
        (("spec", "containers", 1, "ports", 0), (5, "80")),
        (("spec", "containers", 1, "ports", 1), (5, "[")),
        (("spec", "containers", 1, "ports", 2), (5, "{")),
        (("spec", "containers", 1, "ports", 2, "a", "b"), (5, "1")),
        (("spec", "containers", 9), (4, '"containers"')),
        (("spec", "é😀"), (6, "true")),
        (("spec", "empty"), (6, '""')),
    ],
)
def test_a_path_is_the_token_a_reader_would_edit(path: tuple[str | int, ...], expected: tuple[int, str]) -> None:
    assert located(path) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("[1]", (1, "[")), ("{}", (1, "{")), (" 12", (1, "12")), ('{"a": 1}', (1, '"a"')), ('{"kind": 1}', (1, '"kind"'))],
)
def test_the_root_is_its_kind_or_first_key_or_first_token(text: str, expected: tuple[int, str]) -> None:
    assert located((), text) == expected


def test_a_base_makes_an_item_the_root() -> None:
    text = '{"kind": "List", "items": [{"kind": "Pod", "spec": {}}]}'
    assert (located((), text, ("items", 0)), located(("spec",), text, ("items", 0))) == ((1, '"kind"'), (1, '"spec"'))


def test_a_span_is_the_whole_value_and_none_where_there_is_none() -> None:
    locator = JSONLocator(Text(SAMPLE))
    start, end = locator.span(("spec", "containers", 1)) or (0, 0)
    assert json.loads(SAMPLE[start:end]) == {"name": None, "ports": [80, [1], {"a": {"b": 1}}]}
    assert locator.span(("spec", "containers", 2)) is None
    assert locator.span(("spec", 0)) is None


def test_columns_count_utf_16_units_and_lines_end_as_everywhere() -> None:
    text = Text('{"a": "😀",\r"b":\r\n"x\u2028y", "c": 1}')
    locator = JSONLocator(text)
    assert (locator.locate(("a",)), locator.locate(("c",))) == (Region(1, 7, 1, 11), Region(3, 13, 3, 14))


@given(values, st.sampled_from([None, 1, "\t"]))
def test_every_node_is_found_and_its_span_is_its_value(value: Any, indent: int | str | None) -> None:
    text = Text(json.dumps(value, indent=indent))
    locator = JSONLocator(text)
    assert parse(text) == value
    stack: list[tuple[tuple[str | int, ...], Any]] = [((), value)]
    while stack:
        path, node = stack.pop()
        start, end = locator.span(path) or (0, 0)
        assert json.loads(text.value[start:end]) == node
        if isinstance(node, dict):
            stack += [((*path, key), child) for key, child in node.items()]
        elif isinstance(node, list):
            stack += [((*path, index), child) for index, child in enumerate(node)]
        missing = (*path, "\0missing")
        assert locator.token(missing) == locator.token(path)


def test_large_lists_are_read_once() -> None:
    count = 20_000
    text = Text(json.dumps({"items": [{"name": f"n{i}", "v": [i]} for i in range(count)]}))
    locator = JSONLocator(text)
    spans = [locator.span(("items", i, "v", 0)) or (0, 0) for i in range(count)]
    assert [int(text.value[start:end]) for start, end in spans] == list(range(count))


@pytest.mark.parametrize(
    ("text", "reason", "region"),
    [
        ("", "is not JSON: expecting value", Region(1, 1, 1, 1)),
        ('{"a": 1,\n}', "is not JSON: expecting property name enclosed in double quotes", Region(2, 1, 2, 1)),
        ('{"a": 1} x', "is not JSON: extra data", Region(1, 10, 1, 10)),
        ('"a\tb"', "is not JSON: invalid control character", Region(1, 3, 1, 3)),
        ("[1]\0", "is not JSON: extra data", Region(1, 4, 1, 4)),
        ('{"a": {"b": 1,\n "b": 2}}', "has a key twice in one object", Region(2, 2, 2, 5)),
        ('{"\\ud800": 1, "\\udfff": 2}', "has a key twice in one object", Region(1, 15, 1, 23)),
        ('{"a": [{}], "a": 2}', "has a key twice in one object", Region(1, 13, 1, 16)),
        ('["1e999", 1e999]', "has a number that JSON cannot hold", Region(1, 11, 1, 16)),
        ("[1, NaN]", "has a number that JSON cannot hold", Region(1, 5, 1, 8)),
        ("-Infinity", "has a number that JSON cannot hold", Region(1, 1, 1, 10)),
        ("1" * 5000, "has a number that JSON cannot hold", Region(1, 1, 1, 5001)),
    ],
)
def test_what_is_no_json_is_refused_with_its_place(text: str, reason: str, region: Region) -> None:
    assert refused(text) == (reason, region)


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 900, 200_000])
@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_nesting_is_bounded(depth: int, opening: str) -> None:
    text = opening * depth + "1" + ("]" if opening == "[" else "}") * depth
    column = MAX_DEPTH * len(opening) + 1
    assert refused(text) == (
        f"is nested deeper than {MAX_DEPTH} levels",
        Region(1, column, 1, column + 1),
    )


def test_the_deepest_nesting_is_read_and_located() -> None:
    text = Text("[" * MAX_DEPTH + "1" + "]" * MAX_DEPTH)
    assert parse(text) is not None
    assert JSONLocator(text).token((0,) * MAX_DEPTH) == (MAX_DEPTH, MAX_DEPTH + 1)


def test_half_of_a_surrogate_pair_becomes_the_replacement_character() -> None:
    assert parse(Text(r'["\ud83d\ude00", "\ud83d", "\\ud83d", "\ude00\ud83d"]')) == [
        "😀",
        "\ufffd",
        "\\ud83d",
        "\ufffd\ufffd",
    ]


def test_the_top_level_keys_of_a_broken_text_are_known_as_far_as_they_can_be_read() -> None:
    text = Text('{"kind": "Pod", "spec": {"inner": ["x", {"y": 1}]}, "apiVersion": "v1", "broken": [}')
    assert top_level_keys(text) == {"kind", "spec", "apiVersion", "broken"}
