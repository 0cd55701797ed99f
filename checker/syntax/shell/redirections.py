"""Reads the redirections of a shell script, here-documents among them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final

from checker.syntax.shell.commands import Command, Redirect
from checker.syntax.shell.phrases import Phrases
from checker.syntax.shell.simple import reads_script

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tree_sitter import Node

    from checker.syntax.spliced import Spliced

REDIRECTS: Final = frozenset({"file_redirect", "herestring_redirect", "heredoc_redirect"})
"""The types of nodes that redirect."""


class Redirections(Phrases, ABC):
    """Reads what redirects the commands that a subclass reads."""

    @abstractmethod
    def is_statement(self, node: Node) -> bool:
        """Tell whether a node is more than words."""

    @abstractmethod
    def sequence(self, nodes: Iterable[Node]) -> list[Command]:
        """Read nodes one after the other."""

    @abstractmethod
    def statement(self, node: Node) -> list[Command]:
        """Read a node of any type."""

    @abstractmethod
    def branch(self, nodes: Iterable[Node]) -> list[Command]:
        """Read nodes that may not run."""

    @abstractmethod
    def nested(self, content: Spliced, command: Command, *, is_expanded: bool = False) -> None:
        """Read the script that a command runs; `is_expanded` if the outer shell runs the substitutions in it."""

    @abstractmethod
    def substituted(self, node: Node, command: Command) -> None:
        """Read the commands whose output stands in the words of a command."""

    def redirected(self, node: Node) -> list[Command]:
        """Read a statement with redirections."""
        commands: list[Command] = []
        following: list[Command] = []
        is_list = node.children[0].type in ("list", "pipeline")
        for child in node.children:
            if child.type not in REDIRECTS:
                commands += self.statement(child)
                continue
            if not commands:
                commands = [self.added(Command(self.text.start(child.start_byte)))]
            following += self.redirect(child, commands[-1:] if is_list else commands)
        return commands + following

    def redirect(self, node: Node, commands: Sequence[Command]) -> list[Command]:
        """Add a redirection to commands; return what stands behind a here-document in its line."""
        if node.type == "heredoc_redirect":
            return self._heredoc(node, commands[-1])
        operator = next((child for child in node.children if not child.is_named), node)
        words = self.words([child for child in node.children if child.is_named and child.type != "file_descriptor"])
        span = self.text.span(node.start_byte, operator.end_byte)
        text = self.source[node.start_byte : operator.end_byte]
        for command in commands:
            command.redirects.append(Redirect(text, *span, words[0] if words else None))
        # The grammar takes every word behind a redirection for its target.
        commands[-1].arguments += words[1:]
        self.substituted(node, commands[-1])
        return []

    def _heredoc(self, node: Node, owner: Command) -> list[Command]:
        following: list[Command] = []
        is_alternative = False
        for child in node.children:
            if child.type == "heredoc_start":
                span = self.text.span(node.start_byte, child.start_byte)
                operator = self.source[node.start_byte : child.start_byte].strip()
                owner.redirects.append(Redirect(operator, *span, self.word(child.start_byte, child.end_byte)))
            elif child.type in REDIRECTS:
                following += self.redirect(child, [owner])
            elif child.type == "heredoc_body":
                self._body(child, owner)
            elif child.type == "pipeline":
                with self.state.isolated():
                    part = self.sequence(child.children)
                connect(part, owner)
                following += part
            elif child.type in ("||", "&&"):
                is_alternative = child.type == "||"
            elif self.is_statement(child):
                following += self.branch([child]) if is_alternative else self.statement(child)
            elif child.is_named and child.type != "heredoc_end":
                owner.arguments += self.words([child])
        return following

    def _body(self, node: Node, owner: Command) -> None:
        if reads_script(owner):
            self.nested(self.text.part(node.start_byte, node.end_byte), owner)
        else:
            self.sequence(node.children)


def connect(commands: Iterable[Command], source: Command) -> None:
    """Let commands read the output of another one, unless they read one already."""
    for command in commands:
        command.pipe_from = command.pipe_from or source
