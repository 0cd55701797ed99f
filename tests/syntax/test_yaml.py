from __future__ import annotations

import json
import time
from typing import Any

import pytest
import yaml as pyyaml
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.errors import InputError
from checker.syntax.depth import MAX_DEPTH
from checker.syntax.yaml import check, parse, split
from checker.syntax.yaml_places import YAMLLocator
from checker.text import Region, Text


def read(value: str, *, keep_null: bool = True) -> list[Any]:
    text = Text(value)
    parsed = [parse(text, span, keep_null=keep_null) for span in split(text)]
    return [one.data for one in parsed if one is not None]


def refused(value: str) -> tuple[str, Region | None]:
    with pytest.raises(InputError) as caught:
        read(value)
    return caught.value.reason, caught.value.region


def located(value: str, path: tuple[str | int, ...]) -> tuple[int, str]:
    text = Text(value)
    parsed = parse(text, (0, len(value)))
    assert parsed is not None
    locator = YAMLLocator(text, parsed.root)
    start, end = locator.token(path)
    return locator.locate(path).start_line, value[start:end]


@pytest.mark.parametrize(
    ("scalar", "expected"),
    [
        *((word, True) for word in ("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON")),
        *((word, False) for word in ("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF")),
        *((word, None) for word in ("", "~", "null", "Null", "NULL")),
        *((word, word) for word in ("yEs", "tRue", "oN", "nULL", "T", "truee", "nan", "inf", "=", "<<")),
        *(("'yes'", "yes"), ('"1"', "1"), ("|\n  1", "1\n"), (">-\n  on", "on")),
        *(("0", 0), ("-0", 0), ("+12", 12), ("1_000", 1000), ("0x1F", 31), ("-0x10", -16), ("0b101", 5), ("0B11", 3)),
        *(
            ("010", 8),
            ("0o17", 15),
            ("0O17", 15),
            ("-010", -8),
            ("0777", 511),
            ("08", 8),
            ("0o8", "0o8"),
            ("0b2", "0b2"),
        ),
        *(("18446744073709551615", 2**64 - 1), ("-9223372036854775808", -(2**63)), ("0x1_0", 16)),
        *(("18446744073709551616", 18446744073709551616), ("0xFFFFFFFFFFFFFFFFFF", 0xFFFFFFFFFFFFFFFFFF)),
        *(("1.5", 1.5), (".5", 0.5), ("1.", 1), ("1e3", 1000), ("-1.5E-2", -0.015), ("+.5", 0.5), ("1.0", 1)),
        *(("1e999", "1e999"), ("1" * 500, "1" * 500), ("1e22", 1e22), (".5_0", ".5_0"), (".", "."), ("...x", "...x")),
        *(("12:30:45", "12:30:45"), ("190:20", "190:20"), ("1.2.3", "1.2.3"), ("+", "+"), ("1Gi", "1Gi"), ("1e", "1e")),
        *(("2001-12-14", "2001-12-14"), ("2001-12-14T21:59:43Z", "2001-12-14T21:59:43Z")),
        *(
            ("!!str 1", "1"),
            ("!!int '3'", 3),
            ("!!float 1", 1),
            ("!!float 1.5", 1.5),
            ("!!bool yes", True),
            ("!!null ''", None),
        ),
        *(("!!binary aGk=", "hi"), ("!custom 5", "5"), ("! 5", 5), ("!!timestamp 2001-12-14", "2001-12-14")),
    ],
)
def test_scalars_mean_what_kubernetes_reads(scalar: str, expected: Any) -> None:
    data = read(f"key: {scalar}\n")
    assert data == [{"key": expected}]
    assert type(data[0]["key"]) is type(expected)


@pytest.mark.parametrize(
    ("key", "expected"),
    [("1", "1"), ("0x10", "16"), ("1.5", "1.5"), ("yes", "true"), ("off", "false"), (".inf", ".inf"), ("'on'", "on")],
)
def test_keys_become_strings(key: str, expected: str) -> None:
    assert read(f"{key}: a\n") == [{expected: "a"}]


