"""Tests which simple commands a shell script may run, and where their words stand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.syntax.shell.commands import Command, Word
from checker.syntax.shell.reader import read_script, read_words
from checker.syntax.shell.values import evaluate, unterminated
from checker.syntax.spliced import Spliced


def script(text: str) -> Spliced:
    return Spliced([(text, 0, len(text))])


def line(command: Command) -> str:
    """Show a command in one line: wrappers in brackets, what is conditional behind a question mark."""
    parts = ["?"] if command.is_conditional else []
    parts += [f"[{word.value}]" for word in command.wrappers]
    parts += [f"{one.name.text}={one.value.value}" for one in command.assignments]
    parts += [str(command.program.value)] if command.program else []
    parts += [str(word.value) for word in command.arguments]
    parts += [f"{one.operator}{one.target.value if one.target else ''}" for one in command.redirects]
    return " ".join(parts)


def lines(text: str, **environment: str | None) -> list[str]:
    commands = read_script(script(text), environment).commands
    return [
        line(command) + (f" <- {commands.index(command.pipe_from)}" if command.pipe_from else "")
        for command in commands
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a b && c || d; e", ["a b", "c", "? d", "e"]),
        ("a || b && c", ["a", "? b", "c"]),
        ("! a", ["a"]),
        ("a | b |& c", ["a", "b <- 0", "c <- 1"]),
        ("a && b 2>&1 | c", ["a", "b 2>&1", "c <- 1"]),
        ("curl x | (cd y && tar z)", ["curl x", "cd y <- 0", "tar z <- 0"]),
        ("bash <(curl x)", ["bash <(curl x) <- 1", "curl x"]),
        ("sh < <(curl x)", ["sh <<(curl x) <- 1", "curl x"]),
        ('sh -c "$(curl x)"', ["sh -c None <- 1", "curl x"]),
        ('sh -c "a $(b)"', ["sh -c None", "a None", "b"]),
        ("sh -c 'a $(b)'", ["sh -c a $(b)", "a None", "b"]),
        ('eval "$(curl x)"', ["eval None <- 1", "curl x"]),
        ("diff <(a) <(b) >(c)", ["diff <(a) <(b) >(c) <- 1", "a", "b", "c"]),
        ("A=$(a b)", ["A=None", "a b"]),
        ("export A=`a` B=c", ["A=None B=c export", "a"]),
        ("if a; then b; elif c; then d; else e; fi; f", ["a", "? b", "? c", "? d", "? e", "f"]),
        ("while a; do b; done", ["a", "? b"]),
        ("for x in a $(b); do c $x; done", ["b", "? c None"]),
        ("for ((i=0;i<2;i++)); do a; done", ["i=0", "? a"]),
        ("case $a in b) c;; *) d;; esac", ["? c", "? d"]),
        ("f() { a; }; f", ["? a", "f"]),
        ("{ a; b; } > c", ["a >c", "b >c"]),
        ("a && b > c", ["a", "b >c"]),
        ("a > b c", ["a c >b"]),
        ("> a", [">a"]),
        ("a <<< b", ["a <<<b"]),
        ("< a b", ["b <a"]),
        ("A=b c; D=e", ["A=b c", "D=e"]),
        ("A=b C=d", ["A=b C=d"]),
        ("unset A; read B", ["unset A", "read B"]),
        ("a # b\nc", ["a", "c"]),
        ("[ -f a ] && b", ["b"]),
        ("cat <<E | sh -x\na b\nE\n", ["cat <<E", "sh -x <- 0"]),
        ("cat <<E > a && b\nc $(d)\nE\ne", ["cat <<E >a", "b", "d", "e"]),
        ("cat <<E || a\nb\nE", ["cat <<E", "? a"]),
        ("sh -ex <<'E'\na b\nE\n", ["sh -ex <<E", "a b"]),
        ("cat <<E >a b\nc\nE\n", ["cat b <<E >a"]),
        ("é ü && ñ", ["é ü", "ñ"]),
        ("", []),
    ],
)
def test_a_script_is_a_list_of_simple_commands(text: str, expected: list[str]) -> None:
    assert lines(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sudo -u root apt-get install a", ["[sudo] apt-get install a"]),
        ("sudo -E A=b env -i C=d /usr/bin/go build", ["[sudo] [env] A=b C=d /usr/bin/go build"]),
        ("exec nice -n 10 a", ["[exec] [nice] a"]),
        ("time -p nohup a", ["[time] [nohup] a"]),
        ("xargs -n 1 rm -rf", ["[xargs] rm -rf"]),
        ("timeout -k 5 10 a b", ["[timeout] a b"]),
        ("gosu user a", ["[gosu] a"]),
        ("busybox wget a", ["[busybox] wget a"]),
        ("tini -- a -b", ["[tini] a -b"]),
        ("command -v a", ["command -v a"]),
        ("command a", ["[command] a"]),
        ("sudo", ["sudo"]),
        ("env", ["env"]),
        ("sudo sh -c 'a && b' c", ["[sudo] sh -c a && b c", "a", "b"]),
        ("bash -euxo pipefail -c 'a | b'", ["bash -euxo pipefail -c a | b", "a", "b <- 1"]),
        ("bash -o pipefail -c a", ["bash -o pipefail -c a", "a"]),
        ("bash a -c b", ["bash a -c b"]),
        ("su -c 'a b' user", ["su -c a b user", "a b"]),
        ("su user", ["su user"]),
        ("eval 'a b'", ["eval a b", "a b"]),
        ("eval a b", ["eval a b"]),
        ('sh -c "a \\"b c\\" \\$D"', ['sh -c a "b c" $D', "a b c None"]),
        ("X=1 sh -c 'a $X'", ["X=1 sh -c a $X", "a 1"]),
        ("a || sh -c b", ["a", "? sh -c b", "? b"]),
    ],
)
def test_the_program_is_found_behind_what_starts_it(text: str, expected: list[str]) -> None:
    assert lines(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a $X", ["a 1"]),
        ("X=2; a $X", ["X=2", "a 2"]),
        ("X=2 a $X", ["X=2 a 1"]),
        ("export X=2 && a $X", ["X=2 export", "a 2"]),
        ("(X=2); a $X", ["X=2", "a 1"]),
        ("X=2 | a; b $X", ["X=2", "a <- 0", "b 1"]),
        ("a || X=2; a $X", ["a", "? X=2", "a None"]),
        ("if a; then X=2; b $X; fi; c $X", ["a", "? X=2", "? b 2", "c None"]),
        ("while a $X; do X=2; done", ["a None", "? X=2"]),
        ("unset X; a $X", ["unset X", "a None"]),
        ("read X; a $X", ["read X", "a None"]),
        ("X+=2; a $X", ["X=None", "a None"]),
        ("X=$(a); b $X", ["X=None", "a", "b None"]),
        ("for ((X=0;;)); do a $X; done", ["X=0", "? a None"]),
        ("f() { X=2; }; a $X", ["? X=2", "a None"]),
        ("for X in a; do b; done; c $X", ["? b", "c None"]),
    ],
)
def test_what_earlier_commands_set_is_known_or_known_to_be_unknown(text: str, expected: list[str]) -> None:
    assert lines(text, X="1") == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a'b c'\"d $X e\"\\ f", "ab cd 1 e f"),
        ("$X${X}", "11"),
        ("$", "$"),
        ('"$"', "$"),
        ('"a\\b\\$c\\\nd"', "a\\b$cd"),
        ("a\\\nb", "ab"),
        ("${X:-y}", "1"),
        ("${E:-y}", "y"),
        ("${E-y}", ""),
        ("${X:+y}", "y"),
        ("${E:+y}", ""),
        ("${U:-y}", None),
        ("${X#y}", None),
        ("${X", None),
        ("$U", None),
        ("$(a)", None),
        ("`a`", None),
        ("$1", None),
        ("$'a'", None),
        ("*.c", "*.c"),
    ],
)
def test_a_value_is_what_the_shell_hands_on_before_it_splits(text: str, value: str | None) -> None:
    assert evaluate(text, {"X": "1", "E": "", "U": None}) == value


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("a 'b", 2),
        ('a "b $(c "d")', 2),
        ("a `b", 2),
        ("a 'b' \"c\" `d`", None),
        ("a # it's", None),
        ("a b#c'", 5),
        ('a "$(b \'c\' "d")"', None),
        ("a <<E\nit's\nE\nb", None),
        ("a <<E\nb 'c", 8),
        ("a <<< 'b'", None),
        ("a \\' b", None),
        ('a "${b:-"c"}"', None),
        ("case a in b) c;; esac", None),
    ],
)
def test_a_quote_that_nothing_closes_is_found(text: str, position: int | None) -> None:
    assert unterminated(text) == position


def test_a_broken_script_is_a_fault_and_what_parses_is_kept() -> None:
    found = read_script(script('a b && c "d'), {})
    assert [(fault.reason, fault.start, fault.end) for fault in found.faults] == [
        ("the shell command has a quote that is not closed", 9, 10)
    ]
    assert [line(command) for command in found.commands][:1] == ["a b"]


@pytest.mark.parametrize("depth", [100, 400, 100_000])
def test_nesting_beyond_reason_is_a_fault(depth: int) -> None:
    found = read_script(script("(" * depth + "a" + ")" * depth), {})
    assert [fault.reason for fault in found.faults] == ["the shell command is nested too deep"]


def test_many_brackets_beside_each_other_are_no_deep_nesting() -> None:
    assert lines("(a); " * 600) == ["a"] * 600


def test_a_long_list_is_no_deep_nesting() -> None:
    assert lines(" && ".join(["a"] * 2000)) == ["a"] * 2000


def words(*texts: str) -> list[tuple[Word, Spliced]]:
    return [(Word(text, text, 0, len(text)), script(text)) for text in texts]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("a", "b"), ["a b"]),
        (("/bin/sh", "-ec", "a && b"), ["/bin/sh -ec a && b", "a", "b"]),
        (("tini", "--", "bash", "-c", "exec a $X"), ["[tini] bash -c exec a $X", "[exec] a 1"]),
        (("a", "$X"), ["a $X"]),
    ],
)
def test_an_exec_form_is_one_command_and_the_script_in_it(texts: tuple[str, ...], expected: list[str]) -> None:
    assert [line(command) for command in read_words(words(*texts), {"X": "1"}).commands] == expected


SCRIPTS = st.lists(
    st.sampled_from(
        [
            *(
                "a",
                "b c",
                " && ",
                " || ",
                "; ",
                " | ",
                "(",
                ")",
                "'",
                '"',
                "`",
                "$(",
                "$X",
                "${X:-",
                "}",
                "{ ",
                "!",
                "&",
            ),
            *(
                "if a; then ",
                "fi",
                "<<E\n",
                "\nE\n",
                "> f",
                "2>&1",
                "é",
                "\\\n",
                "#",
                "\n",
                "sh -c ",
                "A=b ",
                "export ",
            ),
            *("case x in ", "<(", "for i in x; do ", "done", "esac", "[[ ", " ]]", "$((1+2))", "f() ", "time ", "\\"),
        ]
    ),
    max_size=16,
).map("".join)


def all_words(command: Command) -> list[Any]:
    program = [command.program] if command.program else []
    names = [one.name for one in command.assignments]
    targets = [one.target for one in command.redirects if one.target]
    return [*program, *command.wrappers, *command.arguments, *names, *targets]


@settings(max_examples=400, deadline=None)
@given(SCRIPTS)
def test_any_text_is_read_and_its_words_stand_where_they_say(text: str) -> None:
    found = read_script(script(text), {"X": "1"})
    assert all(
        word.text in text[word.start : word.end] or not set(text).isdisjoint("\\'\"")
        for command in found.commands
        for word in all_words(command)
    )
    assert [command.pipe_from for command in found.commands if command.pipe_from not in (None, *found.commands)] == []
