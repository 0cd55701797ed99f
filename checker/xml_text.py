"""Writes text into XML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from xml.sax.saxutils import escape

_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document can hold, not even as a reference (https://www.w3.org/TR/xml/#charsets)."""


def attributes(values: Mapping[str, str | int]) -> str:
    """Return attributes with a blank in front of each; line ends and tabs stay what they are."""
    quoted = {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
    return "".join(f' {name}="{escape(visible(str(value)), quoted)}"' for name, value in values.items())


def content(text: str) -> str:
    """Return text between tags."""
    return escape(visible(text), {"\r": "&#13;"})


def visible(text: str) -> str:
    """Return a text with a replacement character for each one that XML cannot hold."""
    return _FORBIDDEN.sub("\ufffd", text)