def test_a_null_value_can_be_left_out() -> None:
    assert read("a:\nb: [null, {c: ~}]\nd: &x\ne: *x\n", keep_null=False) == [{"b": [None, {}]}]


@pytest.mark.parametrize(
    ("text", "reason", "region"),
    [
        ("a: b: c", "is not YAML: mapping values are not allowed in this context", Region(1, 5, 1, 5)),
        ("a: [1\n", "is not YAML: did not find expected ',' or ']'", Region(2, 1, 2, 1)),
        ("a:\n\t- b\n", "is not YAML: found character that cannot start any token", Region(2, 1, 2, 1)),
        ("a: b\0c", "is not YAML: character U+0000 is not allowed", Region(1, 5, 1, 6)),
        ("é: 😀\x01", "is not YAML: character U+0001 is not allowed", Region(1, 6, 1, 7)),
        ("a: 1\nb: 2\na: 3\n", "has a key twice in one mapping", Region(3, 1, 3, 2)),
        ("1: a\n'1': b\n", "has a key twice in one mapping", Region(2, 1, 2, 4)),
        ("a: {b: 1, b: 2}\n", "has a key twice in one mapping", Region(1, 11, 1, 12)),
        ("a: *x\n", "has an alias whose anchor is not defined", Region(1, 4, 1, 6)),
        ("a: &x [*x]\n", "has an alias inside the value that it stands for", Region(1, 8, 1, 10)),
        ("{[a]: b}\n", "has a key that is no string, number or boolean", Region(1, 2, 1, 3)),
        ("~: b\n", "has a key that is no string, number or boolean", Region(1, 1, 1, 2)),
        ("a: .inf\n", "has a number that JSON cannot hold", Region(1, 4, 1, 8)),
        ("[.nan]\n", "has a number that JSON cannot hold", Region(1, 2, 1, 6)),
        ("a: !!int x\n", "value does not fit its tag !!int", Region(1, 4, 1, 11)),
        ("a: !!bool 1\n", "value does not fit its tag !!bool", Region(1, 4, 1, 12)),
        ("a: !!binary 'é'\n", "value does not fit its tag !!binary", Region(1, 4, 1, 16)),
        ("<<: 1\n", "has a merge key whose value is no mapping", Region(1, 5, 1, 6)),
        ("a: &a 1\n<<: [*a]\n", "has a merge key whose value is no mapping", Region(2, 6, 2, 8)),
        ("<<: [[a]]\n", "has a merge key whose value is no mapping", Region(1, 1, 1, 3)),
        ("a: 1\n... b\n", "is not YAML: did not find expected <document start>", Region(2, 5, 2, 5)),
        ("%FOO bar\n", "is not YAML: found unknown directive name", Region(1, 5, 1, 5)),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text: str, reason: str, region: Region) -> None:
    assert refused(text) == (reason, region)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("\n# only a comment\n", []),
        ("---\n", [None]),
        ("a: 1\n---\nb: 2", [{"a": 1}, {"b": 2}]),
        ("# licence\n\n---\na: 1\n---   # second\nb: 2\n---\n", [{"a": 1}, {"b": 2}, None]),
        ("--- {a: 1}\n--- !!map\nb: 2\n--- |\n text\n", [{"a": 1}, {"b": 2}, "text\n"]),
        ("a: |\n  ---\n  x\nb: '---'\n----: c\n---d: e\n", [{"a": "---\nx\n", "b": "---", "----": "c", "---d": "e"}]),
        ("%YAML 1.1\n---\na: 1\n...\n# end\n%TAG !e! tag:example.com,2000:\n---\n!e!x b\n", [{"a": 1}, "b"]),
        ("a: 1\n...\nb: 2\n", [{"a": 1}, {"b": 2}]),
        ("...\n...\na: 1\n", [{"a": 1}]),
        ("a: 1\r---\rb: 2\r", [{"a": 1}, {"b": 2}]),
        ("a: 1\r\n---\r\nb: 2\r\n", [{"a": 1}, {"b": 2}]),
    ],
)
def test_documents_are_divided_before_they_are_parsed(text: str, expected: list[Any]) -> None:
    assert read(text) == expected


