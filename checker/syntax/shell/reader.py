"""Reads a shell script with a grammar into the simple commands that it may run.

The grammar is that of tree-sitter-bash; where it loses its way, what it did understand is kept.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from checker.syntax.shell.commands import Assignment, Command, Script, Word
from checker.syntax.shell.grammar import parse, too_deep
from checker.syntax.shell.redirections import REDIRECTS, Redirections, connect
from checker.syntax.shell.simple import (
    assigned_names,
    command_of,
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


class _Reader(Redirections):
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
            "redirected_statement": self.redirected,
            "subshell": self._subshell,
            "command_substitution": self._subshell,
        } | dict.fromkeys(_COMPOUNDS, self._compound)

    def read(self) -> None:
        """Read the whole script."""
        deep = too_deep(self.source)
        if deep is not None:
            self.fault("the shell command is nested too deep", deep)
            return
        root = parse(self.source)
        if root.has_error:
            position = unterminated(self.source)
            if position is not None:
                self.fault("the shell command has a quote that is not closed", position)
        self.sequence(root.children)

    def sequence(self, nodes: Iterable[Node]) -> list[Command]:
        """Read nodes one after the other."""
        return [command for node in nodes for command in self.statement(node)]

    def statement(self, node: Node) -> list[Command]:
        """Read a node of any type."""
        if not node.child_count:
            return []
        if self._depth > _DEPTH:
            if not self.script.faults:
                self.fault("the shell command is nested too deep", node.start_byte)
            return []
        self._depth += 1
        handler = self._handlers.get(node.type)
        commands = handler(node) if handler else self.sequence(node.children)
        self._depth -= 1
        return commands

    def is_statement(self, node: Node) -> bool:
        """Tell whether a node is more than words."""
        return node.type in self._handlers

    def branch(self, nodes: Iterable[Node]) -> list[Command]:
        """Read nodes that may not run."""
        with self.state.branch():
            return self.sequence(nodes)

    def _subshell(self, node: Node) -> list[Command]:
        with self.state.isolated():
            return self.sequence(node.children)

    def _list(self, node: Node) -> list[Command]:
        """Read `a && b || c`, which the grammar nests to the left."""
        spine = [node]
        while spine[-1].children[0].type == "list":
            spine.append(spine[-1].children[0])
        commands = self.statement(spine[-1].children[0])
        for part in reversed(spine):
            is_alternative = any(child.type == "||" for child in part.children)
            for child in part.children[1:]:
                commands += self.branch([child]) if is_alternative else self.statement(child)
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
                commands += self.branch(pending)
                pending = []
                self.state.assign(dict.fromkeys(names))
                commands += self.branch([child])
            elif in_branch:
                pending.append(child)
            else:
                in_branch = child.type == "then"
                commands += self.statement(child)
        return commands + self.branch(pending)

    def _pipeline(self, node: Node) -> list[Command]:
        commands: list[Command] = []
        for child in node.children:
            with self.state.isolated():
                part = self.statement(child)
            if commands:
                connect(part, commands[-1])
            commands += part
        return commands

    def _command(self, node: Node) -> list[Command]:
        assigned: list[Assignment] = []
        nodes: list[Node] = []
        redirects: list[Node] = []
        for child in node.children:
            if child.type == "variable_assignment" and not nodes:
                assigned.append(split_assignment(self.word(child.start_byte, child.end_byte)))
            elif child.type in REDIRECTS:
                redirects.append(child)
            else:
                nodes.append(child)
        command = self.added(command_of(self.words(nodes), assigned, self.text.start(node.start_byte)))
        following = [other for child in redirects for other in self.redirect(child, [command])]
        self.substituted(node, command)
        self.state.assign(assigned_names(command))
        argument = script_argument(command)
        if argument is not None and not _ONLY_SUBSTITUTION.match(argument.text):
            content = unquoted(self.text, argument.position, argument.position + len(argument.text))
            self.nested(content, command, is_expanded=not argument.text.startswith("'"))
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
        self.substituted(node, command)
        self.state.assign(assigned_names(command))
        return [command]

    def nested(self, content: Spliced, command: Command, *, is_expanded: bool = False) -> None:
        """Read the script that a command runs; `is_expanded` if the outer shell runs the substitutions in it."""
        if self._depth < _DEPTH:
            assigned = {assignment.name.text: assignment.value.value for assignment in command.assignments}
            changed = {**self.state.changed, **assigned}
            state = State(self.state.environment, changed, is_conditional=self.state.is_conditional)
            _Reader(content, state, self.script, self._depth + 1, is_expanded=is_expanded).read()

    def substituted(self, node: Node, command: Command) -> None:
        """Read the commands whose output stands in the words of a command."""
        if self._is_expanded or not _SUBSTITUTION.search(self.source, node.start_byte, node.end_byte):
            return
        for child in node.children:
            if child.type in ("command_substitution", "process_substitution"):
                inner = self._subshell(child)
                is_read = self.source.startswith("<(", child.start_byte)
                script = script_argument(command)
                if inner and (is_read or (script is not None and _ONLY_SUBSTITUTION.match(script.text))):
                    connect([command], inner[-1])
            elif child.type not in REDIRECTS or node.type in REDIRECTS:
                self.substituted(child, command)
