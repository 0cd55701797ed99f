"""Describes the command line."""

from __future__ import annotations

import argparse
from typing import Final

from checker import __version__, webhook_arguments
from checker.argument_types import address, pair, positive, size
from checker.formats import FORMATS
from checker.model import SEVERITIES
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
    top = argparse.ArgumentParser(
        prog="checker",
        description="Checks container configuration against Rego policies, to the exact line.",
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"checker {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _scan(commands)
    _rules(commands)
    _explain(commands)
    _compile(commands)
    _webhook(commands)
    _serve(commands)
    return top


def _scan(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    scan = commands.add_parser(
        "scan",
        help="check files and folders",
        description="Check files and folders.",
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    scan.add_argument("paths", nargs="*", metavar="PATH", help="file or folder, or - for standard input (default: .)")
    _files(scan.add_argument_group("files"))
    _selection(scan.add_argument_group("rules (each replaces the same key of .checker.yaml)"))
    _answer(scan.add_argument_group("answer"))
    engine = scan.add_argument_group("engine")
    engine.add_argument("--jobs", metavar="N", type=positive, default=0, help="documents at once (default: processors)")
    _engine(engine)


def _files(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--kind", help="kind of what standard input holds (default: told by its name and content)")
    group.add_argument("--stdin-name", metavar="PATH", default="stdin", help="name to report for standard input")
    group.add_argument("--root", metavar="DIR", help="folder that paths are relative to (default: the git work tree)")
    group.add_argument("--exclude", metavar="PATTERN", action="append", help="leave out paths (repeatable)")
    group.add_argument("--no-ignore-files", action="store_true", help="check what .gitignore files leave out as well")
    group.add_argument("--max-file-size", metavar="SIZE", type=size, default=64 * 2**20, help="default: 64M")
    group.add_argument("--trivy", action="store_true", help="let Trivy make a BOM of the tree, and check it as well")


def _selection(group: argparse._ArgumentGroup) -> None:
    _chosen_rules(group)
    group.add_argument("--fail-on", metavar="SEVERITY", choices=(*SEVERITIES, "never"), help=_FAIL_ON)
    group.add_argument(
        "--fail-on-unrendered", action="store_true", help="exit with 2 where files must be rendered first"
    )
    _configuration(group)
    _policies(group)


def _chosen_rules(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--profile", metavar="NAME", action="append", help="rules to start from (default: default)")
    group.add_argument("--select", metavar="PATTERN", action="append", help="rules to add (repeatable)")
    group.add_argument("--ignore", metavar="PATTERN", action="append", help="rules to leave out (repeatable)")


def _configuration(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--config", metavar="FILE", help="configuration (default: the nearest .checker.yaml upwards)")
    group.add_argument("--no-config", action="store_true", help="read no configuration file")


_FAIL_ON: Final = f"lowest severity that counts: {', '.join(SEVERITIES)} or never (default: low)"


def _policies(group: argparse._ActionsContainer) -> None:
    group.add_argument(
        "--policies", metavar="DIR", action="append", default=[], help="own policies, or a compiled bundle (repeatable)"
    )


def _answer(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--format",
        metavar="FORMAT[=FILE]",
        action="append",
        help=f"{', '.join(FORMATS)}; repeatable, at most once without FILE (default: text)",
    )
    group.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="default: auto")


def _engine(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--engine", choices=("wasm", "opa"), default="wasm", help="where rules run (default: wasm)")
    group.add_argument("--evaluation-memory", metavar="SIZE", type=size, help="of one evaluation (default: 1G)")
    group.add_argument("--evaluation-time", metavar="SECONDS", type=positive, help="of one evaluation (default: 30)")
    group.add_argument("--opa-url", metavar="URL", action="append", help="OPA server of --engine opa (repeatable)")
    group.add_argument("--opa-token-file", metavar="FILE", help="holds the token (default: $CHECKER_OPA_TOKEN)")
    group.add_argument("--opa-ca", metavar="FILE", help="certificates that the server's is checked against")
    group.add_argument("--opa-certificate", metavar="FILE", help="shows the server who asks")
    group.add_argument("--opa-key", metavar="FILE", help="private key of the certificate, where it is not in its file")
    group.add_argument("--opa-insecure", action="store_true", help="allow plain http beyond this machine")


def _rules(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    rules = commands.add_parser("rules", help="list the rules", description="List the rules.", allow_abbrev=False)
    rules.add_argument("pattern", nargs="?", default="*", metavar="PATTERN", help="on ids, such as */runs-as-root")
    rules.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    _policies(rules)


def _explain(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    explain = commands.add_parser(
        "explain", help="show a rule's page", description="Show a rule's page.", allow_abbrev=False
    )
    explain.add_argument("rule", metavar="ID", help="such as kubernetes/privileged")
    _policies(explain)


def _compile(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "Compile own policies into a bundle that needs no opa."
    compiling = commands.add_parser(
        "compile", help="compile own policies into a bundle", description=text, allow_abbrev=False
    )
    compiling.add_argument(
        "--policies", metavar="DIR", action="append", required=True, help="own policies (repeatable)"
    )
    compiling.add_argument("--output", metavar="FOLDER", required=True, help="folder to write the bundle to")


def _webhook(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "Prepare a cluster for the admission webhook."
    webhook = commands.add_parser(
        "webhook", help="prepare a cluster for the admission webhook", description=text, allow_abbrev=False
    )
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
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
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
    _chosen_rules(rules)
    _configuration(rules)
    _policies(rules)


def _serve(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "Answer the admission requests of a Kubernetes API server over HTTPS."
    serving = commands.add_parser("serve", help="run the admission webhook", description=text, allow_abbrev=False)
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
    _chosen_rules(rules)
    _configuration(rules)
    _policies(rules)
    _engine(serving.add_argument_group("engine"))


_DRAIN: Final = "requests are taken after SIGTERM (default: 5)"
_SHUTDOWN: Final = "until the end after SIGTERM (default: 25)"
