"""Reads a shell script with a grammar into the simple commands that it may run.

The grammar is that of tree-sitter-bash; where it loses its way, what it did understand is kept.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from checker.syntax.shell.commands import Assignment, Command, Redirect, Script, Word
from checker.syntax.shell.grammar import parse
from checker.syntax.shell.phrases import Phrases
from checker.syntax.shell.simple import (
    assigned_names,
    command_of,
    reads_script,
    script_argument,
    split_assignment,
)
from checker.syntax.shell.state import State
from checker.syntax.shell.values import unquoted, unterminated

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tree_sitter import Node

    from checker.syntax.shell.values import Variables
    from checker.syntax.spliced import Spliced

_DEPTH: Final = 60
_ASSIGNED: Final = re.compile(r"(?<![\w$-])([A-Za-z_]\w*)\+?=")
_SUBSTITUTION: Final = re.compile(r"\$\(|`|[<>]\(")
_ONLY_SUBSTITUTION: Final = re.compile(r"\"?(?:\$\(|`)")
_REDIRECTS: Final = frozenset({"file_redirect", "herestring_redirect", "heredoc_redirect"})
_BRANCHES: Final = frozenset({"elif_clause", "else_clause", "case_item", "do_group"})
_LOOPS: Final = frozenset({"for_statement", "while_statement", "c_style_for_statement"})
_COMPOUNDS: Final = _LOOPS | {"if_statement", "case_statement", "function_definition"}


def read_script(text: Spliced, environment: Variables) -> Script:
    """Read a script that starts with the variables of an environment."""
    script = Script()
    _Reader(text, State(environment), script).read()
    script.commands.sort(key=lambda command: command.start)
    return script


def read_words(words: Sequence[tuple[Word, Spliced]], environment: Variables) -> Script:
    """Read the words of an exec form, and the script that one of them holds."""
    script = Script()
    command = command_of([word for word, _ in words], (), words[0][0].start)
    script.commands.append(command)
    argument = script_argument(command)
    for word, content in words:
        if word is argument:
            _Reader(content, State(environment), script, depth=1).read()
    return script


class _Reader(Phrases):
    def __init__(
        self, text: Spliced, state: State, script: Script, depth: int = 0, *, is_expanded: bool = False
    ) -> None:
        super().__init__(text, state, script)
        self._depth = depth
        self._is_expanded = is_expanded
        self._handlers: Final = {
            "command": self._command,
            "unset_command": self._command,
            "declaration_command": self._declaration,
            "variable_assignment": self._assignment,
            "variable_assignments": self._assignment,
            "list": self._list,
            "pipeline": self._pipeline,
            "redirected_statement": self._redirected,
            "subshell": self._subshell,
            "command_substitution": self._subshell,
        } | dict.fromkeys(_COMPOUNDS, self._compound)

    def read(self) -> None:
        """Read the whole script."""
        root = parse(self.source)
        if root.has_error:
            position = unterminated(self.source)
            if position is not None:
                self.fault("the shell command has a quote that is not closed", position)
        self._sequence(root.children)

    def _sequence(self, nodes: Iterable[Node]) -> list[Command]:
        return [command for node in nodes for command in self._statement(node)]

    def _statement(self, node: Node) -> list[Command]:
        if not node.child_count:
            return []
        if self._depth > _DEPTH:
            if not self.script.faults:
                self.fault("the shell command is nested too deep", node.start_byte)
            return []
        self._depth += 1
        handler = self._handlers.get(node.type)
        commands = handler(node) if handler else self._sequence(node.children)
        self._depth -= 1
        return commands

    def _branch(self, nodes: Iterable[Node]) -> list[Command]:
        with self.state.branch():
            return self._sequence(nodes)

    def _subshell(self, node: Node) -> list[Command]:
        with self.state.isolated():
            return self._sequence(node.children)

    def _list(self, node: Node) -> list[Command]:
        """Read `a && b || c`, which the grammar nests to the left."""
        spine = [node]
        while spine[-1].children[0].type == "list":
            spine.append(spine[-1].children[0])
        commands = self._statement(spine[-1].children[0])
        for part in reversed(spine):
            is_alternative = any(child.type == "||" for child in part.children)
            for child in part.children[1:]:
                commands += self._branch([child]) if is_alternative else self._statement(child)
        return commands

    def _compound(self, node: Node) -> list[Command]:
        """Read if, case, loops and functions."""
        names: set[str] = set()
        if node.type not in ("if_statement", "case_statement"):
            names.update(_ASSIGNED.findall(self.source, node.start_byte, node.end_byte))
        variable = node.child_by_field_name("variable")
        if variable is not None:
            names.add(self.source[variable.start_byte : variable.end_byte])
        self.state.assign(dict.fromkeys(names))
        commands: list[Command] = []
        pending: list[Node] = []
        in_branch = node.type == "function_definition"
        for child in node.children:
            if child.type in _BRANCHES:
                commands += self._branch(pending)
                pending = []
                self.state.assign(dict.fromkeys(names))
                commands += self._branch([child])
            elif in_branch:
                pending.append(child)
            else:
                in_branch = child.type == "then"
                commands += self._statement(child)
        return commands + self._branch(pending)

    def _pipeline(self, node: Node) -> list[Command]:
        commands: list[Command] = []
        for child in node.children:
            with self.state.isolated():
                part = self._statement(child)
            if commands:
                _connect(part, commands[-1])
            commands += part
        return commands

    def _redirected(self, node: Node) -> list[Command]:
        commands: list[Command] = []
        following: list[Command] = []
        is_list = node.children[0].type in ("list", "pipeline")
        for child in node.children:
            if child.type not in _REDIRECTS:
                commands += self._statement(child)
                continue
            if not commands:
                commands = [self.added(Command(self.text.start(child.start_byte)))]
            following += self._redirect(child, commands[-1:] if is_list else commands)
        return commands + following

    def _redirect(self, node: Node, commands: Sequence[Command]) -> list[Command]:
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
        self._substituted(node, commands[-1])
        return []

    def _heredoc(self, node: Node, owner: Command) -> list[Command]:
        following: list[Command] = []
        is_alternative = False
        for child in node.children:
            if child.type == "heredoc_start":
                span = self.text.span(node.start_byte, child.start_byte)
                operator = self.source[node.start_byte : child.start_byte].strip()
                owner.redirects.append(Redirect(operator, *span, self.word(child.start_byte, child.end_byte)))
            elif child.type in _REDIRECTS:
                following += self._redirect(child, [owner])
            elif child.type == "heredoc_body":
                self._body(child, owner)
            elif child.type == "pipeline":
                with self.state.isolated():
                    part = self._sequence(child.children)
                _connect(part, owner)
                following += part
            elif child.type in ("||", "&&"):
                is_alternative = child.type == "||"
            elif child.type in self._handlers:
                following += self._branch([child]) if is_alternative else self._statement(child)
            elif child.is_named and child.type != "heredoc_end":
                owner.arguments += self.words([child])
        return following

    def _body(self, node: Node, owner: Command) -> None:
        if reads_script(owner):
            self._nested(self.text.part(node.start_byte, node.end_byte), owner)
        else:
            self._sequence(node.children)

    def _command(self, node: Node) -> list[Command]:
        assigned: list[Assignment] = []
        nodes: list[Node] = []
        redirects: list[Node] = []
        for child in node.children:
            if child.type == "variable_assignment" and not nodes:
                assigned.append(split_assignment(self.word(child.start_byte, child.end_byte)))
            elif child.type in _REDIRECTS:
                redirects.append(child)
            else:
                nodes.append(child)
        command = self.added(command_of(self.words(nodes), assigned, self.text.start(node.start_byte)))
        following = [other for child in redirects for other in self._redirect(child, [command])]
        self._substituted(node, command)
        self.state.assign(assigned_names(command))
        argument = script_argument(command)
        if argument is not None and not _ONLY_SUBSTITUTION.match(argument.text):
            content = unquoted(self.text, argument.position, argument.position + len(argument.text))
            self._nested(content, command, is_expanded=not argument.text.startswith("'"))
        return [command, *following]

    def _declaration(self, node: Node) -> list[Command]:
        words: list[Word] = []
        assigned: list[Assignment] = []
        for child in node.children:
            word = self.word(child.start_byte, child.end_byte)
            if child.type == "variable_assignment":
                assigned.append(split_assignment(word))
            else:
                words.append(word)
        return self._assigning(command_of(words, assigned, self.text.start(node.start_byte)), node)

    def _assignment(self, node: Node) -> list[Command]:
        nodes = [node] if node.type == "variable_assignment" else node.children
        assigned = [split_assignment(self.word(child.start_byte, child.end_byte)) for child in nodes]
        return self._assigning(command_of((), assigned, self.text.start(node.start_byte)), node)

    def _assigning(self, command: Command, node: Node) -> list[Command]:
        self.added(command)
        self._substituted(node, command)
        self.state.assign(assigned_names(command))
        return [command]

    def _nested(self, content: Spliced, command: Command, *, is_expanded: bool = False) -> None:
        """Read the script that a command runs; `is_expanded` if the outer shell runs the substitutions in it."""
        if self._depth < _DEPTH:
            assigned = {assignment.name.text: assignment.value.value for assignment in command.assignments}
            changed = {**self.state.changed, **assigned}
            state = State(self.state.environment, changed, is_conditional=self.state.is_conditional)
            _Reader(content, state, self.script, self._depth + 1, is_expanded=is_expanded).read()

    def _substituted(self, node: Node, command: Command) -> None:
        """Read the commands whose output stands in the words of a command."""
        if self._is_expanded or not _SUBSTITUTION.search(self.source, node.start_byte, node.end_byte):
            return
        for child in node.children:
            if child.type in ("command_substitution", "process_substitution"):
                inner = self._subshell(child)
                is_read = self.source.startswith("<(", child.start_byte)
                script = script_argument(command)
                if inner and (is_read or (script is not None and _ONLY_SUBSTITUTION.match(script.text))):
                    _connect([command], inner[-1])
            elif child.type not in _REDIRECTS or node.type in _REDIRECTS:
                self._substituted(child, command)


def _connect(commands: Iterable[Command], source: Command) -> None:
    """Let commands read the output of another one, unless they read one already."""
    for command in commands:
        command.pipe_from = command.pipe_from or source
