"""Tests that no secret is shown, and that the rest is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.masking import frame, mask
from checker.model import Frame
from checker.text import Region, Text

VALUE = st.text("aB1$\"\\'é\n\t ", min_size=4, max_size=12).filter(lambda value: len(value.strip()) >= 4)


def region_of(text: Text, part: str) -> Region:
    start = text.value.index(part)
    return text.region(start, start + len(part))


def test_a_message_hides_every_occurrence_of_a_value() -> None:
    assert mask("a hunter22 b hunter22", ["hunter22"]) == "a *** b ***"


def test_a_message_hides_values_that_overlap_as_one() -> None:
    assert mask("x abcdef y", ["abcd", "cdef"]) == "x *** y"


def test_a_message_hides_the_lines_of_a_value_and_the_value_as_json_writes_it() -> None:
    value = 'first line\nsecond "line"'
    assert mask('["second \\"line\\""] and first line', [value]) == '["***"] and ***'


def test_a_message_keeps_what_equals_a_value_of_three_characters() -> None:
    assert mask("an abc of things", ["abc"]) == "an abc of things"


def test_a_message_that_shows_a_value_made_of_masks_is_hidden_altogether() -> None:
    assert mask("ab12cd", ["b12c", "a***"]) == "***"


def test_a_frame_has_a_line_before_and_a_line_after() -> None:
    text = Text("one\ntwo three\nfour\nfive\n")
    assert frame(text, region_of(text, "three"), []) == Frame(1, 2, ("one", "two three", "four"), 4, 9)


def test_a_frame_at_the_edges_of_a_text_is_shorter() -> None:
    text = Text("one")
    assert frame(text, region_of(text, "one"), []) == Frame(1, 1, ("one",), 0, 3)


def test_the_caret_of_an_empty_region_has_one_character() -> None:
    assert frame(Text(""), Region(1, 1, 1, 1), []) == Frame(1, 1, ("",), 0, 1)


def test_what_follows_the_last_line_end_is_no_line() -> None:
    assert frame(Text("a\nb\n"), Region(2, 1, 2, 2), []) == Frame(1, 2, ("a", "b"), 0, 1)
    assert frame(Text("a\nb\n"), Region(3, 1, 3, 1), []) == Frame(2, 3, ("b", ""), 0, 1)


def test_a_region_behind_the_end_of_a_text_is_its_last_line() -> None:
    assert frame(Text("a\nb"), Region(9, 1, 9, 2), []) == Frame(1, 2, ("a", "b"), 0, 1)


def test_carets_count_code_points_after_masking() -> None:
    text = Text("😀 hunter22 = bad")
    secrets = [(region_of(text, "hunter22"), "hunter22")]
    assert frame(text, region_of(text, "bad"), secrets) == Frame(1, 1, ("😀 *** = bad",), 8, 11)


def test_a_caret_under_a_secret_is_as_long_as_the_mask() -> None:
    text = Text('A="hunter22"')
    secrets = [(region_of(text, '"hunter22"'), "hunter22")]
    assert frame(text, region_of(text, '"hunter22"'), secrets) == Frame(1, 1, ('A="***"',), 2, 7)


def test_a_secret_in_a_line_beside_the_region_is_hidden() -> None:
    text = Text("A=hunter22\nB=1\n# hunter22\n")
    secrets = [(region_of(text, "hunter22"), "hunter22")]
    assert frame(text, region_of(text, "B"), secrets).lines == ("A=***", "B=1", "# ***")


def test_a_short_secret_is_hidden_where_it_stands_only() -> None:
    text = Text("a=ab\nb=ab\n")
    secrets = [(Region(1, 3, 1, 5), "ab")]
    assert frame(text, Region(1, 1, 1, 2), secrets).lines == ("a=***", "b=ab")


def test_a_secret_of_several_lines_is_hidden_in_each() -> None:
    text = Text('KEY="first\nsecond\nthird"\nB=1\n')
    secrets = [(region_of(text, '"first\nsecond\nthird"'), "first\nsecond\nthird")]
    assert frame(text, region_of(text, "KEY"), secrets).lines == ('KEY="***', "***")
    assert frame(text, secrets[0][0], secrets) == Frame(1, 1, ('KEY="***', "***", '***"', "B=1"), 4, 8)


def test_a_secret_that_is_written_otherwise_hides_its_whole_region() -> None:
    text = Text('key: "hunt\\x65r22"\nb: 1')
    secrets = [(region_of(text, '"hunt\\x65r22"'), "hunter22")]
    assert frame(text, region_of(text, "key"), secrets).lines == ("key: ***", "b: 1")


def test_a_secret_far_away_hides_nothing_here() -> None:
    text = Text("a: 1\nb\nc\nd: x22222\n")
    assert frame(text, Region(1, 1, 1, 2), [(Region(4, 1, 4, 2), "other")]).lines == ("a: 1", "b")


def test_a_long_region_shows_its_first_lines() -> None:
    text = Text("\n".join("abcdefghij"))
    assert frame(text, Region(2, 1, 9, 2), []) == Frame(1, 2, ("a", "b", "c", "d", "e", "f"), 0, 1)


def test_a_long_line_is_cut_around_the_caret() -> None:
    text = Text("a" * 300 + "X" + "b" * 300)
    assert frame(text, region_of(text, "X"), []) == Frame(1, 1, ("…" + "a" * 60 + "X" + "b" * 139 + "…",), 61, 62)


def test_a_long_line_is_cut_at_its_end_only_where_the_caret_is_at_its_beginning() -> None:
    text = Text("X" + "b" * 300 + "\n" + "c" * 201)
    assert frame(text, region_of(text, "X"), []) == Frame(1, 1, ("X" + "b" * 199 + "…", "c" * 200 + "…"), 0, 1)


def test_a_secret_that_reaches_over_the_cut_is_hidden() -> None:
    secret = "s3cr3t" * 20
    text = Text("x" * 150 + secret + "y" * 200)
    secrets = [(region_of(text, secret), secret)]
    assert frame(text, Region(1, 1, 1, 2), secrets) == Frame(1, 1, ("x" * 150 + "***…",), 0, 1)
    assert frame(text, Region(1, 1, 1, 2), [(Region(9, 1, 9, 1), secret)]).lines == ("x" * 150 + "***…",)


def test_a_line_that_would_show_a_value_made_of_masks_is_hidden_altogether() -> None:
    text = Text("ab12cd")
    assert frame(text, Region(1, 1, 1, 2), [(Region(1, 1, 1, 7), "b12c"), (Region(9, 1, 9, 1), "a***")]) == Frame(
        1, 1, ("***",), 0, 3
    )


@pytest.mark.parametrize(
    ("line", "shown"),
    [("\ta", "    a"), ("\x1b[31m", "␛[31m"), ("a\x7f", "a␡"), ("a\u202eb", "a<U+202E>b"), ("\x00", "␀")],
)
def test_characters_that_are_not_seen_become_visible(line: str, shown: str) -> None:
    assert frame(Text(line), Region(1, 1, 1, 2), []).lines == (shown,)


def test_carets_stand_behind_tabs() -> None:
    assert frame(Text("\ta"), Region(1, 2, 1, 3), []) == Frame(1, 1, ("    a",), 4, 5)


@given(st.text("aB1 \t\n", max_size=20), st.lists(VALUE, min_size=1, max_size=3), st.text("aB1 *\n", max_size=20))
def test_no_value_survives_in_a_message(before: str, values: list[str], after: str) -> None:
    masked = mask(after.join([before, *values, after]), values)
    assert [value for value in values if value in masked] == []


@given(st.text("aB1 \t\n", max_size=20), st.lists(VALUE, min_size=1, max_size=3), st.text("aB1 *\n", max_size=300))
def test_no_value_survives_in_a_line_of_a_frame(before: str, values: list[str], after: str) -> None:
    text = Text(after.join([before, *values, after]))
    secrets = [(region_of(text, value), value) for value in values]
    for caret in [Region(1, 1, 1, 2), *(region for region, _ in secrets)]:
        shown = frame(text, caret, secrets)
        assert 0 <= shown.start < shown.end
        assert [value for line in shown.lines for value in values if value in line] == []
