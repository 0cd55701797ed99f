"""Reads a shell script with a grammar into the simple commands that it may run.

The grammar is that of tree-sitter-bash; where it loses its way, what it did understand is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

from checker.syntax.shell.commands import Assignment, Command, Redirect, Word
from checker.syntax.shell.simple import (
    assigned_names,
    command_of,
    reads_script,
    script_argument,
    split_assignment,
)
from checker.syntax.shell.values import Variables, evaluate, unquoted, unterminated

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

    from checker.syntax.spliced import Spliced

_DEPTH: Final = 60
_ASSIGNED: Final = re.compile(r"(?<![\w$-])([A-Za-z_]\w*)\+?=")
_NON_ASCII: Final = re.compile(r"[^\x00-\x7f]")
_SUBSTITUTION: Final = re.compile(r"\$\(|`|[<>]\(")
_REDIRECTS: Final = frozenset({"file_redirect", "herestring_redirect", "heredoc_redirect"})
_BRANCHES: Final = frozenset({"elif_clause", "else_clause", "case_item", "do_group"})
_LOOPS: Final = frozenset({"for_statement", "while_statement", "c_style_for_statement"})


@dataclass(frozen=True, slots=True)
class Fault:
    """Says between which offsets a script is no shell, and why."""

    reason: str
    start: int
    end: int


@dataclass(slots=True)
class Script:
    """Holds what was read from a script, in the order of its text."""

    commands: list[Command] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


@cache
def _parser() -> Parser:
    import tree_sitter_bash  # noqa: PLC0415 - loads native code
    from tree_sitter import Language, Parser  # noqa: PLC0415 - loads native code

    return Parser(Language(tree_sitter_bash.language()))


def read_script(text: Spliced, environment: Variables) -> Script:
    """Read a script that starts with the variables of an environment."""
    script = Script()
    _Reader(text, dict(environment), script).read()
    script.commands.sort(key=lambda command: command.start)
    return script


def read_words(words: Sequence[tuple[Word, Spliced]], environment: Variables) -> Script:
    """Read the words of an exec form, and the script that one of them holds."""
    script = Script()
    command = command_of([word for word, _ in words], ())
    script.commands.append(command)
    argument = script_argument(command)
    for word, content in words:
        if word is argument:
            _Reader(content, dict(environment), script, depth=1).read()
    return script


class _Reader:
    def __init__(  # noqa: PLR0913 - a nested script inherits all of it
        self,
        text: Spliced,
        environment: dict[str, str | None],
        script: Script,
        *,
        changed: Variables | None = None,
        is_conditional: bool = False,
        depth: int = 0,
    ) -> None:
        self._text = text
        self._source = text.text
        self._environment = environment
        self._script = script
        self._changed: dict[str, str | None] = dict(changed or {})
        self._variables = environment | self._changed
        self._is_conditional = is_conditional
        self._depth = depth

    def read(self) -> list[Command]:
        tree = _parser().parse(_NON_ASCII.sub("x", self._source).encode())
        if tree.root_node.has_error:
            position = unterminated(self._source)
            if position is not None:
                fault = Fault(
                    "the shell command has a quote that is not closed", *self._text.span(position, position + 1)
                )
                self._script.faults.append(fault)
        return self._sequence(tree.root_node.children)

    def _sequence(self, nodes: Iterable[Node]) -> list[Command]:
        return [command for node in nodes for command in self._statement(node)]

    def _statement(self, node: Node) -> list[Command]:
        if self._depth > _DEPTH:
            return []
        handler = _HANDLERS.get(node.type)
        if handler is not None:
            self._depth += 1
            try:
                return handler(self, node)
            finally:
                self._depth -= 1
        return self._sequence(node.children) if node.child_count else []

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

    def _branch(self, nodes: Iterable[Node]) -> list[Command]:
        """Read what may not run: what it assigns is unknown afterwards."""
        before, was_conditional = self._changed, self._is_conditional
        self._changed, self._is_conditional = dict(before), True
        commands = self._sequence(nodes)
        after = self._changed
        self._changed, self._is_conditional = before, was_conditional
        unset = object()
        self._assign({name: None for name, value in after.items() if before.get(name, unset) != value})
        return commands

    def _isolated(self, nodes: Iterable[Node]) -> list[Command]:
        """Read what runs in a shell of its own, which leaves no variables."""
        before = self._changed
        self._changed = dict(before)
        commands = self._sequence(nodes)
        self._changed = before
        self._assign({})
        return commands

    def _assign(self, names: Variables) -> None:
        self._changed = {**self._changed, **names}
        self._variables = self._environment | self._changed

    def _compound(self, node: Node) -> list[Command]:
        """Read if, case, loops and functions."""
        is_loop = node.type in _LOOPS
        if is_loop or node.type == "function_definition":
            self._assign(dict.fromkeys(_ASSIGNED.findall(self._source, node.start_byte, node.end_byte)))
        variable = node.child_by_field_name("variable")
        if variable is not None:
            self._assign({self._source[variable.start_byte : variable.end_byte]: None})
        commands: list[Command] = []
        in_branch = node.type == "function_definition"
        for child in node.children:
            in_branch = in_branch or child.type == "then"
            commands += self._branch([child]) if in_branch or child.type in _BRANCHES else self._statement(child)
        return commands

    def _subshell(self, node: Node) -> list[Command]:
        return self._isolated(node.children)

    def _pipeline(self, node: Node) -> list[Command]:
        commands: list[Command] = []
        for child in node.children:
            source = commands[-1] if commands else None
            part = self._isolated([child])
            for command in part:
                command.pipe_from = command.pipe_from or source
            commands += part
        return commands

    def _redirected(self, node: Node) -> list[Command]:
        commands: list[Command] = []
        following: list[Command] = []
        for child in node.children:
            if child.type in _REDIRECTS:
                if not commands:
                    commands = [self._added(Command(self._text.start(child.start_byte)))]
                is_list = node.children[0].type in ("list", "pipeline")
                following += self._redirect(child, commands[-1:] if is_list else commands)
            else:
                commands += self._statement(child)
        return commands + following

    def _redirect(self, node: Node, commands: list[Command]) -> list[Command]:
        """Add a redirection to commands; return what stands behind a here-document in its line."""
        if node.type == "heredoc_redirect":
            return self._heredoc(node, commands)
        operator = next((child for child in node.children if not child.is_named), node)
        words = self._words([child for child in node.children if child.is_named and child.type != "file_descriptor"])
        start, end = self._text.span(node.start_byte, operator.end_byte)
        text = self._source[node.start_byte : operator.end_byte]
        for command in commands:
            command.redirects.append(Redirect(text, start, end, words[0] if words else None))
        commands[-1].arguments += words[1:]
        if node.type == "file_redirect":
            self._substituted(node, commands[-1])
        return []

    def _heredoc(self, node: Node, commands: list[Command]) -> list[Command]:
        owner = commands[-1]
        following: list[Command] = []
        is_alternative = False
        for child in node.children:
            if child.type == "heredoc_start":
                start, end = self._text.span(node.start_byte, child.start_byte)
                target = self._word(child.start_byte, child.end_byte)
                owner.redirects.append(
                    Redirect(self._source[node.start_byte : child.start_byte].strip(), start, end, target)
                )
            elif child.type in _REDIRECTS:
                following += self._redirect(child, [owner])
            elif child.type == "heredoc_body":
                self._body(child, owner)
            elif child.type == "pipeline":
                part = self._isolated([child])
                for command in part:
                    command.pipe_from = command.pipe_from or owner
                following += part
            elif node.children and child.type in ("||", "&&"):
                is_alternative = child.type == "||"
            elif child.type != "heredoc_end" and child.is_named:
                following += self._behind_heredoc(child, owner, is_alternative=is_alternative)
        return following

    def _behind_heredoc(self, node: Node, owner: Command, *, is_alternative: bool) -> list[Command]:
        if node.type in _HANDLERS:
            return self._branch([node]) if is_alternative else self._statement(node)
        owner.arguments += self._words([node])
        return []

    def _body(self, node: Node, owner: Command) -> None:
        if reads_script(owner):
            self._nested(self._text.part(node.start_byte, node.end_byte), owner)
        else:
            self._sequence(node.children)

    def _command(self, node: Node) -> list[Command]:
        assigned: list[Assignment] = []
        nodes: list[Node] = []
        redirects: list[Node] = []
        for child in node.children:
            if child.type == "variable_assignment" and not nodes:
                assigned.append(split_assignment(self._word(child.start_byte, child.end_byte)))
            elif child.type in _REDIRECTS:
                redirects.append(child)
            else:
                nodes.append(child)
        command = self._added(command_of(self._words(nodes), assigned)) if nodes or assigned else None
        if command is None:
            return []
        following = [other for child in redirects for other in self._redirect(child, [command])]
        if _SUBSTITUTION.search(self._source, node.start_byte, node.end_byte):
            self._substituted(node, command)
        argument = script_argument(command)
        if argument is not None:
            content = unquoted(self._text, argument.position, argument.position + len(argument.text))
            self._nested(content, command)
        return [command, *following]

    def _declaration(self, node: Node) -> list[Command]:
        words: list[Word] = []
        assigned: list[Assignment] = []
        for child in node.children:
            word = self._word(child.start_byte, child.end_byte)
            if child.type == "variable_assignment":
                assigned.append(split_assignment(word))
            else:
                words.append(word)
        command = self._added(command_of(words, assigned))
        if _SUBSTITUTION.search(self._source, node.start_byte, node.end_byte):
            self._substituted(node, command)
        self._assign(assigned_names(command))
        return [command]

    def _assignment(self, node: Node) -> list[Command]:
        nodes = [node] if node.type == "variable_assignment" else node.children
        assigned = [split_assignment(self._word(child.start_byte, child.end_byte)) for child in nodes]
        command = self._added(command_of((), assigned))
        if _SUBSTITUTION.search(self._source, node.start_byte, node.end_byte):
            self._substituted(node, command)
        self._assign(assigned_names(command))
        return [command]

    def _added(self, command: Command) -> Command:
        command.is_conditional = self._is_conditional
        command.environment = self._changed
        self._script.commands.append(command)
        if command.name in ("unset", "read"):
            self._assign(assigned_names(command))
        return command

    def _nested(self, content: Spliced, command: Command) -> None:
        if self._depth < _DEPTH:
            reader = _Reader(
                content,
                self._environment,
                self._script,
                changed=self._changed | assigned_in_front(command),
                is_conditional=self._is_conditional,
                depth=self._depth + 1,
            )
            reader.read()

    def _substituted(self, node: Node, command: Command) -> None:
        """Read the commands whose output stands in the words of a command."""
        for child in node.children:
            if child.type in ("command_substitution", "process_substitution"):
                inner = self._isolated(child.children)
                reads = child.type == "process_substitution" and self._source.startswith("<(", child.start_byte)
                if inner and command.pipe_from is None and (reads or script_argument(command) is not None):
                    command.pipe_from = inner[-1]
            elif child.type not in _REDIRECTS and child.child_count:
                self._substituted(child, command)

    def _words(self, nodes: Sequence[Node]) -> list[Word]:
        """Return the words that nodes make, those without space between them as one."""
        spans: list[tuple[int, int]] = []
        for node in nodes:
            if spans and spans[-1][1] == node.start_byte:
                spans[-1] = (spans[-1][0], node.end_byte)
            else:
                spans.append((node.start_byte, node.end_byte))
        return [self._word(start, end) for start, end in spans]

    def _word(self, start: int, end: int) -> Word:
        text = self._source[start:end]
        return Word(text, evaluate(text, self._variables), *self._text.span(start, end), start)


def assigned_in_front(command: Command) -> Variables:
    """Return the variables that a command is started with."""
    return {assignment.name.text: assignment.value.value for assignment in command.assignments}


_HANDLERS: Final[dict[str, Callable[[_Reader, Node], list[Command]]]] = {
    "command": _Reader._command,
    "declaration_command": _Reader._declaration,
    "variable_assignment": _Reader._assignment,
    "variable_assignments": _Reader._assignment,
    "list": _Reader._list,
    "pipeline": _Reader._pipeline,
    "redirected_statement": _Reader._redirected,
    "subshell": _Reader._subshell,
    "command_substitution": _Reader._subshell,
    "if_statement": _Reader._compound,
    "case_statement": _Reader._compound,
    "for_statement": _Reader._compound,
    "while_statement": _Reader._compound,
    "c_style_for_statement": _Reader._compound,
    "function_definition": _Reader._compound,
    "unset_command": _Reader._command,
}
