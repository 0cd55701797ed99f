"""Builds HTML in which a text is a text: whatever did not come out of this module is escaped."""

from __future__ import annotations

import base64
import hashlib
import re
from html import escape
from typing import Final, TypeAlias
from urllib.parse import quote

from checker.display import printable


class Markup(str):
    """Holds HTML; joined with anything it is a plain text again, which is escaped once more rather than not at all."""

    __slots__ = ()


Attribute: TypeAlias = str | int | bool | None

_END_TAG: Final = re.compile("</|<!--")


def text(value: str) -> Markup:
    """Return a text as markup that shows it, with control characters and turns of direction made visible."""
    return Markup(escape(printable(value)))


def lines(value: str) -> Markup:
    """Return a text whose line feeds are kept."""
    return Markup("\n".join(map(text, value.split("\n"))))


def query(value: str) -> str:
    """Return a value as it stands in an address, of the characters that are shown for it."""
    return quote(printable(value), errors="backslashreplace")


def join(*children: str, between: str = "") -> Markup:
    """Return markup of several parts."""
    return Markup(text(between).join(map(_child, children)))


def element(name: str, /, *children: str, **attributes: Attribute) -> Markup:
    """Return an element around texts and elements."""
    return Markup(f"{start(name, **attributes)}{''.join(map(_child, children))}</{name}>")


def start(name: str, /, **attributes: Attribute) -> Markup:
    """Return a start tag, which is all there is of a void element.

    `class_` means `class`, `data_rule` means `data-rule`; True is an attribute without value, False and None are none.
    """
    if not attributes:
        return Markup(f"<{name}>")
    return Markup(f"<{name}{''.join(_attribute(key, value) for key, value in attributes.items())}>")


def end(name: str) -> Markup:
    """Return an end tag."""
    return Markup(f"</{name}>")


def inline(name: str, source: str) -> Markup:
    """Return a style sheet or a script of ours as an element, which must not hold what a browser takes for its end."""
    if _END_TAG.search(source):
        message = f"the {name} would end early"
        raise ValueError(message)
    return Markup(f"<{name}>{source}</{name}>")


def digest(source: str) -> str:
    """Return how a content security policy names a style sheet or script that may run."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"


def _child(child: str) -> str:
    return child if isinstance(child, Markup) else text(child)


def _attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{text(str(value))}"'
