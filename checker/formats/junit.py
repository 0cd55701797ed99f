"""Renders a report as JUnit XML, as Jenkins, GitLab and Azure Pipelines read it.

A file is a test suite and a finding in it a test that fails, so that one sees the file and, by class name, the rule; a
file without findings is a test that passes. The shape is that of Jenkins' junit-10.xsd.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from checker.xml_text import attributes, content

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checker.formats import Options
    from checker.model import Finding, Problem, Rule
    from checker.report import Report


class _Case(NamedTuple):
    suite: str
    outcome: str
    """`passed`, `failures`, `errors` or `skipped`, as the attributes of a suite count them."""
    text: str


def render(report: Report, _options: Options) -> Iterator[str]:
    """Yield a document with a suite for each file that was checked or could not be."""
    rules = {rule.id: rule for rule in report.rules}
    cases = [_finding(finding, rules[finding.rule], report) for finding in report.findings]
    cases += [_problem(problem) for problem in report.problems]
    told = {case.suite for case in cases}
    cases += [_clean(path) for path in sorted({one.path for one in report.scanned} - told)]
    cases.sort(key=lambda case: case.suite)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f"<testsuites{attributes({'name': 'checker', **_counts(cases)})}>\n"
    for suite, members in groupby(cases, key=lambda case: case.suite):
        found = list(members)
        yield f"  <testsuite{attributes({'name': suite, **_counts(found), 'skipped': _count(found, 'skipped')})}>\n"
        yield from (case.text for case in found)
        yield "  </testsuite>\n"
    yield "</testsuites>\n"


def _counts(cases: list[_Case]) -> dict[str, str | int]:
    return {"tests": len(cases), "failures": _count(cases, "failures"), "errors": _count(cases, "errors")}


def _count(cases: list[_Case], outcome: str) -> int:
    return sum(case.outcome == outcome for case in cases)


def _finding(finding: Finding, rule: Rule, report: Report) -> _Case:
    """Return the test of a finding: skipped where it is accepted or known, passed where it does not count."""
    region = finding.region
    name = f"{region.start_line}:{region.start_column} {finding.message}"
    place = f"{finding.path}:{region.start_line}:{region.start_column}"
    if finding.suppression is not None or finding.is_known:
        why = finding.suppression.reason if finding.suppression else f"known from {report.compared}"
        inner, outcome = f"      <skipped{attributes({'message': why})}/>\n", "skipped"
    elif report.counts(finding):
        code = "\n".join(finding.frame.lines)
        told = f"{place}: {finding.message}\n\n{code}\n\n{rule.remediation.strip()}\n"
        values: dict[str, str | int] = {"message": finding.message, "type": finding.severity}
        inner, outcome = f"      <failure{attributes(values)}>{content(told)}</failure>\n", "failures"
    else:
        told = f"{place}: {finding.severity}: {finding.message}, which does not count"
        inner, outcome = f"      <system-out>{content(told)}</system-out>\n", "passed"
    return _Case(finding.path, outcome, _case(name, finding.rule, inner))


def _problem(problem: Problem) -> _Case:
    place = f"{problem.region.start_line}:{problem.region.start_column} " if problem.region else ""
    inner = (
        f"      <error{attributes({'message': problem.reason, 'type': 'problem'})}>{content(problem.advice)}</error>\n"
    )
    return _Case(problem.path or "checker", "errors", _case(f"{place}{problem.reason}", "checker/problem", inner))


def _clean(path: str) -> _Case:
    return _Case(path, "passed", f"    <testcase{attributes({'name': 'no findings', 'classname': 'checker'})}/>\n")


def _case(name: str, rule: str, inner: str) -> str:
    return f"    <testcase{attributes({'name': name, 'classname': rule})}>\n{inner}    </testcase>\n"
