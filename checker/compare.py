"""Scans, and compares what is found with what was there before."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from checker.scan import find_root, scan

if TYPE_CHECKING:
    from collections.abc import Callable

    from checker.report import Report
    from checker.request import ScanRequest


def with_baseline(request: ScanRequest, file: Path) -> Report:
    """Scan, and compare with a file that `checker baseline` wrote; raises `CheckerError` first for what is none."""
    from checker import baseline

    entries = baseline.read(file)
    report = scan(request)
    return baseline.Comparison(file.as_posix(), entries, _exists(report)).apply(report)


def with_revision(request: ScanRequest, revision: str) -> Report:
    """Scan, and compare with the files as they were when they left a revision of the git repository.

    Those are scanned with the rules and the configuration of today. Raises `CheckerError` for a revision that the
    clone does not have.
    """
    from checker import baseline, history

    top = find_root(Path.cwd()).resolve()
    root = (request.root or top).resolve()
    with TemporaryDirectory(prefix="checker-") as temporary:
        folder = Path(temporary).resolve()
        past = history.extract(top, revision, folder)
        before = folder / root.relative_to(top)
        paths = [folder / Path(path).resolve().relative_to(top) for path in request.paths]
        earlier = request._replace(
            root=before,
            paths=tuple(str(path) for path in paths if path.exists()),
            standard_input=None,
            ignore_files=False,
            trivy=False,
            progress=None,
            today="",
            waivers=None,
        )
        entries = baseline.entries(scan(earlier)) if earlier.paths else []
    report = scan(request)
    name = f"{revision} ({past.commit[:12]})"
    return baseline.Comparison(name, entries, _exists(report), past.renames).apply(report)


def _exists(report: Report) -> Callable[[str], bool]:
    root = Path(report.root)
    return lambda path: (root / path).exists()
