"""Turns instructions into plain data and says where each node of it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from checker.syntax.dockerfile.expansion import ExpansionError, expand
from checker.syntax.dockerfile.instructions import Fault, Instruction
from checker.syntax.dockerfile.words import Assignment, Flag, Word, assignments, spaced_words, whole
from checker.syntax.spans import Spans

if TYPE_CHECKING:
    from checker.model import JSON, Path
    from checker.syntax.dockerfile.expansion import Lookup

_NOT_EXPANDED_FLAGS: Final = frozenset({"from", "security", "network", "link", "parents", "interval", "timeout"})
_ONE: Final = frozenset({"USER", "WORKDIR", "STOPSIGNAL", "MAINTAINER"})
_MANY: Final = frozenset({"EXPOSE", "VOLUME"})

_MAX_GROWTH: Final = 1_000_000
"""How many characters expansion may add to all words of a file together."""


class Writer:
    """Collects spans and faults while data is made."""

    def __init__(self, escape: str) -> None:
        self.escape = escape
        self.spans = Spans()
        self.faults: list[Fault] = []
        self._growth = _MAX_GROWTH

    def value(self, word: Word, lookup: Lookup) -> str | None:
        """Expand a word; None if that is unknown, or a fault."""
        text = word.text if word.decoded is None else word.decoded.text
        try:
            value = expand(text, lookup, self.escape, self._growth)
        except ExpansionError as error:
            self.faults.append(Fault(f"the expansion does not parse: {error.reason}", word.start, word.end))
            return None
        self._growth -= max(0, len(value or "") - len(text))
        return value

    def word(self, word: Word, path: Path, value: str | None) -> JSON:
        """Return a word as `{text, value}`, without `value` where that is unknown."""
        self.spans.put(path, word)
        return {"text": word.text} if value is None else {"text": word.text, "value": value}

    def words(self, words: Sequence[Word], path: Path, lookup: Lookup) -> list[JSON]:
        """Return expanded words."""
        return [self.word(word, (*path, index), self.value(word, lookup)) for index, word in enumerate(words)]

    def decoded(self, words: Sequence[Word], path: Path) -> list[JSON]:
        """Return words of a JSON form, in which nothing is expanded."""
        return [
            self.word(word, (*path, index), word.text if word.decoded is None else word.decoded.text)
            for index, word in enumerate(words)
        ]

    def instruction(self, instruction: Instruction, path: Path, lookup: Lookup) -> dict[str, JSON]:
        """Return an instruction without its commands and environment."""
        self.spans.put(path, instruction.place)
        self.spans.put((*path, "keyword"), instruction.place)
        data: dict[str, JSON] = {"keyword": instruction.keyword}
        if instruction.is_onbuild:
            data["onbuild"] = True
        if instruction.flags:
            data["flags"] = [
                self._flag(flag, (*path, "flags", index), lookup) for index, flag in enumerate(instruction.flags)
            ]
        data |= self._arguments(instruction, path, lookup)
        if instruction.heredocs and instruction.keyword in ("COPY", "ADD"):
            data["heredocs"] = [
                self._heredoc(instruction, (*path, "heredocs"), index) for index in range(len(instruction.heredocs))
            ]
        return data

    def _arguments(self, instruction: Instruction, path: Path, lookup: Lookup) -> dict[str, JSON]:
        keyword, arguments = instruction.keyword, instruction.arguments
        data: dict[str, JSON] = {}
        if keyword in ("ARG", "ENV", "LABEL"):
            found = assignments(arguments, self.escape, is_argument=keyword == "ARG")
            data["assignments"] = [
                self._assignment(item, (*path, "assignments", index), lookup) for index, item in enumerate(found)
            ]
        elif keyword in ("COPY", "ADD"):
            data = self._copy(instruction, path, lookup)
        elif keyword in _MANY:
            words = spaced_words(arguments) if instruction.words is None else instruction.words
            data["arguments"] = self.words(words, (*path, "arguments"), lookup)
        elif keyword == "SHELL" and instruction.words is not None:
            data["arguments"] = self.decoded(instruction.words, (*path, "arguments"))
        elif keyword in _ONE and (word := whole(arguments)) is not None:
            value = word.text if keyword == "MAINTAINER" else self.value(word, lookup)
            data["argument"] = self.word(word, (*path, "argument"), value)
        return data

    def _copy(self, instruction: Instruction, path: Path, lookup: Lookup) -> dict[str, JSON]:
        words = spaced_words(instruction.arguments) if instruction.words is None else list(instruction.words)
        names = {heredoc.start for heredoc in instruction.heredocs}
        sources = [word for word in words[:-1] if not any(word.start < start < word.end for start in names)]
        data: dict[str, JSON] = {"sources": self.words(sources, (*path, "sources"), lookup)}
        if words:
            data["destination"] = self.word(words[-1], (*path, "destination"), self.value(words[-1], lookup))
        return data

    def _assignment(self, assignment: Assignment, path: Path, lookup: Lookup) -> JSON:
        self.spans.put(path, assignment.name)
        data: dict[str, JSON] = {"name": self.value(assignment.name, lookup) or assignment.name.text}
        if assignment.value is None:
            return data
        for key in ("text", "value"):
            self.spans.put((*path, key), assignment.value)
        data["text"] = assignment.value.text
        value = self.value(assignment.value, lookup)
        return data if value is None else {**data, "value": value}

    def _flag(self, flag: Flag, path: Path, lookup: Lookup) -> JSON:
        self.spans.put(path, flag.name)
        name = flag.name.text.removeprefix("--")
        if flag.value is None:
            return {"name": name}
        for key in ("text", "value"):
            self.spans.put((*path, key), flag.value)
        data = {"name": name, "text": flag.value.text}
        value: str | None = flag.plain
        if "$" in flag.plain:
            plain = Word(flag.plain, flag.value.start, flag.value.end)
            value = None if name in _NOT_EXPANDED_FLAGS else self.value(plain, lookup)
        return data if value is None else {**data, "value": value}

    def _heredoc(self, instruction: Instruction, path: Path, index: int) -> JSON:
        heredoc = instruction.heredocs[index]
        content = heredoc.content
        self.spans.put((*path, index), heredoc)
        self.spans.put((*path, index, "content"), Word("", *content.span(0, len(content))))
        return {"name": heredoc.name, "content": content.text}