def test_a_broken_document_does_not_hide_its_neighbours() -> None:
    text = Text("a: 1\n---\nb: [\n---\nc: 3\n")
    found: list[Any] = []
    for span in split(text):
        try:
            parsed = parse(text, span)
            found.append(parsed.data if parsed else None)
        except InputError as error:
            found.append((error.reason, error.region))
    assert found == [
        {"a": 1},
        ("is not YAML: did not find expected node content", Region(4, 1, 4, 1)),
        {"c": 3},
    ]


MANIFEST = """\
apiVersion: v1 # comment
kind: Pod
metadata:
  labels: {app: "web", 'tier': front}
spec:
  containers:
  - image: nginx
    name: web
    args: [ "--a", '--b' ]
    empty:
  - - nested
  -
    resources: {}
    name:
  - {name: flow, image: x}
  text: |
    line one
      two

  plain: one
    two  # no part of it
"""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ((), (2, "kind")),
        (("apiVersion",), (1, "v1")),
        (("metadata",), (3, "metadata")),
        (("metadata", "labels"), (4, "labels")),
        (("metadata", "labels", "app"), (4, '"web"')),
        (("metadata", "labels", "tier"), (4, "front")),
        (("metadata", "name"), (3, "metadata")),
        (("spec", "containers", 0), (8, "web")),
        (("spec", "containers", 0, "image"), (7, "nginx")),
        (("spec", "containers", 0, "args"), (9, "args")),
        (("spec", "containers", 0, "args", 1), (9, "'--b'")),
        (("spec", "containers", 0, "empty"), (10, "empty")),
        (("spec", "containers", 0, "resources", "limits"), (8, "web")),
        (("spec", "containers", 1), (11, "-")),
        (("spec", "containers", 1, 0), (11, "nested")),
        (("spec", "containers", 2), (13, "resources")),
        (("spec", "containers", 2, "name"), (14, "name")),
        (("spec", "containers", 3), (15, "flow")),
        (("spec", "containers", 9, "image"), (6, "containers")),
        (("spec", "containers", -1), (6, "containers")),
        (("spec", 0), (5, "spec")),
        (("spec", "text"), (16, "|\n    line one\n      two")),
        (("spec", "plain"), (20, "one\n    two")),
        (("spec", "plain", "deeper"), (20, "one\n    two")),
    ],
)
def test_a_path_is_the_token_a_reader_would_edit(path: tuple[str | int, ...], expected: tuple[int, str]) -> None:
    assert located(MANIFEST, path) == expected


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_other_line_ends_change_no_place(line_end: str) -> None:
    changed = MANIFEST.replace("\n", line_end)
    assert located(changed, ("spec", "containers", 0, "image")) == (7, "nginx")
    assert located(changed, ("spec", "plain")) == (20, f"one{line_end}    two")


def test_columns_count_utf_16_units_and_unicode_line_ends_are_no_line_ends() -> None:
    text = Text("\ufeff".encode().decode("utf-8-sig") + "a: '\u2028\x85😀'\nb: {é😀: x}\n")
    parsed = parse(text, (0, len(text.value)))
    assert parsed is not None
    locator = YAMLLocator(text, parsed.root)
    assert locator.locate(("a",)) == Region(1, 4, 1, 10)
    assert locator.locate(("b", "é😀")) == Region(2, 10, 2, 11)


ALIASES = """\
base: &base {image: x, ports: [80]}
list: &list
- &item a
one: *base
two: {<<: *base, image: z}
three:
  <<: [{name: inline}, *base]
four:
  image: first
  <<: *base
"""


