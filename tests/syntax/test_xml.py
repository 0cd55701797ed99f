"""Tests that XML is read with the place of each token, and that nothing of it can grow or reach out."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.errors import InputError
from checker.syntax import xml
from checker.text import Region, Text

DOCUMENT = (
    '<?xml version="1.0" encoding="utf-8"?>\r\n'
    "<!-- é𝄞 -->\n"
    '<a:bom xmlns:a="urn:x" ä = "ü&lt;" b=\'>\'>\n'
    " <a:c>\n  té <!-- < --> x</a:c><d/><e><![CDATA[<x>]]></e ></a:bom>"
)


def shape(element: xml.Element) -> Any:
    children = [shape(child) for child in element.children]
    return (element.namespace, element.name, dict(element.attributes), element.text, children)


def tokens(element: xml.Element, markup: xml.Markup, value: str) -> list[Any]:
    attributes = [
        [value[slice(*span)] for span in markup.attribute(element, name) or ()] for name in element.attributes
    ]
    mine = [value[slice(*span)] for span in (markup.name(element), markup.text(element), markup.extent(element))]
    return [mine, attributes, [tokens(child, markup, value) for child in element.children]]


def test_elements_have_names_attributes_and_text() -> None:
    children: list[Any] = [
        ("urn:x", "c", {}, "\n  té  x", []),
        ("", "d", {}, "", []),
        ("", "e", {}, "<x>", []),
    ]
    assert shape(xml.parse(Text(DOCUMENT))) == ("urn:x", "bom", {"ä": "ü<", "b": ">"}, "\n ", children)


def test_tokens_are_where_the_text_has_them() -> None:
    root = xml.parse(Text(DOCUMENT))
    whole = DOCUMENT[DOCUMENT.index("<a:bom") :]
    assert tokens(root, xml.Markup(Text(DOCUMENT)), DOCUMENT) == [
        ["a:bom", "", whole],
        [["ä", '"ü&lt;"'], ["b", "'>'"]],
        [
            [["a:c", "té <!-- < --> x", "<a:c>\n  té <!-- < --> x</a:c>"], [], []],
            [["d", "", "<d/>"], [], []],
            [["e", "<![CDATA[<x>]]>", "<e><![CDATA[<x>]]></e >"], [], []],
        ],
    ]


def test_an_attribute_that_is_not_there_has_no_place() -> None:
    text = Text("<a b='c'/>")
    assert xml.Markup(text).attribute(xml.parse(text), "d") is None


@pytest.mark.parametrize(
    ("content", "reason", "region"),
    [
        ("", "is not XML: no element found", Region(1, 1, 1, 1)),
        ("<a>\n<b></a>", "is not XML: mismatched tag", Region(2, 6, 2, 6)),
        ("<é>é&x;</é>", "is not XML: undefined entity", Region(1, 5, 1, 5)),
        ("<a>\0</a>", "is not XML: not well-formed (invalid token)", Region(1, 4, 1, 4)),
        ("<a/><b/>", "is not XML: junk after document element", Region(1, 5, 1, 5)),
        (
            '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
            "has a document type declaration, which is not read because it can define entities",
            Region(1, 13, 1, 13),
        ),
        (
            "<?xml version='1.0' encoding='ISO-8859-1'?><a/>",
            "declares an encoding other than UTF-8",
            Region(1, 1, 1, 1),
        ),
        ("<a>" * 200_000, "is nested deeper than 250 levels", Region(1, 751, 1, 751)),
    ],
)
def test_what_is_not_read_is_told_with_its_place(content: str, reason: str, region: Region) -> None:
    with pytest.raises(InputError) as told:
        xml.parse(Text(content))
    assert (told.value.reason, told.value.region) == (reason, region)


def test_depth_up_to_the_bound_is_read() -> None:
    assert xml.parse(Text("<a>" * xml.MAX_DEPTH + "</a>" * xml.MAX_DEPTH)).name == "a"


@given(st.text(alphabet=st.sampled_from("a\u00e9\u20ac\U0001d11e\n"), max_size=9_000), st.integers(0, 9_000))
def test_byte_offsets_become_character_offsets(value: str, index: int) -> None:
    character = min(index, len(value))
    assert xml.Offsets(Text(value)).character(len(value[:character].encode())) == character


@given(st.text(max_size=60))
def test_no_text_raises_anything_but_an_input_error(value: str) -> None:
    for content in (value, f"<a>{value}</a>", f"<a b='{value}'/>"):
        with suppress(InputError):
            assert xml.parse(Text(content)).name
