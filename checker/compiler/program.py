"""Runs the `opa` program of the user."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from checker.errors import CheckerError

if TYPE_CHECKING:
    from collections.abc import Mapping

OLDEST: Final = (1, 12)
"""The first version that knows template strings."""

TIMEOUT: Final = 120.0
"""Seconds after which an `opa` that does not come back is given up."""

ADVICE: Final = (
    "compiling policies needs the program `opa` 1.12 or newer on the PATH: download it from "
    "https://www.openpolicyagent.org/docs/#1-download-opa, or load a bundle that `checker compile` wrote elsewhere"
)

_LOCATION: Final = re.compile(r"(?P<file>[^\s:]+\.rego):(?P<row>\d+)")
_PREFIX: Final = re.compile(r"^(error: )?(bundle \S+: )?(\d+ errors? occurred: *\n?)?")


@dataclass(frozen=True, slots=True)
class Opa:
    """Runs one `opa` in one folder; `files` maps the names of the files there to the paths that the user knows."""

    executable: Path
    folder: Path
    files: Mapping[str, Path]

    def json(self, *arguments: str) -> Any:
        """Return what a command with `--format json` prints; raises `CheckerError` with its errors otherwise."""
        finished = self._run(*arguments, "--format", "json")
        if finished.returncode:
            answer = _object(finished.stdout) or _object(finished.stderr)
            raise CheckerError(self._explain(answer, finished.stderr or finished.stdout))
        return _object(finished.stdout) or {}

    def run(self, *arguments: str) -> None:
        """Run a command that only succeeds or fails; raises `CheckerError` with its errors."""
        finished = self._run(*arguments)
        if finished.returncode:
            raise CheckerError(self._explain(None, finished.stderr or finished.stdout))

    def require_version(self) -> None:
        """Raise `CheckerError` where the program is older than the language that policies are written in."""
        match = re.search(r"^Version: (\d+)\.(\d+)", self._run("version").stdout, re.MULTILINE)
        if not match or (int(match[1]), int(match[2])) < OLDEST:
            message = f"{self.executable}: is too old, or no opa; {ADVICE}"
            raise CheckerError(message)

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(
                [self.executable, *arguments],
                cwd=self.folder,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=TIMEOUT,
                check=False,
                env={**os.environ, "NO_COLOR": "1"},
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            message = f"{self.executable}: cannot be run ({type(error).__name__}); {ADVICE}"
            raise CheckerError(message) from None

    def _explain(self, answer: Any, output: str) -> str:
        """Return OPA's errors, one a line, with the user's paths."""
        if isinstance(answer, dict) and isinstance(answer.get("errors"), list):
            return "\n".join(self._error(error) for error in answer["errors"])
        lines = [line for line in _PREFIX.sub("", output).splitlines() if line.strip()]
        return self._translate("\n".join(lines) or f"{self.executable}: failed without a word; {ADVICE}")

    def _error(self, error: Mapping[str, Any]) -> str:
        location = error.get("location") or {}
        file = str(location.get("file", ""))
        path = self.files.get(file.removeprefix("./"), file)
        return f"{path}:{location.get('row', 1)}: {self._translate(str(error.get('message', '')))}"

    def _translate(self, text: str) -> str:
        return _LOCATION.sub(lambda match: f"{self.files.get(match['file'], match['file'])}:{match['row']}", text)


def find() -> Path:
    """Return the path of `opa`, from `CHECKER_OPA` or the PATH; raises `CheckerError` that says how to get one."""
    found = os.environ.get("CHECKER_OPA") or shutil.which("opa")
    if not found:
        raise CheckerError(ADVICE)
    return Path(found).absolute()


def _object(text: str) -> dict[str, Any] | None:
    """Return a JSON object, None for any other text."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
