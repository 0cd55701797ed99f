"""Adds the options that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from checker.argument_types import positive, size
from checker.formats import FORMATS
from checker.model import SEVERITIES
from checker.waivers import NAME as WAIVERS

if TYPE_CHECKING:
    import argparse


def files(group: argparse._ArgumentGroup) -> None:
    """Add which files are checked."""
    group.add_argument("--kind", help="of standard input (default: told by its name and content)")
    group.add_argument("--stdin-name", metavar="PATH", default="stdin", help="name to report for standard input")
    group.add_argument("--root", metavar="DIR", help="folder that paths are relative to (default: the git work tree)")
    group.add_argument("--exclude", metavar="PATTERN", action="append", help="leave out paths (repeatable)")
    group.add_argument("--no-ignore-files", action="store_true", help="check what .gitignore files leave out as well")
    group.add_argument("--max-file-size", metavar="SIZE", type=size, default=64 * 2**20, help="default: 64M")
    group.add_argument("--trivy", action="store_true", help="let Trivy make a BOM of the tree, and check it as well")


def selection(group: argparse._ArgumentGroup) -> None:
    """Add which rules are asked, and what they make of the exit code."""
    chosen_rules(group)
    group.add_argument("--fail-on", metavar="SEVERITY", choices=(*SEVERITIES, "never"), help=_FAIL_ON)
    group.add_argument(
        "--fail-on-unrendered", action="store_true", help="exit with 2 where files must be rendered first"
    )
    configuration(group)
    policies(group)


_FAIL_ON: Final = f"lowest that counts: {', '.join(SEVERITIES)} or never (default: low)"


def accepted(group: argparse._ArgumentGroup) -> None:
    """Add which findings do not count."""
    group.add_argument("--waivers", metavar="FILE", help=f"those with a waiver (default: {WAIVERS} at the root)")
    group.add_argument("--import-ignores", action="store_true", help="those that comments for other tools ignore")
    group.add_argument("--no-waivers", action="store_true", help="let no waiver count, those in files neither")


def chosen_rules(group: argparse._ArgumentGroup) -> None:
    """Add which rules are asked."""
    group.add_argument("--profile", metavar="NAME", action="append", help="rules to start from (default: default)")
    group.add_argument("--select", metavar="PATTERN", action="append", help="rules to add (repeatable)")
    group.add_argument("--ignore", metavar="PATTERN", action="append", help="rules to leave out (repeatable)")


def configuration(group: argparse._ArgumentGroup) -> None:
    """Add where the configuration is."""
    group.add_argument("--config", metavar="FILE", help="configuration (default: the nearest .checker.yaml upwards)")
    group.add_argument("--no-config", action="store_true", help="read no configuration file")


def policies(group: argparse._ActionsContainer) -> None:
    """Add own policies."""
    group.add_argument(
        "--policies", metavar="DIR", action="append", default=[], help="own policies, or a compiled bundle (repeatable)"
    )


def answer(group: argparse._ArgumentGroup) -> None:
    """Add what is written where."""
    group.add_argument(
        "--format",
        metavar="FORMAT[=FILE]",
        action="append",
        help=f"{', '.join(FORMATS)}; repeatable, at most once without FILE (default: text)",
    )
    group.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="default: auto")
    detail = group.add_mutually_exclusive_group()
    detail.set_defaults(detail="normal")
    for short, word, text in (("-q", "quiet", "findings and verdict alone"), ("-v", "verbose", "each file as well")):
        detail.add_argument(short, f"--{word}", dest="detail", action="store_const", const=word, help=text)
    detail.add_argument("--debug", action="store_true", help="also how long each rule takes, one process, on stderr")


def processing(group: argparse._ArgumentGroup) -> None:
    """Add how documents are worked through."""
    group.add_argument("--jobs", metavar="N", type=positive, default=0, help="documents at once (default: processors)")
    engine(group)


def engine(group: argparse._ArgumentGroup) -> None:
    """Add where rules are evaluated."""
    group.add_argument("--engine", choices=("wasm", "opa"), default="wasm", help="where rules run (default: wasm)")
    group.add_argument("--evaluation-memory", metavar="SIZE", type=size, help="of one evaluation (default: 1G)")
    group.add_argument("--evaluation-time", metavar="SECONDS", type=positive, help="of one evaluation (default: 30)")
    group.add_argument("--opa-url", metavar="URL", action="append", help="OPA server of --engine opa (repeatable)")
    group.add_argument("--opa-token-file", metavar="FILE", help="holds the token (default: $CHECKER_OPA_TOKEN)")
    group.add_argument("--opa-ca", metavar="FILE", help="certificates that the server's is checked against")
    group.add_argument("--opa-certificate", metavar="FILE", help="shows the server who asks")
    group.add_argument("--opa-key", metavar="FILE", help="private key of the certificate, where it is not in its file")
    group.add_argument("--opa-insecure", action="store_true", help="allow plain http beyond this machine")
