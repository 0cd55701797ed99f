"""Reads XML whose elements know their places."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from checker.errors import InputError

if TYPE_CHECKING:
    from checker.syntax.places import Span
    from checker.text import Text

MAX_DEPTH: Final = 250
"""How deep elements may be nested: far beyond any real document, far below the interpreter's stack."""

_ENCODINGS: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
_NAME: Final = re.compile(r"[^\s/>]++")
_ATTRIBUTE: Final = re.compile(r"\s*+([^\s=/>]++)\s*+=\s*+(\"[^\"]*+\"|'[^']*+')")
_CHARACTERS: Final = re.compile(r"(?:[^<]++|<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>)*+", re.DOTALL)
_NO_ATTRIBUTES: Final[Mapping[str, str]] = MappingProxyType({})
_CONTINUATION: Final = bytes(range(0x80, 0xC0))
_BLOCK: Final = 4096


class Element:
    """Holds one element: `start` and `end` are byte offsets of its start tag and end tag in the text as UTF-8."""

    __slots__ = ("attributes", "children", "end", "name", "namespace", "start", "text")

    def __init__(self, namespace: str, name: str, attributes: Mapping[str, str], start: int) -> None:
        self.namespace = namespace
        self.name = name
        self.attributes = attributes or _NO_ATTRIBUTES
        self.children: tuple[Element, ...] | list[Element] = ()
        self.text = ""
        """The character data that stands directly in the element."""
        self.start = start
        self.end = start

    def adopt(self, child: Element) -> None:
        """Append a child; most elements have none, and a large document has a million of them."""
        if isinstance(self.children, tuple):
            self.children = [child]
        else:
            self.children.append(child)


def parse(text: Text) -> Element:
    """Return the root element of a text.

    Raises `InputError` with its region for what is not well formed, for a document type declaration (which could
    define entities), for a declared encoding other than UTF-8 and for nesting deeper than `MAX_DEPTH`.
    """
    builder = _Builder()
    try:
        builder.parser.Parse(text.value, True)  # noqa: FBT003 - expat takes positions only
    except expat.ExpatError as error:
        offset = Offsets(text).character(max(builder.parser.ErrorByteIndex, 0))
        reason = f"is not XML: {expat.ErrorString(error.code)}"
        raise InputError(reason, text.region(offset, offset)) from None
    except _RefusedError as refusal:
        offset = Offsets(text).character(refusal.offset)
        raise InputError(str(refusal), text.region(offset, offset)) from None
    return builder.root


class _RefusedError(Exception):
    """Stops the parser at what is XML and is not read; `offset` is in bytes."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.offset = offset


class _Builder:
    """Builds elements from the events of a parser."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.XmlDeclHandler = self._declare
        self.parser.StartDoctypeDeclHandler = self._refuse_types
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.root = Element("", "", {}, 0)
        self._open: list[Element] = []
        self._names: dict[str, tuple[str, str]] = {}
        """Namespaces and local names by what the parser calls them: kept once, not a million times."""

    def _declare(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            message = "declares an encoding other than UTF-8"
            raise _RefusedError(message, self.parser.CurrentByteIndex)

    def _refuse_types(self, *_declaration: object) -> None:
        message = "has a document type declaration, which is not read because it can define entities"
        raise _RefusedError(message, self.parser.CurrentByteIndex)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        parts = self._names.get(name)
        if parts is None:
            namespace, _, local = name.rpartition(" ")
            parts = self._names[name] = namespace, local
        element = Element(*parts, attributes, self.parser.CurrentByteIndex)
        if self._open:
            self._open[-1].adopt(element)
        else:
            self.root = element
        self._open.append(element)
        if len(self._open) > MAX_DEPTH:
            message = f"is nested deeper than {MAX_DEPTH} levels"
            raise _RefusedError(message, self.parser.CurrentByteIndex)

    def _end(self, _name: str) -> None:
        self._open.pop().end = self.parser.CurrentByteIndex

    def _characters(self, data: str) -> None:
        self._open[-1].text += data


class Offsets:
    """Turns byte offsets of a text as UTF-8 into character offsets."""

    def __init__(self, text: Text) -> None:
        self._bytes = b"" if text.value.isascii() else text.value.encode()
        self._counts = [0]
        for start in range(0, len(self._bytes), _BLOCK):
            self._counts.append(self._counts[-1] + self._count(start, start + _BLOCK))

    def character(self, offset: int) -> int:
        """Return the number of characters before a byte offset."""
        if not self._bytes:
            return offset
        block = offset // _BLOCK
        return self._counts[block] + self._count(block * _BLOCK, offset)

    def _count(self, start: int, end: int) -> int:
        return len(self._bytes[start:end].translate(None, _CONTINUATION))


class Markup:
    """Finds the tokens of elements in the text that they were read from."""

    def __init__(self, text: Text) -> None:
        self._value = text.value
        self._offsets = Offsets(text)

    def name(self, element: Element) -> Span:
        """Return the offsets of an element's name in its start tag."""
        return self._match(_NAME, self._offsets.character(element.start) + 1)

    def attribute(self, element: Element, name: str) -> tuple[Span, Span] | None:
        """Return the offsets of an attribute's name, and of its value with the quotes."""
        offset = self.name(element)[1]
        while found := _ATTRIBUTE.match(self._value, offset):
            if found[1] == name:
                return found.span(1), found.span(2)
            offset = found.end()
        return None

    def text(self, element: Element) -> Span:
        """Return the offsets of the characters in an element without children, white space around them left out."""
        start = self._start_tag_end(element)
        if self._is_closed(start):
            return start, start
        end = self._match(_CHARACTERS, start)[1]
        found = self._value[start:end]
        stripped = found.lstrip()
        start = end - len(stripped)
        return start, start + len(stripped.rstrip())

    def extent(self, element: Element) -> Span:
        """Return the offsets of a whole element with its tags."""
        end = self._start_tag_end(element)
        if not self._is_closed(end):
            end = self._value.index(">", self._offsets.character(element.end)) + 1
        return self._offsets.character(element.start), end

    def _is_closed(self, start_tag_end: int) -> bool:
        return self._value[start_tag_end - 2] == "/"

    def _start_tag_end(self, element: Element) -> int:
        offset = self.name(element)[1]
        while found := _ATTRIBUTE.match(self._value, offset):
            offset = found.end()
        return self._value.index(">", offset) + 1

    def _match(self, pattern: re.Pattern[str], offset: int) -> Span:
        return pattern.match(self._value, offset).span()  # type: ignore[union-attr] # the text is XML
