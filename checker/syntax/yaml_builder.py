"""Builds the data and the places of one YAML document from libyaml's events."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from checker.errors import InputError
from checker.syntax.depth import MAX_DEPTH, TOO_DEEP, is_too_deep
from checker.syntax.yaml_places import Branch, Place
from checker.syntax.yaml_scalars import key_of, resolve, resolve_tagged

if TYPE_CHECKING:
    from collections.abc import Callable

    from checker.model import JSON
    from checker.syntax.places import Span
    from checker.text import Text

MAX_ALIASED: Final = 4_000_000
"""How many characters and nodes aliases may repeat: more than the API server takes for one object."""


class Parsed(NamedTuple):
    """Holds one YAML document: its data as JSON would have it, and where its nodes are."""

    data: JSON
    root: Place


class _Merge:
    """Stands for the key `<<`."""


_MERGE: Final = _Merge()
_OPEN: Final[Any] = object()
"""Stands for the value of an anchor that is not complete yet."""


class _Frame:
    """Holds a mapping or sequence that is being read; `key` is the key whose value comes next."""

    __slots__ = ("anchor", "children", "data", "is_mapping", "key", "key_span", "merged", "size", "start")

    def __init__(  # noqa: PLR0913 - what is known of a node where it begins
        self, data: JSON, children: Any, start: int, anchor: str | None, size: int, *, is_mapping: bool
    ) -> None:
        self.data = data
        self.children = children
        self.is_mapping = is_mapping
        self.start = start
        self.anchor = anchor
        self.size = size
        self.key: str | _Merge | None = None
        self.key_span: Span = (0, 0)
        self.merged: set[str] | None = None


class Builder:
    """Builds one document's data and places from libyaml's events, in one pass and without recursion."""

    def __init__(self, text: Text, offset: int, *, keep_null: bool) -> None:
        self._text = text
        self._offset = offset
        self._keep_null = keep_null
        self._stack: list[_Frame] = []
        self._anchors: dict[str, tuple[JSON, Place, int]] = {}
        self._size = 0
        self._aliased = 0
        self._last_alias: Span = (0, 0)
        self._parsed: Parsed | None = None

    def build(self, value: str) -> Parsed | None:
        """Return the document that a text holds, or None; raises `InputError`, and what libyaml raises."""
        from yaml.cyaml import CParser  # type: ignore[attr-defined] # libyaml's own, which the stubs leave out

        self._read(CParser(value).get_event)
        if self._aliased and self._parsed is not None and is_too_deep(self._parsed.data):
            raise self._error(TOO_DEEP, self._last_alias)
        return self._parsed

    def _read(self, get_event: Callable[[], Any]) -> None:
        """Handle every event; what nearly all are, a scalar without properties in a collection, is handled in place."""
        from yaml import events

        handlers = {
            events.ScalarEvent: self._scalar,
            events.MappingStartEvent: self._open_mapping,
            events.SequenceStartEvent: self._open_sequence,
            events.MappingEndEvent: self._close,
            events.SequenceEndEvent: self._close,
            events.AliasEvent: self._alias,
        }
        scalar: Any = events.ScalarEvent
        ending, offset, stack = events.StreamEndEvent, self._offset, self._stack
        while (event := get_event()).__class__ is not ending:
            if event.__class__ is scalar and event.tag is None and event.anchor is None and stack:
                value = event.value
                data = resolve(value) if event.implicit[0] else value
                if data.__class__ is str and value != "<<":
                    span = offset + event.start_mark.index, offset + event.end_mark.index
                    frame = stack[-1]
                    key = frame.key
                    if key.__class__ is str:
                        frame.data[key] = data
                        frame.children[key] = (frame.key_span, span)
                        frame.key = None
                        self._size += len(value) + 1
                        continue
                    if key is None and frame.is_mapping and value not in frame.children:
                        frame.key, frame.key_span = value, span
                        self._size += len(value) + 1
                        continue
            handler = handlers.get(event.__class__)
            if handler is not None:
                handler(event)

    def _span(self, event: Any) -> Span:
        return self._offset + event.start_mark.index, self._offset + event.end_mark.index

    def _error(self, reason: str, span: Span) -> InputError:
        return InputError(reason, self._text.region(*span))

    def _scalar(self, event: Any) -> None:
        value = event.value
        start, end = self._offset + event.start_mark.index, self._offset + event.end_mark.index
        self._size += len(value) + 1
        plain = event.implicit[0]
        if plain:
            data = resolve(value)
        elif event.tag is None or event.tag == "!":
            data = value
        else:
            data = self._tagged(event, (start, end))
        if event.anchor is not None:
            self._anchors[event.anchor] = (data, (start, end), len(value) + 1)
        is_merge = plain and value == "<<"
        self._attach(data, (start, end), is_merge=is_merge)

    def _tagged(self, event: Any, span: Span) -> JSON:
        try:
            return resolve_tagged(event.value, event.tag)
        except InputError as error:
            raise self._error(error.reason, span) from None

    def _open_mapping(self, event: Any) -> None:
        self._open(event, {}, {}, is_mapping=True)

    def _open_sequence(self, event: Any) -> None:
        self._open(event, [], [], is_mapping=False)

    def _open(self, event: Any, data: JSON, children: Any, *, is_mapping: bool) -> None:
        start, end = self._span(event)
        if len(self._stack) >= MAX_DEPTH:
            raise self._error(TOO_DEEP, (start, max(end, start + 1)))
        if event.anchor is not None:
            self._anchors[event.anchor] = _OPEN
        self._stack.append(_Frame(data, children, start, event.anchor, self._size, is_mapping=is_mapping))

    def _close(self, event: Any) -> None:
        frame = self._stack.pop()
        place = Branch(frame.start, self._offset + event.end_mark.index, frame.children)
        self._size += 1
        if frame.anchor is not None:
            self._anchors[frame.anchor] = (frame.data, place, self._size - frame.size)
        self._attach(frame.data, place)

    def _alias(self, event: Any) -> None:
        span = self._span(event)
        anchor = self._anchors.get(event.anchor)
        if anchor is None:
            reason = "has an alias whose anchor is not defined"
            raise self._error(reason, span)
        if anchor is _OPEN:
            reason = "has an alias inside the value that it stands for"
            raise self._error(reason, span)
        data, _, size = anchor
        self._size += size
        self._aliased += size
        if self._aliased > MAX_ALIASED:
            reason = f"repeats more than {MAX_ALIASED:,} characters by aliases"
            raise self._error(reason, span)
        self._last_alias = span
        self._attach(data, span)

    def _attach(self, data: JSON, place: Place, *, is_merge: bool = False) -> None:
        """Put a complete node where it belongs: a list, a key, a value, or the root."""
        if data.__class__ is float and not math.isfinite(data) and not self._is_key():
            reason = "has a number that JSON cannot hold"
            raise self._error(reason, place)  # type: ignore[arg-type] # a scalar's place is a span
        if not self._stack:
            self._parsed = Parsed(data, place)
            return
        frame = self._stack[-1]
        if not frame.is_mapping:
            frame.data.append(data)
            frame.children.append(place)
        elif frame.key is None:
            self._key(frame, data, place, is_merge=is_merge)
        elif frame.key is _MERGE:
            self._merge(frame, data, place)
            frame.key = None
        else:
            if data is not None or self._keep_null:
                frame.data[frame.key] = data
            frame.children[frame.key] = (frame.key_span, place)
            frame.key = None

    def _is_key(self) -> bool:
        return bool(self._stack) and self._stack[-1].is_mapping and self._stack[-1].key is None

    def _key(self, frame: _Frame, data: JSON, place: Place, *, is_merge: bool) -> None:
        span = (place.start, place.start + 1) if isinstance(place, Branch) else place
        frame.key_span = span
        if is_merge:
            frame.key = _MERGE
            return
        try:
            key = data if data.__class__ is str else key_of(data)
        except InputError as error:
            raise self._error(error.reason, span) from None
        if key in frame.children and (frame.merged is None or key not in frame.merged):
            reason = "has a key twice in one mapping"
            raise self._error(reason, span)
        if frame.merged:
            frame.merged.discard(key)
            frame.data.pop(key, None)
        frame.key = key

    def _merge(self, frame: _Frame, data: JSON, place: Place) -> None:
        """Add the entries of one mapping, or of a list of mappings of which the first wins, as goyaml.v2 does."""
        sources: list[tuple[JSON, Any]] = [(data, place)]
        if isinstance(data, list):
            places: Any = place.children if isinstance(place, Branch) else [place] * len(data)
            sources = list(zip(data, places, strict=True))[::-1]
        frame.merged = frame.merged or set()
        for source, where in sources:
            if not isinstance(source, dict):
                span = frame.key_span if isinstance(where, Branch) else where
                reason = "has a merge key whose value is no mapping"
                raise self._error(reason, span)
            for key, value in source.items():
                frame.data[key] = value
                frame.children[key] = where.children[key] if isinstance(where, Branch) else (where, where)
                frame.merged.add(key)