def test_aliases_and_merge_keys_are_read_as_kubernetes_does() -> None:
    base = {"image": "x", "ports": [80]}
    assert read(ALIASES) == [
        {
            "base": base,
            "list": ["a"],
            "one": base,
            "two": {"image": "z", "ports": [80]},
            "three": {"image": "x", "ports": [80], "name": "inline"},
            "four": {"image": "x", "ports": [80]},
        }
    ]
    several = "a: &a {x: 1, w: 1}\nb: &b {x: 2, z: 2}\nc: {<<: [*a, *b]}\nd: {'<<': 1}\n"
    assert read(several) == [
        {"a": {"x": 1, "w": 1}, "b": {"x": 2, "z": 2}, "c": {"x": 1, "z": 2, "w": 1}, "d": {"<<": 1}}
    ]
    assert read("a: &a k\n*a : 1\n") == [{"a": "k", "k": 1}]
    assert read("a: &a [{x: 1}]\nb: {<<: *a}\n") == [{"a": [{"x": 1}], "b": {"x": 1}}]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("base",), (1, "base")),
        (("base", "image"), (1, "x")),
        (("list", 0), (3, "&item a")),
        (("one",), (4, "*base")),
        (("one", "ports", 0), (4, "*base")),
        (("two", "image"), (5, "z")),
        (("two", "ports", 0), (5, "*base")),
        (("three", "name"), (7, "inline")),
        (("three", "image"), (7, "*base")),
        (("four", "image"), (10, "*base")),
    ],
)
def test_what_stands_behind_an_alias_is_at_the_alias(path: tuple[str | int, ...], expected: tuple[int, str]) -> None:
    assert located(ALIASES, path) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- &a {x: 1}", (1, "&a")),
        ("- !!map {x: 1}", (1, "!!map")),
        ("- &a\n  x: 1", (1, "&a")),
        ("- {x: 1}", (1, "{")),
        ("- ? x\n  : 1", (1, "?")),
        ("- []", (1, "[")),
    ],
)
def test_an_item_without_a_name_is_its_first_token(text: str, expected: tuple[int, str]) -> None:
    assert located(text, (0,)) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("[a]", (1, "[")), ("{}", (1, "{")), ("a", (1, "a")), ("b: 1\na: 2", (1, "b"))]
)
def test_the_root_is_its_kind_or_first_key_or_first_token(text: str, expected: tuple[int, str]) -> None:
    assert located(text, ()) == expected


def test_a_span_is_the_whole_value() -> None:
    text = Text(MANIFEST)
    parsed = parse(text, (0, len(MANIFEST)))
    assert parsed is not None
    locator = YAMLLocator(text, parsed.root)
    start, end = locator.span(("spec", "containers", 0)) or (0, 0)
    assert pyyaml.safe_load("  - " + MANIFEST[start:end])[0]["args"] == ["--a", "--b"]
    assert locator.span(("spec", "missing")) is None


@pytest.mark.parametrize("value", ["a: [1\n", "ok: 1\n---\na: b: c\n", "\t- x\n", "a: \x01\n", "&x [" * 2000])
def test_a_check_refuses_what_is_no_yaml_for_the_reason_that_parsing_gives(value: str) -> None:
    with pytest.raises(InputError) as caught:
        check(Text(value))
    if "&x" not in value:  # libyaml's own bound on nesting lies above ours
        assert (caught.value.reason, caught.value.region) == refused(value)


@pytest.mark.parametrize("value", ["", "a: 1\na: 2\n", "a: !Ref b\n", "--- 1\n--- 2\n", "a: *b\n"])
def test_a_check_does_not_ask_what_a_text_means(value: str) -> None:
    check(Text(value))


