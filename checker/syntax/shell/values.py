"""Evaluates shell words as far as their value can be known before the script runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from checker.syntax.spliced import Piece, Spliced

Variables: TypeAlias = Mapping[str, str | None]
"""Values of variables by name; None for a value that cannot be known, as for a name that is absent."""

_PLAIN: Final = re.compile(r"[^\\'\"$`]*")
_BARE: Final = re.compile(
    r"'(?P<single>[^']*)'"
    r"|\\(?P<newline>\r?\n)"
    r"|\\(?P<escaped>.)"
    r"|(?P<quote>\")"
    r"|\$\{?(?P<name>[A-Za-z_]\w*)(?P<rest>)"
    r"|(?P<dollar>\$(?![({'\"\w@*#?!$-]))"
    r"|(?P<text>[^\\'\"$`]+)",
    re.DOTALL,
)
_QUOTED: Final = re.compile(
    r"(?P<quote>\")"
    r"|\\(?P<newline>\r?\n)"
    r"|\\(?P<escaped>[$`\"\\])"
    r"|\$\{?(?P<name>[A-Za-z_]\w*)(?P<rest>)"
    r"|(?P<dollar>\$(?![({\w@*#?!$-]))"
    r"|(?P<text>\\|[^\\\"$`]+)"
)
_MODIFIED: Final = re.compile(r"(?:(?P<operator>:?[-+])(?P<word>[^{}\"'`]*))?\}")


def evaluate(text: str, variables: Variables) -> str | None:
    """Return a word without quotes and with its variables replaced, or None where that is not known.

    Fields are not split and patterns not matched: `$PACKAGES` is the text of the variable, `*.c` stays.
    """
    if _PLAIN.fullmatch(text):
        return text
    parts: list[str] = []
    position = 0
    in_quotes = False
    while position < len(text):
        match = (_QUOTED if in_quotes else _BARE).match(text, position)
        if match is None:
            return None
        position = match.end()
        if match["quote"]:
            in_quotes = not in_quotes
        elif match["name"]:
            value, position = _variable(text, match, variables)
            if value is None:
                return None
            parts.append(value)
        else:
            parts.append(_literal(match))
    return "".join(parts)


def _literal(match: re.Match[str]) -> str:
    if match["newline"]:
        return ""
    kind = match.lastgroup or "text"
    return match[kind]


def _variable(text: str, match: re.Match[str], variables: Variables) -> tuple[str | None, int]:
    value = variables.get(match["name"])
    if not match[0].startswith("${"):
        return value, match.end()
    modified = _MODIFIED.match(text, match.end())
    if modified is None or value is None:
        return None, match.end()
    operator = modified["operator"]
    if operator is None:
        return value, modified.end()
    is_set = bool(value or ":" not in operator)
    other = evaluate(modified["word"], variables)
    if "+" in operator:
        return (other if is_set else ""), modified.end()
    return (value if is_set else other), modified.end()


def unquoted(script: Spliced, start: int, end: int) -> Spliced:
    """Return a word between two positions without its quotes, as the shell that it is handed to reads it.

    Variables stay as they are written: the inner shell finds the same ones in its environment.
    """
    return Spliced(_unquoted(script, start, end))


def _unquoted(script: Spliced, start: int, end: int) -> Iterator[Piece]:
    text = script.text
    in_quotes = False
    while start < end:
        match = (_QUOTED if in_quotes else _BARE).match(text, start, end)
        if match is None:
            yield from script.pieces(start, start + 1)
            start += 1
            continue
        start = match.end()
        if match["quote"]:
            in_quotes = not in_quotes
        elif not in_quotes and match["single"] is not None:
            yield from script.pieces(*match.span("single"))
        elif match["escaped"]:
            yield (match["escaped"], *script.span(*match.span()))
        elif not match["newline"]:
            yield from script.pieces(*match.span())


_LEXEME: Final = re.compile(
    r"\\.|(?P<comment>(?:^|(?<=[\s;&|()]))\#[^\n]*)|(?P<heredoc><<-?\s*(?P<mark>['\"]?)(?P<end>\w+)(?P=mark))"
    r"|(?P<here><<<)|(?P<single>')|(?P<open>\$\{|\$?\()|(?P<close>[)}])|(?P<double>\")|(?P<tick>`)",
    re.DOTALL,
)
_IN_DOUBLE: Final = re.compile(r"\\.|(?P<open>\$\{|\$\()|(?P<double>\")|(?P<tick>`)", re.DOTALL)
_CLOSES: Final = {"(": ")", "$(": ")", "${": "}"}


def unterminated(text: str) -> int | None:
    """Return the position of a quote that nothing closes, or None."""
    stack: list[tuple[str, int]] = []
    position = 0
    while True:
        in_double = bool(stack) and stack[-1][0] == '"'
        match = (_IN_DOUBLE if in_double else _LEXEME).search(text, position)
        if match is None:
            break
        position = match.end()
        kind = match.lastgroup
        if kind == "single":
            position = text.find("'", position) + 1
            if not position:
                return match.start()
        elif kind in ("double", "tick"):
            _toggle(stack, match)
        elif kind == "open":
            stack.append((_CLOSES[match[0]], match.start()))
        elif kind == "close":
            if stack and stack[-1][0] == match[0]:
                stack.pop()
        elif not in_double and match["heredoc"]:
            position = _after_heredoc(text, match)
    return next((start for mark, start in stack if mark in ('"', "`")), None)


def _toggle(stack: list[tuple[str, int]], match: re.Match[str]) -> None:
    if stack and stack[-1][0] == match[0]:
        stack.pop()
    else:
        stack.append((match[0], match.start()))


def _after_heredoc(text: str, match: re.Match[str]) -> int:
    """Return where the body of a here-document ends, or the operator where there is no body."""
    end = re.compile(rf"\n\t*{re.escape(match['end'])}(?=\n|$)").search(text, match.end())
    newline = text.find("\n", match.end())
    if end is None or newline < 0:
        return match.end()
    return match.end() if unterminated(text[match.end() : newline]) is not None else end.end()
