"""Tests that dotenv files are read as python-dotenv reads them, with the place of each token."""

from __future__ import annotations

from io import StringIO

import pytest
from dotenv.main import DotEnv
from dotenv.parser import parse_stream
from hypothesis import given
from hypothesis import strategies as st

from checker.syntax.dotenv import Entry, Mistake, parse, resolve

PIECES = st.lists(
    st.sampled_from(
        [
            "A",
            "B_1",
            "=",
            " ",
            "\t",
            "\n",
            "\r\n",
            "\r",
            '"',
            "'",
            "\\",
            "#",
            "export ",
            "${A}",
            "${B_1:-x}",
            "é",
            "\ufeff",
            "v",
        ]
    ),
    max_size=25,
).map("".join)


def entry(text: str) -> Entry:
    (only,) = parse(text)
    assert isinstance(only, Entry)
    return only


def tokens(text: str) -> tuple[str, str]:
    only = entry(text)
    return text[slice(*only.key_span)], text[slice(*only.value_span)]


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("A=b", "A", "b"),
        ("  export\tA = b # c\n", "A", "b"),
        ("A='b # c' # d", "A", "'b # c'"),
        ('A="b\nc" # d\n', "A", '"b\nc"'),
        ('A="b \\" c"\r\n', "A", '"b \\" c"'),
        ("'A b'=c", "'A b'", "c"),
        ("A=b#c", "A", "b#c"),
        ("A=#c", "A", "#c"),
        ("A= #c", "A", ""),
        ("A=", "A", ""),
        ("A=\nB", "A", ""),
        ("A", "A", ""),
        ("\n\n# c\n A=é\r", "A", "é"),
        ("export=1", "export", "1"),
        ("A=b  \t", "A", "b"),
    ],
)
def test_key_and_value_have_the_places_of_their_tokens(text: str, key: str, value: str) -> None:
    found = next(item for item in parse(text) if isinstance(item, Entry))
    assert (text[slice(*found.key_span)], text[slice(*found.value_span)]) == (key, value)


def test_an_entry_holds_the_unquoted_value_and_whether_it_is_exported() -> None:
    assert entry("export A='b\\'c'") == Entry("A", "b'c", exported=True, key_span=(7, 8), value_span=(9, 15))


def test_a_key_without_an_assignment_has_no_value() -> None:
    assert entry("A") == Entry("A", None, exported=False, key_span=(0, 1), value_span=(1, 1))


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        ('\n  A="b\nC=d\n', [Mistake("the statement opens a quote that is never closed", (3, 7))]),
        ("A='b'c\nC=d", [Mistake("the statement has something behind the closing quote", (0, 6))]),
        ("A b\nC=d", [Mistake("the statement is no assignment KEY=value", (0, 3))]),
        ("=b", [Mistake("the statement is no assignment KEY=value", (0, 2))]),
        ("export A='b", [Mistake("the statement opens a quote that is never closed", (0, 11))]),
    ],
)
def test_a_statement_that_does_not_parse_is_told_and_the_next_is_read(text: str, mistakes: list[Mistake]) -> None:
    parsed = list(parse(text))
    assert [item for item in parsed if isinstance(item, Mistake)] == mistakes
    assert [item.key for item in parsed if isinstance(item, Entry)] == (["C"] if "C" in text else [])


def test_no_reason_quotes_the_text() -> None:
    (mistake,) = parse('PASSWORD="hunter22')
    assert isinstance(mistake, Mistake)
    assert "hunter22" not in mistake.reason


@given(PIECES)
def test_keys_values_and_mistakes_are_those_of_python_dotenv(text: str) -> None:
    parsed = list(parse(text))
    bindings = [binding for binding in parse_stream(StringIO(text)) if binding.error or binding.key is not None]
    assert [(item.key, item.value) if isinstance(item, Entry) else None for item in parsed] == [
        None if binding.error else (binding.key, binding.value) for binding in bindings
    ]


@given(PIECES)
def test_tokens_stand_in_the_text_in_order_and_hold_key_and_value(text: str) -> None:
    position = 0
    for item in parse(text):
        if isinstance(item, Mistake):
            start, end = item.span
            assert position <= start <= end <= len(text)
            position = end
            continue
        assert position <= item.key_span[0] < item.key_span[1] <= item.value_span[0] <= item.value_span[1] <= len(text)
        assert text[slice(*item.key_span)] in {item.key, f"'{item.key}'"}
        token = text[slice(*item.value_span)]
        assert token == (item.value or "") or token[0] == token[-1] in {"'", '"'}
        position = item.value_span[1]


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ("A=1\nB=${A}2\nC='${B}3'", ["1", "12", "123"]),
        ("A=${X}", [None]),
        ("A=a${X}\nB=${A}", [None, None]),
        ("A=${X:-y}z", ["yz"]),
        ("A\nB=x${A}", [None, "x"]),
        ("A=$B", ["$B"]),
        ("A=", [""]),
    ],
)
def test_variables_are_expanded_from_what_the_file_sets_above(text: str, resolved: list[str | None]) -> None:
    assert resolve(item for item in parse(text) if isinstance(item, Entry)) == resolved


@given(PIECES)
def test_what_is_expanded_is_what_python_dotenv_expands(text: str) -> None:
    entries = [item for item in parse(text) if isinstance(item, Entry)]
    expected = DotEnv(None, StringIO(text)).dict()
    known = {item.key: value for item, value in zip(entries, resolve(entries), strict=True)}
    assert {key: expected[key] for key, value in known.items() if value is not None} == {
        key: value for key, value in known.items() if value is not None
    }