def test_nesting_is_bounded_without_recursion() -> None:
    started = time.monotonic()
    deep = f"is nested deeper than {MAX_DEPTH} levels"
    assert refused("[" * (MAX_DEPTH + 1)) == (deep, Region(1, MAX_DEPTH + 1, 1, MAX_DEPTH + 2))
    assert refused("[" * 200_000)[0] == deep  # where depends on how far libyaml reads ahead
    assert refused("- " * 200_000 + "a")[0] == deep
    assert refused("{a: " * 200_000)[0] == deep
    assert read("[" * MAX_DEPTH + "]" * MAX_DEPTH) != []
    assert time.monotonic() - started < 20


def test_nesting_through_aliases_is_bounded_too() -> None:
    half = MAX_DEPTH // 2 + 1
    text = "a: &a " + "[" * half + "]" * half + "\nb: " + "[" * half + "*a" + "]" * half
    assert refused(text) == (f"is nested deeper than {MAX_DEPTH} levels", Region(2, 4 + half, 2, 6 + half))


def test_aliases_repeat_a_bounded_amount() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{name}: &{name} [{','.join(['*' + before] * 10)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert refused(bomb)[0] == "repeats more than 4,000,000 characters by aliases"
    assert refused(f"a: &a '{'x' * 100_000}'\nb: [{','.join(['*a'] * 100)}]")[0] == (
        "repeats more than 4,000,000 characters by aliases"
    )


keys = st.text(min_size=1, max_size=8)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.text(max_size=20)
    | st.sampled_from(["on", "1", "|", "-", "#a"])
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=20
)


styles = st.fixed_dictionaries(
    {
        "default_style": st.sampled_from([None, "'", '"', "|", ">"]),
        "default_flow_style": st.sampled_from([True, False, None]),
        "indent": st.integers(2, 6),
        "allow_unicode": st.booleans(),
        "width": st.just(40),
    }
)


@settings(deadline=None)
@given(values, styles)
def test_every_scalar_is_where_its_place_says(value: Any, style: dict[str, Any]) -> None:
    written = pyyaml.safe_dump(value, **style)
    text = Text(written)
    span = split(text)[0]
    parsed = parse(text, span)
    assert parsed is not None
    locator = YAMLLocator(text, parsed.root)
    stack: list[tuple[tuple[str | int, ...], Any]] = [((), parsed.data)]
    while stack:
        path, node = stack.pop()
        if isinstance(node, dict):
            stack += [((*path, key), child) for key, child in node.items()]
        elif isinstance(node, list):
            stack += [((*path, index), child) for index, child in enumerate(node)]
        elif path:
            start, end = locator.span(path) or (0, 0)
            again = parse(token := Text(_alone(written[start:end])), (0, len(token.value)))
            assert again is not None
            assert _stripped(again.data) == _stripped(node)
        assert locator.token((*path, "\0missing")) == locator.token(path)
    json.dumps(parsed.data, allow_nan=False)


def _alone(token: str) -> str:
    """Return a token as a document of its own: the lines of a block scalar keep their indentation."""
    return f"--- {token}\n" if token[:1] in "|>" and token else f"--- {token}"


def _stripped(data: Any) -> Any:
    return data.strip() if isinstance(data, str) else data


@settings(deadline=None)
@given(values.filter(lambda value: isinstance(value, dict | list)))
def test_quoted_data_is_read_as_it_was_written(value: Any) -> None:
    written = json.dumps(value, ensure_ascii=False)
    if written.isprintable():
        assert read(written) == [value]


def test_the_places_of_an_item_are_those_of_its_own_root() -> None:
    text = Text("items: [{kind: Pod, a: 1}]\nalias: &x [{a: 2}]\nother: *x\n")
    parsed = parse(text, (0, len(text.value)))
    assert parsed is not None
    assert YAMLLocator(text, parsed.root, ("items", 0)).token(()) == (9, 13)
    assert YAMLLocator(text, parsed.root, ("items", 0)).token(("a",)) == (23, 24)
    assert YAMLLocator(text, parsed.root, ("other", 0)).token(("a",)) == (53, 55)
