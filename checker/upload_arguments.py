"""Describes the command line of `checker upload`."""

from __future__ import annotations

import argparse
from typing import Final

from checker.argument_types import positive

_EXIT_CODES: Final = """\
The token is read from GITHUB_TOKEN, else GH_TOKEN. What is not given is taken
from GITHUB_REF, GITHUB_SHA, GITHUB_REPOSITORY and GITHUB_API_URL, else from git.

exit codes:
  0  GitHub has processed the results (--no-wait: has taken them in)
  1  GitHub could not process the results
  2  the results could not be sent, or the command is wrong
"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `upload` to the commands."""
    upload = commands.add_parser(
        "upload",
        help="send a SARIF file to GitHub code scanning",
        description="Send a SARIF file to GitHub code scanning, without the results that are suppressed.",
        epilog=_EXIT_CODES,
    )
    upload.add_argument("file", metavar="FILE.sarif")
    upload.add_argument("--category", metavar="NAME", help="replaces only what was sent of the commit under this name")
    upload.add_argument("--ref", metavar="REF", help="such as refs/heads/main")
    upload.add_argument("--commit", metavar="SHA", help="that was scanned")
    upload.add_argument("--repository", metavar="OWNER/NAME", help="that it is in")
    upload.add_argument("--api-url", metavar="URL", help="such as https://HOST/api/v3")
    upload.add_argument("--no-wait", action="store_true", help="do not wait until the results are processed")
    upload.add_argument("--timeout", metavar="SECONDS", type=positive, default=300, help="of it all (default: 300)")
