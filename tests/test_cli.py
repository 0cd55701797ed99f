"""Tests what the command line prints and how it exits."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from checker import __version__, bundles, cli, commands, progress, scan
from checker.bundles import Bundle
from checker.catalog import Catalog
from checker.errors import CheckerError
from tests.reports import BROKEN, CLEAN, EMPTY, MIXED

if TYPE_CHECKING:
    from collections.abc import Callable

    from checker.report import Report
    from checker.request import ScanRequest

ROOT = Path(__file__).parent.parent
GOLDEN = ROOT / "tests" / "golden"


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bundles, "builtin", lambda: Bundle(Catalog("5f1d", {r.id: r for r in EMPTY.rules}), b"", {}))


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Callable[..., tuple[int | str | None, str, str]]:
    """Run a command whose scan gives a report or raises, and return exit code, standard output and standard error."""

    def main(line: str, outcome: Report | BaseException = CLEAN) -> tuple[int | str | None, str, str]:
        def answer(_request: ScanRequest) -> Report:
            if isinstance(outcome, BaseException):
                raise outcome
            return outcome

        monkeypatch.setattr(scan, "scan", answer)
        with pytest.raises(SystemExit) as exit_:
            cli.main(line.split())
        written = capfdbinary.readouterr()
        return exit_.value.code, written.out.decode(), written.err.decode()

    return main


@pytest.mark.parametrize(
    ("report", "code"), [(CLEAN, 0), (MIXED._replace(problems=()), 1), (MIXED, 2), (BROKEN, 2), (EMPTY, 3)]
)
def test_exit_code_is_the_reports(run: Callable[..., tuple[int, str, str]], report: Report, code: int) -> None:
    assert run("scan", report)[0] == code


def test_text_is_printed_where_no_format_is_asked_for(run: Callable[..., tuple[int, str, str]]) -> None:
    assert run("scan", MIXED) == (2, (GOLDEN / "mixed.txt").read_text("utf-8"), "")


def test_each_format_goes_where_it_is_sent(run: Callable[..., tuple[int, str, str]]) -> None:
    told = run("scan --format json --format sarif=a.sarif --format text=a.txt", MIXED)
    assert told == (2, (GOLDEN / "mixed.json").read_text("utf-8"), "")
    assert Path("a.sarif").read_bytes() == (GOLDEN / "mixed.sarif").read_bytes()
    assert Path("a.txt").read_bytes() == (GOLDEN / "mixed.txt").read_bytes()


@pytest.mark.parametrize("line", ["scan --format xml", "scan --config missing", "scan --root missing", "explain x"])
def test_wrong_usage_exits_with_2_and_writes_no_report(run: Callable[..., tuple[int, str, str]], line: str) -> None:
    code, out, err = run(line)
    assert (code, out) == (2, "")
    assert err.startswith("checker: ")
    assert err.count("\n") == 1


def test_error_of_a_scan_exits_with_2_and_leaves_no_file(run: Callable[..., tuple[int, str, str]]) -> None:
    told = run("scan --format sarif=a.sarif", CheckerError("no rule is selected"))
    assert told == (2, "", "checker: no rule is selected\n")
    assert list(Path().iterdir()) == []


def test_bug_exits_with_2_and_does_not_print_what_the_exception_quotes(
    run: Callable[..., tuple[int, str, str]],
) -> None:
    code, out, err = run("scan", ValueError("hunter2"))
    assert (code, out) == (2, "")
    assert err.startswith("checker: internal error: ValueError\n  ")
    assert "in answer\n" in err
    assert "hunter2" not in err


def test_interrupt_exits_as_the_signal_does(run: Callable[..., tuple[int, str, str]]) -> None:
    assert run("scan", KeyboardInterrupt()) == (130, "", "")


@pytest.mark.parametrize(
    ("line", "environment", "is_terminal", "is_coloured"),
    [
        ("scan", {}, False, False),
        ("scan", {}, True, True),
        ("scan", {"NO_COLOR": "1"}, True, False),
        ("scan", {"NO_COLOR": ""}, True, True),
        ("scan", {"TERM": "dumb"}, True, False),
        ("scan --color always", {"NO_COLOR": "1"}, False, True),
        ("scan --color never", {}, True, False),
    ],
)
def test_colours_are_for_terminals_unless_asked_otherwise(
    run: Callable[..., tuple[int, str, str]],
    monkeypatch: pytest.MonkeyPatch,
    line: str,
    environment: dict[str, str],
    *,
    is_terminal: bool,
    is_coloured: bool,
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: is_terminal)
    assert ("\x1b[" in run(line, CLEAN)[1]) is is_coloured


def test_progress_is_shown_on_a_terminal_after_a_second_and_taken_away(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = iter([0.0, 0.5, 1.5, 1.55, 2.0])
    monkeypatch.setattr(progress, "monotonic", lambda: next(clock))
    shown = progress.Progress(sys.stderr)
    for files in (10, 1200, 1300, 2400):
        shown.show(files)
    shown.clear()
    assert capsys.readouterr().err == "\rFiles checked: 1,200\rFiles checked: 2,400\r\x1b[K"


def test_quick_scan_shows_no_progress(capsys: pytest.CaptureFixture[str]) -> None:
    shown = progress.Progress(sys.stderr)
    shown.show(1)
    shown.clear()
    assert capsys.readouterr().err == ""


def test_rules_are_listed_and_explained(run: Callable[..., tuple[int, str, str]]) -> None:
    assert run("rules env/*") == (0, "env/secret-value  high      Env file holds a secret\n", "")
    assert run("explain env/secret-value")[1].startswith("# Env file holds a secret\n")


def test_own_policies_are_compiled(run: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "compile_bundle", lambda folders, output: f"{folders} {output}\n")
    assert run("compile --policies a --policies b --output c") == (0, "['a', 'b'] c\n", "")


def test_version_is_told(run: Callable[..., tuple[int, str, str]]) -> None:
    assert run("--version") == (0, f"checker {__version__}\n", "")


def test_reader_that_goes_away_ends_the_program_quietly() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "checker", "scan", "--help"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with open(writing, "wb") as closed:  # noqa: PTH123 - a file descriptor
        ended = subprocess.run(command, check=False, stdout=closed, stderr=subprocess.PIPE, cwd=ROOT, env=environment)
    assert (ended.returncode, ended.stderr) == (128 + signal.SIGPIPE, b"")


def test_nothing_heavy_is_loaded_for_the_help() -> None:
    code = "import sys\ntry:\n  from checker.cli import main; main(['--help'])\nfinally:\n  print(*sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        cwd=ROOT,
    )
    loaded = {name.partition(".")[0] for name in told.stdout.rpartition("\n\n")[2].split()}
    heavy = {
        "yaml",
        "jsonschema",
        "jsonschema_rs",
        "wasmtime",
        "pathspec",
        "dulwich",
        "dockerfile",
        "tree_sitter",
        "json",
    }
    assert loaded & heavy == set()


def test_quiet_tells_findings_and_the_verdict_alone(run: Callable[..., tuple[int, str, str]]) -> None:
    _, normal, _ = run("scan", MIXED)
    _, quiet, err = run("scan --quiet", MIXED)
    told = [line for line in quiet.splitlines() if line]
    assert (set(told) < set(normal.splitlines()), err) == (True, "")
    assert told[-2].startswith("Incomplete: ")
    assert not any(word in quiet for word in ("Set `resources", "Suppressed", "Skipped", "Not rendered", "Checked"))
    assert "deploy/bröken #1.yaml:7:12: mapping values are not allowed here" in quiet


def test_verbose_names_every_file(run: Callable[..., tuple[int, str, str]]) -> None:
    _, verbose, _ = run("scan -v", MIXED)
    assert "vendor/a/, vendor/b/, vendor/c/, vendor/d/, vendor/e/" in " ".join(verbose.split())
    assert "Checked\n  .env.production: 1 env document\n  ../shop/deploy/api.yaml: 2 kubernetes documents\n" in verbose


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_completion_knows_commands_and_options(run: Callable[..., tuple[int, str, str]], shell: str) -> None:
    code, out, _ = run(f"completion {shell}")
    assert code == 0
    assert all(word in out for word in ("baseline", "--fail-on", "explain"))


def test_bash_completes_words(run: Callable[..., tuple[int, str, str]]) -> None:
    _, script, _ = run("completion bash")
    asked = "COMP_WORDS=(checker scan --no-w); COMP_CWORD=2; _shtab_checker; echo ${COMPREPLY[@]}"
    done = subprocess.run(["bash", "-c", f"{script}\n{asked}"], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["--no-waivers"]
