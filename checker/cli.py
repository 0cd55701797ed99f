"""Runs the command line: the only module that prints or exits."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final, NoReturn

from checker.errors import CheckerError
from checker.progress import Progress

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from checker.formats import Detail, Options
    from checker.report import Report

_WRONG: Final = 2
_INTERRUPTED: Final = 130
_BROKEN_PIPE: Final = 141
"""What a shell reports of programs that SIGINT and SIGPIPE end; 1 would mean findings."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and exit with its code."""
    import gc

    # Documents are trees: looking for cycles in them takes a quarter of the time of a large scan and finds none.
    gc.set_threshold(100_000, 50, 1000)
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except CheckerError as error:
        sys.stderr.write(f"checker: {error}\n")
        code = _WRONG
    except KeyboardInterrupt:
        code = _INTERRUPTED
    except BrokenPipeError:
        # nobody reads: what is left in the buffer must not be written at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = _BROKEN_PIPE
    except Exception as error:  # noqa: BLE001 - 1, Python's own exit code, would mean findings
        sys.stderr.write(_internal_error(error))
        code = _WRONG
    # The memory goes back as a whole: looking for cycles at exit would take a tenth of the time of a small scan.
    gc.freeze()
    sys.exit(code)


def _run(arguments: Sequence[str] | None) -> int:
    from checker.arguments import parser

    try:
        parsed = parser().parse_args(arguments)
    except SystemExit as told:  # after help, version or a usage error, which argparse has written
        return int(told.code or 0)
    return _COMMANDS[parsed.command](parsed)


def _internal_error(error: Exception) -> str:
    """Return where the program failed, without the exception's message, which may quote what was scanned."""
    import traceback

    places = "".join(
        f"  {frame.filename}:{frame.lineno} in {frame.name}\n" for frame in traceback.extract_tb(error.__traceback__)
    )
    return f"checker: internal error: {type(error).__name__}\n{places}"


def _scan(arguments: Namespace) -> int:
    from checker import output

    wanted = output.destinations(arguments.format or ["text"])
    report = _scanned(arguments)
    detail: Detail = "verbose" if arguments.debug else arguments.detail
    output.write(report, wanted, sys.stdout.buffer, _options(arguments.color)._replace(detail=detail))
    return report.exit_code


def _scanned(arguments: Namespace) -> Report:
    """Return the report that a command line asks for; progress and times are told on standard error."""
    from checker import commands

    asked = commands.request(arguments, sys.stdin.buffer)
    if getattr(arguments, "debug", False):
        from checker.stopwatch import Stopwatch

        watch = Stopwatch(asked.open_engine)
        report = commands.report(arguments, asked._replace(open_engine=watch.open, jobs=1))
        sys.stderr.writelines(watch.lines())
        return report
    if not sys.stderr.isatty() or getattr(arguments, "detail", "") == "quiet":
        return commands.report(arguments, asked)
    progress = Progress(sys.stderr)
    try:
        return commands.report(arguments, asked._replace(progress=progress.show))
    finally:
        progress.clear()


def _baseline(arguments: Namespace) -> int:
    """Write the findings of today; what could not be checked is told, for it has none."""
    from pathlib import Path

    from checker import baseline, display, output

    report = _scanned(arguments)
    output.write_file(Path(arguments.output), baseline.written(report))
    sys.stdout.write(f"Wrote {len(baseline.entries(report)):,} findings to {arguments.output}.\n")
    for problem in report.problems:
        sys.stderr.write(f"checker: not checked: {display.printable(f'{problem.path}: {problem.reason}')}\n")
    return _WRONG if report.problems else 0


def _diff(arguments: Namespace) -> int:
    from pathlib import Path

    from checker import sarif_diff

    difference = sarif_diff.compare(Path(arguments.before), Path(arguments.after))
    sys.stdout.writelines(difference.json() if arguments.format == "json" else difference.text())
    return int(bool(difference.new))


def _completion(arguments: Namespace) -> int:
    import shtab

    from checker.arguments import parser

    sys.stdout.write(shtab.complete(parser(), arguments.shell) + "\n")
    return 0


def _options(color: str) -> Options:
    """Return what standard output can show; see https://no-color.org for NO_COLOR."""
    from checker.formats import Options

    is_terminal = sys.stdout.isatty()
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    colour = color == "always" or (color == "auto" and is_terminal and not plain)
    if not is_terminal:
        return Options(colour, 80)
    import shutil

    return Options(colour, min(shutil.get_terminal_size().columns, 120))


def _print(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))


def _rules(arguments: Namespace) -> int:
    from checker import commands, listing

    _print(listing.rules(commands.policies(arguments.policies).catalog, arguments.pattern, arguments.format))
    return 0


def _explain(arguments: Namespace) -> int:
    from checker import commands, listing

    _print(listing.explain(commands.policies(arguments.policies), arguments.rule))
    return 0


def _compile(arguments: Namespace) -> int:
    from checker import commands

    _print(commands.compile_bundle(arguments.policies, arguments.output))
    return 0


def _rehearse(arguments: Namespace) -> int:
    from checker import webhook_commands

    progress = Progress(sys.stderr, "Objects read")
    show = progress.show if sys.stderr.isatty() else None
    try:
        is_typed = sys.stdin.isatty()
        rehearsal = webhook_commands.rehearsal(arguments, sys.stdin.buffer, is_typed=is_typed, progress=show)
    finally:
        progress.clear()
    if arguments.format == "json":
        from checker.webhook import rehearsal_json

        _print("".join(rehearsal_json.render(rehearsal)))
    else:
        from checker.webhook import rehearsal_text

        _print("".join(rehearsal_text.render(rehearsal, _options("never").width)))
    return rehearsal.exit_code


def _webhook(arguments: Namespace) -> int:
    return _WEBHOOK[arguments.webhook_command](arguments)


def _manifests(arguments: Namespace) -> int:
    from checker import webhook_commands
    from checker.webhook import manifests

    installation = webhook_commands.installation(arguments)
    if not installation.is_pinned:
        sys.stderr.write(f"checker: --image {installation.image}: names no digest, so what runs may change\n")
    _print(manifests.render(installation))
    return 0


def _chart(arguments: Namespace) -> int:
    from checker import webhook_commands

    _print(webhook_commands.chart(arguments.folder))
    return 0


_WEBHOOK: Final = {"rehearse": _rehearse, "manifests": _manifests, "chart": _chart}


def _upload(arguments: Namespace) -> int:
    from checker import display, upload_command

    def tell(line: str) -> None:
        sys.stderr.write(f"checker: {display.printable(line)}\n")

    text, code = upload_command.deliver(arguments, os.environ, tell)
    _print(text)
    return code


def _serve(arguments: Namespace) -> int:
    from checker import serve_commands, server

    return server.serve(*serve_commands.service(arguments))


_COMMANDS: Final = {
    "scan": _scan,
    "baseline": _baseline,
    "diff": _diff,
    "completion": _completion,
    "rules": _rules,
    "explain": _explain,
    "compile": _compile,
    "upload": _upload,
    "webhook": _webhook,
    "serve": _serve,
}
