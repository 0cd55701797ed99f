"""Tests what the command line accepts."""

from __future__ import annotations

from argparse import ArgumentTypeError

import pytest

from checker import argument_types, arguments


@pytest.mark.parametrize(
    ("text", "bytes_"), [("1", 1), ("2K", 2048), ("64M", 2**26), ("64MiB", 2**26), ("64mb", 2**26), ("1G", 2**30)]
)
def test_size_is_bytes_with_or_without_a_unit(text: str, bytes_: int) -> None:
    assert argument_types.size(text) == bytes_


@pytest.mark.parametrize("text", ["", "0", "M", "1T", "-1", "1.5M", "1 M"])
def test_size_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match=r" is no size such as 64M$"):
        argument_types.size(text)


@pytest.mark.parametrize("text", ["", "0", "-1", "two", "²", "٣"])
def test_number_below_one_is_refused(text: str) -> None:
    assert argument_types.positive("12") == 12
    with pytest.raises(ArgumentTypeError, match=r" is no number from 1$"):
        argument_types.positive(text)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("", "the following arguments are required: COMMAND"),
        ("scan --fail-on hihg", "argument --fail-on: invalid choice: 'hihg'"),
        ("scan --jobs 0", "argument --jobs: '0' is no number from 1"),
        ("scan --sel x", "unrecognized arguments: --sel"),
        ("compile --output x", "the following arguments are required: --policies"),
    ],
)
def test_wrong_usage_is_told_on_stderr_and_exits_with_2(
    line: str, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit_:
        arguments.parser().parse_args(line.split())
    written = capsys.readouterr()
    assert (exit_.value.code, written.out) == (2, "")
    assert complaint in written.err


COMMANDS = (
    "scan", "baseline", "diff", "rules", "explain", "compile", "upload", "completion", "serve", "webhook rehearse",
    "webhook manifests", "webhook chart",
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_fits_one_screen(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    with pytest.raises(SystemExit):
        arguments.parser().parse_args([*command.split(), "--help"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"usage: checker {command} ")
    assert len(lines) <= 64
    assert max(map(len, lines)) <= 100
