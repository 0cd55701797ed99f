"""Describes the command line."""

from __future__ import annotations

import argparse
from typing import Final

from checker import __version__, argument_groups, upload_arguments, webhook_arguments
from checker.argument_types import Command, address, pair, positive, size
from checker.report import BASELINE
from checker.webhook import EXCLUDED

_EXIT_CODES: Final = """\
exit codes:
  0  nothing found, or nothing at or above --fail-on
  1  findings at or above --fail-on
  2  something could not be checked, or the command or configuration is wrong
  3  nothing was found to check
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser; the chosen command stands in `command`."""
    top: argparse.ArgumentParser = Command(
        prog="checker", description="Checks container configuration against Rego policies, to the exact line."
    )
    top.add_argument("--version", action="version", version=f"checker {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _scan(commands)
    _baseline(commands)
    _diff(commands)
    _rules(commands)
    _explain(commands)
    _compile(commands)
    upload_arguments.add(commands)
    _webhook(commands)
    _serve(commands)
    _completion(commands)
    return top


def _scan(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    scan = commands.add_parser(
        "scan", help="check files and folders", description="Check files and folders.", epilog=_EXIT_CODES
    )
    scan.add_argument("paths", nargs="*", metavar="PATH", help="file or folder, or - for standard input (default: .)")
    argument_groups.files(scan.add_argument_group("files"))
    argument_groups.selection(scan.add_argument_group("rules (each replaces the same key of .checker.yaml)"))
    accepted = scan.add_argument_group("findings that do not count")
    argument_groups.accepted(accepted)
    accepted.add_argument("--baseline", metavar="FILE", help="those that `checker baseline` wrote")
    accepted.add_argument("--since", metavar="REVISION", help="those that the files had when they left this revision")
    argument_groups.answer(scan.add_argument_group("answer"))
    argument_groups.processing(scan.add_argument_group("engine"))


def _baseline(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "Write the findings of today, so that `checker scan --baseline` fails on new ones only."
    baseline = commands.add_parser("baseline", help="write today's findings", description=text)
    baseline.set_defaults(format=None, baseline=None, since=None)
    baseline.add_argument("paths", nargs="*", metavar="PATH", help="file or folder (default: .)")
    baseline.add_argument("--output", metavar="FILE", default=BASELINE, help=f"default: {BASELINE}")
    argument_groups.files(baseline.add_argument_group("files"))
    argument_groups.selection(baseline.add_argument_group("rules (each replaces the same key of .checker.yaml)"))
    argument_groups.accepted(baseline.add_argument_group("findings that are left out"))
    argument_groups.processing(baseline.add_argument_group("engine"))


def _completion(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "Print what makes a shell complete the words of this program: source it where the shell starts."
    completion = commands.add_parser("completion", help="print completions for a shell", description=text)
    completion.add_argument("shell", choices=("bash", "zsh", "tcsh"))


def _diff(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "Tell which findings of a SARIF file another one does not have."
    diff = commands.add_parser("diff", help="compare two SARIF files", description=text, epilog=_DIFF_EXIT_CODES)
    diff.add_argument("before", metavar="BEFORE.sarif")
    diff.add_argument("after", metavar="AFTER.sarif")
    diff.add_argument("--format", choices=("text", "json"), default="text", help="default: text")


_DIFF_EXIT_CODES: Final = """\
exit codes:
  0  nothing is new
  1  there are new findings
  2  a file cannot be read
"""


def _rules(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    rules = commands.add_parser("rules", help="list the rules", description="List the rules.")
    rules.add_argument("pattern", nargs="?", default="*", metavar="PATTERN", help="on ids, such as */runs-as-root")
    rules.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    argument_groups.policies(rules)


def _explain(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    explain = commands.add_parser("explain", help="show a rule's page", description="Show a rule's page.")
    explain.add_argument("rule", metavar="ID", help="such as kubernetes/privileged")
    argument_groups.policies(explain)


def _compile(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "Compile own policies into a bundle that needs no opa."
    compiling = commands.add_parser("compile", help="compile own policies into a bundle", description=text)
    compiling.add_argument(
        "--policies", metavar="DIR", action="append", required=True, help="own policies (repeatable)"
    )
    compiling.add_argument("--output", metavar="FOLDER", required=True, help="folder to write the bundle to")


def _webhook(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "Prepare a cluster for the admission webhook."
    webhook = commands.add_parser("webhook", help="prepare a cluster for the admission webhook", description=text)
    commands_of_webhook = webhook.add_subparsers(dest="webhook_command", required=True, metavar="COMMAND")
    _rehearse(commands_of_webhook)
    webhook_arguments.add(commands_of_webhook)


_REHEARSE_EXIT_CODES: Final = """\
exit codes:
  0  nothing would be denied
  1  something would be denied
  2  something could not be read or judged, or the command or configuration is wrong
  3  there was nothing to judge
"""


def _rehearse(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    rehearse = commands.add_parser(
        "rehearse",
        help="tell what the webhook would do to existing objects",
        description="Tell what the webhook would do to existing objects if they were created now.",
        epilog=_REHEARSE_EXIT_CODES,
    )
    rehearse.set_defaults(exclude=None, fail_on=None)
    rehearse.add_argument("paths", nargs="*", metavar="PATH", help="file or folder (default: -, standard input)")
    rehearse.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    rehearse.add_argument("--max-file-size", metavar="SIZE", type=size, default=2**28, help="default: 256M")
    objects = rehearse.add_argument_group("objects (PATTERN is one on names of namespaces)")
    objects.add_argument("--namespace", metavar="NAME", default="default", help="of objects that name none")
    objects.add_argument("--owner-label", metavar="LABEL", default="", help="label of teams (default: controllers)")
    objects.add_argument(
        "--exclude-namespace", metavar="PATTERN", action="append", help=f"repeatable (default: {', '.join(EXCLUDED)})"
    )
    objects.add_argument(
        "--namespace-profile",
        metavar="PATTERN=NAME",
        action="append",
        type=pair,
        default=[],
        help="profile of namespaces, the first that matches (repeatable)",
    )
    objects.add_argument("--profile-label", metavar="LABEL", default="", help="of namespaces, names their profile")
    rules = rehearse.add_argument_group("rules (each replaces the same key of .checker.yaml)")
    rules.add_argument("--assume", choices=("deny", "warn"), help="mode of whatever is not ignored")
    argument_groups.chosen_rules(rules)
    argument_groups.configuration(rules)
    argument_groups.policies(rules)


def _serve(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "Answer the admission requests of a Kubernetes API server over HTTPS."
    serving = commands.add_parser("serve", help="run the admission webhook", description=text)
    serving.set_defaults(exclude=None, fail_on=None)
    server = serving.add_argument_group("server")
    server.add_argument("--certificate", metavar="FILE", required=True, help="chain in PEM, read again when it changes")
    server.add_argument("--key", metavar="FILE", required=True, help="its private key, read again as well")
    server.add_argument("--client-ca", metavar="FILE", help="clients must show a certificate signed by one of these")
    server.add_argument("--listen", metavar="HOST:PORT", type=address, default=address(":8443"), help="default: :8443")
    server.add_argument("--metrics", metavar="HOST:PORT", type=address, help="also show metrics, over plain HTTP")
    server.add_argument("--workers", metavar="N", type=positive, default=0, help="processes (default: processors)")
    server.add_argument("--queue", metavar="N", type=positive, default=100, help="that wait, a worker (default: 100)")
    server.add_argument("--connections", metavar="N", type=positive, default=500, help="a worker (default: 500)")
    server.add_argument("--drain-seconds", metavar="N", type=positive, default=5, help=_DRAIN)
    server.add_argument("--shutdown-seconds", metavar="N", type=positive, default=25, help=_SHUTDOWN)
    rules = serving.add_argument_group("rules (each replaces the same key of .checker.yaml)")
    argument_groups.chosen_rules(rules)
    argument_groups.configuration(rules)
    argument_groups.policies(rules)
    argument_groups.engine(serving.add_argument_group("engine"))


_DRAIN: Final = "requests are taken after SIGTERM (default: 5)"
_SHUTDOWN: Final = "until the end after SIGTERM (default: 25)"
