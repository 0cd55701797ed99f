"""Renders a report for people: findings with their lines of code, then what was not checked, then the verdict."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from typing import TYPE_CHECKING, Final

from checker.display import columns, excerpt, flow, printable, wrap
from checker.verdict import count, fresh, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from checker.formats import Options
    from checker.model import Finding, Rule, Severity, Skipped, Unrendered
    from checker.report import Report
    from checker.text import Region

_NARROWEST: Final = 40
"""Terminals with fewer columns get lines of this width, which they break as they like."""

_NAMED: Final = 3
"""How many files that share a reason are named."""

_BOLD: Final = "1"
_DIM: Final = "2"
_COLOURS: Final[dict[Severity, str]] = {"low": "36", "medium": "33", "high": "31", "critical": "1;31"}
_VERDICT_COLOURS: Final = ("1;32", "1;31", "1;31", "1;33")


def render(report: Report, options: Options) -> Iterator[str]:
    """Yield the report; advice and link of a rule stand at its first finding only."""
    yield from _Text(report, options).pieces()


class _Text:
    """Writes one report."""

    def __init__(self, report: Report, options: Options) -> None:
        self._report = report
        self._width = max(options.width, _NARROWEST)
        self._colour = options.colour
        self._detail = options.detail
        self._rules = {rule.id: rule for rule in report.rules}
        self._explained: set[str] = set()

    def pieces(self) -> Iterator[str]:
        report = self._report
        told = fresh(report)
        for path, findings in groupby(told, key=lambda finding: finding.path):
            yield f"{self._paint(self._shown(path), _BOLD)}\n\n"
            region = None
            for finding in findings:
                yield from self._finding(finding, is_framed=finding.region != region)
                region = finding.region
        if self._detail != "quiet":
            yield from self._suppressed()
            yield from self._fixed()
            yield from self._notices()
        yield from self._problems()
        if self._detail != "quiet":
            yield from self._reasons("Not rendered", report.unrendered)
            yield from self._reasons("Skipped", report.skipped)
        if self._detail == "verbose":
            yield from self._checked()
        if self._detail != "quiet":
            yield from self._summary()
        yield from self._verdict()

    def _paint(self, text: str, colour: str) -> str:
        return f"\033[{colour}m{text}\033[0m" if self._colour else text

    def _shown(self, path: str, region: Region | None = None) -> str:
        shown = printable(self._report.shown_paths.get(path, path))
        return shown if region is None else f"{shown}:{region.start_line}:{region.start_column}"

    def _wrapped(self, text: str, first: str, indent: str) -> Iterator[str]:
        """Yield a paragraph that begins with `first`, its further lines with `indent`."""
        for line in wrap(text, self._width - columns(indent)):
            yield f"{first}{line}\n"
            first = indent

    def _finding(self, finding: Finding, *, is_framed: bool) -> Iterator[str]:
        """Yield one finding; the frame is left out where the one above shows it."""
        place = f"{finding.region.start_line}:{finding.region.start_column}"
        severity = self._paint(finding.severity, _COLOURS[finding.severity])
        indent = " " * (5 + len(place) + len(finding.severity))
        yield from self._wrapped(finding.message, f"  {self._paint(place, _BOLD)} {severity}: ", indent)
        gutter = " " * (3 + len(str(finding.frame.first + len(finding.frame.lines) - 1)))
        if is_framed:
            yield from self._frame(finding, gutter)
        yield f"{gutter}{self._paint('=', _DIM)} {self._paint(finding.rule, _BOLD)}\n"
        rule = self._rules[finding.rule]
        if rule.id not in self._explained and self._detail != "quiet":
            self._explained.add(rule.id)
            yield from self._advice(rule, f"{gutter}  ")
        yield "\n"

    def _advice(self, rule: Rule, indent: str) -> Iterator[str]:
        for line in flow(rule.remediation, self._width - len(indent)):
            yield f"{indent}{line}".rstrip() + "\n"
        for link in rule.references[:1]:
            yield f"{indent}{self._paint(printable(link), _DIM)}\n"

    def _frame(self, finding: Finding, gutter: str) -> Iterator[str]:
        """Yield the lines of code, the finding's part of its first line underlined."""
        frame = finding.frame
        bar = self._paint("|", _DIM)
        room = self._width - len(gutter) - 2
        for number, line in enumerate(frame.lines, frame.first):
            is_first = number == frame.line
            start, end = (frame.start, frame.end) if is_first else (0, 0)
            code, offset, length = excerpt(line.rstrip(), start, end, room)
            margin = self._paint(f"{number:>{len(gutter) - 1}} ", _DIM)
            yield f"{margin}{bar} {code}".rstrip() + "\n"
            if is_first:
                yield f"{gutter}{bar} {' ' * offset}{self._paint('^' * length, _COLOURS[finding.severity])}\n"

    def _heading(self, text: str) -> str:
        return f"{self._paint(text, _BOLD)}\n"

    def _suppressed(self) -> Iterator[str]:
        suppressed = [(one, one.suppression) for one in self._report.findings if one.suppression is not None]
        if not suppressed:
            return
        yield self._heading("Suppressed")
        for finding, suppression in suppressed:
            place = self._shown(finding.path, finding.region)
            by = f", {suppression.owner}" if suppression.owner else ""
            until = f", until {suppression.until}" if suppression.until else ""
            yield from self._wrapped(f"{place}: {finding.rule}: {suppression.reason}{by}{until}", "  ", "    ")
        yield "\n"

    def _fixed(self) -> Iterator[str]:
        if not self._report.fixed:
            return
        yield self._heading(f"Fixed since {printable(self._report.compared)}")
        for one in self._report.fixed:
            yield from self._wrapped(f"{self._shown(one.path)}: {one.rule}: {one.message}", "  ", "    ")
        yield "\n"

    def _notices(self) -> Iterator[str]:
        if not self._report.notices:
            return
        yield self._heading("Waivers to look at")
        for notice in self._report.notices:
            yield from self._wrapped(f"{self._shown(notice.path, notice.region)}: {notice.reason}", "  ", "    ")
        yield "\n"

    def _problems(self) -> Iterator[str]:
        if not self._report.problems:
            return
        yield self._heading("Not checked")
        for problem in self._report.problems:
            place = f"{self._shown(problem.path, problem.region)}: " if problem.path else ""
            yield from self._wrapped(f"{place}{problem.reason}", "  ", "    ")
            if problem.advice:
                yield from self._wrapped(problem.advice, "    ", "    ")
        yield "\n"

    def _reasons(self, title: str, files: Sequence[Skipped] | Sequence[Unrendered]) -> Iterator[str]:
        """Yield one entry for each reason, with how many files it concerns and the first of them."""
        if not files:
            return
        paths: defaultdict[str, list[str]] = defaultdict(list)
        for file in files:
            paths[file.reason].append(self._shown(file.path))
        yield self._heading(title)
        for reason, named in paths.items():
            more = 0 if self._detail == "verbose" else len(named) - _NAMED
            listed = [*named[:_NAMED], f"{count(more, 'more')}"] if more > 0 else named
            yield from self._wrapped(f"{reason}: {', '.join(listed)}", "  ", "    ")
        yield "\n"

    def _summary(self) -> Iterator[str]:
        report = self._report
        files: defaultdict[str, set[str]] = defaultdict(set)
        for scanned in report.scanned:
            files[scanned.kind].add(scanned.path)
        kinds = ", ".join(f"{len(paths):,} {kind}" for kind, paths in sorted(files.items()))
        total = len({scanned.path for scanned in report.scanned})
        documents = count(sum(scanned.documents for scanned in report.scanned), "document")
        checked = f"Checked {count(total, 'file')}" + (f" ({kinds}; {documents})" if kinds else "")
        yield from self._wrapped(f"{checked} with {count(len(report.rules), 'rule')}.", "", "  ")
        left_out = {
            "skipped": len(report.skipped),
            "not rendered": len(report.unrendered),
            "of no known kind": report.unclaimed,
            "suppressed": sum(finding.suppression is not None for finding in report.findings),
            f"known from {printable(report.compared)}": sum(
                finding.is_known for finding in report.findings if finding.suppression is None
            ),
        }
        told = [f"{number:,} {what}" for what, number in left_out.items() if number]
        if told:
            yield from self._wrapped(f"Left out: {', '.join(told)}.", "", "  ")

    def _checked(self) -> Iterator[str]:
        if not self._report.scanned:
            return
        yield self._heading("Checked")
        for one in self._report.scanned:
            yield from self._wrapped(
                f"{self._shown(one.path)}: {count(one.documents, f'{one.kind} document')}", "  ", "    "
            )
        yield "\n"

    def _verdict(self) -> Iterator[str]:
        first, *rest = wrap(verdict(self._report), self._width)
        word, colon, remainder = first.partition(":")
        yield f"{self._paint(word, _VERDICT_COLOURS[self._report.exit_code])}{colon}{remainder}\n"
        for line in rest:
            yield f"  {line}\n"
