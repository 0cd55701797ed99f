"""Tests that offsets become the lines and columns that GitHub and editors count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.errors import InputError
from checker.text import Region, Text

TEXTS = st.text(alphabet=st.sampled_from("ab \t\r\n\u0085\u2028é🙂"), max_size=40)


def test_lines_end_at_lf_crlf_and_cr_only() -> None:
    text = Text("a\r\nb\rc\nd\u0085e\u2028f")
    assert [text.line(number) for number in range(1, text.line_count + 1)] == ["a", "b", "c", "d\u0085e\u2028f"]


def test_columns_count_utf16_code_units() -> None:
    assert Text("🙂x").region(1, 2) == Region(1, 3, 1, 4)


def test_a_byte_order_mark_is_no_column() -> None:
    assert Text.decode(b"\xef\xbb\xbfkey").region(0, 3) == Region(1, 1, 1, 4)


def test_bytes_that_are_no_utf8_are_told_with_their_place() -> None:
    with pytest.raises(InputError, match="byte 0xff is not UTF-8") as caught:
        Text.decode("é\nab\udcff".encode("utf-8", "surrogateescape"))
    assert caught.value.region == Region(2, 3, 2, 3)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_with_a_byte_order_mark_is_read(encoding: str) -> None:
    assert Text.decode("\ufeffkéy\n".encode(encoding)).value == "kéy\n"


def test_utf16_that_is_cut_off_is_told() -> None:
    with pytest.raises(InputError, match="starts as UTF-16"):
        Text.decode(b"\xff\xfek\x00e")


@given(TEXTS)
def test_every_line_is_found_by_its_span(value: str) -> None:
    text = Text(value)
    for number in range(1, text.line_count + 1):
        start, end = text.line_span(number)
        assert value[start:end] == text.line(number)
        assert not set(text.line(number)) & {"\r", "\n"}


@given(TEXTS, st.data())
def test_an_offset_survives_the_way_to_a_region_and_back(value: str, data: st.DataObject) -> None:
    text = Text(value)
    start, end = text.line_span(data.draw(st.integers(1, text.line_count)))
    offset = data.draw(st.integers(start, end))
    region = text.region(offset, offset)
    assert text.offset(region.start_line, region.start_column) == offset
