"""Tests whole scans with the real rules and engine, and with an engine that misbehaves."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import pytest

from checker import bundles
from checker.bundles import Bundle
from checker.config import Settings
from checker.engines import Evaluation, Result
from checker.engines.wasm import WasmEngine
from checker.errors import CheckerError
from checker.model import JSON, Document, Problem, Selection
from checker.report import Report
from checker.request import ScanRequest, StandardInput
from checker.scan import find_root, scan

PROJECTS = Path(__file__).parent.parent / "fixtures" / "projects"
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: 'i:1'}]}\n"


@cache
def bundle() -> Bundle:
    return bundles.builtin()


def request(*paths: Path, root: Path, settings: Settings | None = None) -> ScanRequest:
    return ScanRequest(
        open_engine=partial(WasmEngine, bundle()),
        catalog=bundle().catalog,
        paths=tuple(str(path) for path in paths),
        root=root,
        settings=settings or Settings(),
    )


def found(report: Report) -> list[str]:
    return [f"{one.path}:{one.region.start_line}: {one.rule}" for one in report.findings]


@pytest.fixture
def service(tmp_path: Path, program: Callable[[str], Path]) -> Path:
    """Return a copy of the service with the pitfalls, committed as it is."""
    for file in (PROJECTS / "go-service").rglob("*"):
        if file.is_file():
            target = tmp_path / file.relative_to(PROJECTS / "go-service")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
    subprocess.run([program("git"), "init", "--quiet", tmp_path], check=True)
    subprocess.run(["git", "-C", tmp_path, "add", "."], check=True)
    return tmp_path


def test_the_service_with_the_pitfalls_is_told_every_one(service: Path) -> None:
    expected = (Path(__file__).parent / "golden" / "go-service.txt").read_text("utf-8").splitlines()
    assert found(scan(request(service, root=service))) == expected


def test_the_service_done_right_is_clean_even_by_the_default_of_every_kind() -> None:
    report = scan(request(PROJECTS / "go-service-fixed", root=PROJECTS))
    assert (report.findings, report.problems, report.exit_code) == ((), (), 0)
    assert {scanned.kind for scanned in report.scanned} == {"dockerfile", "env", "image", "kubernetes", "sbom"}


def test_the_report_is_the_same_for_any_number_of_processes(tmp_path: Path) -> None:
    for number in range(320):
        (tmp_path / f"{number}.yaml").write_text(POD.replace("name: p", f"name: p{number}"))
    (tmp_path / "broken.yaml").write_text("apiVersion: v1\nkind: Pod\n\tx\n")
    (tmp_path / ".env").write_text("API_TOKEN=3f9c2b7ad41e4f0f8a6d\n")
    one = request(tmp_path, root=tmp_path)
    reports = [scan(one._replace(jobs=jobs)) for jobs in (1, 2, 4)]
    assert reports[0] == reports[1] == reports[2]
    assert len(reports[0].scanned) == 321
    assert [problem.path for problem in reports[0].problems] == ["broken.yaml"]


def test_progress_counts_every_file(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(POD)
    (tmp_path / "b.yaml").write_text(POD)
    told: list[int] = []
    scan(request(tmp_path, root=tmp_path)._replace(progress=told.append))
    assert told == [1, 2]


def test_a_broken_file_is_a_problem_and_the_rest_is_checked(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: [\n")
    (tmp_path / "b.yaml").write_text(POD)
    (tmp_path / "c.Dockerfile").write_bytes(b"FROM scratch\nUSER 1\n\xff")
    (tmp_path / "d.yaml").write_bytes(POD.encode() + b"# \xff\n")
    report = scan(request(tmp_path, root=tmp_path))
    assert [problem.path for problem in report.problems] == ["a.yaml", "c.Dockerfile", "d.yaml"]
    assert [problem.region and problem.region.start_line for problem in report.problems] == [4, 3, 5]
    assert "b.yaml" in {finding.path for finding in report.findings}
    assert report.exit_code == 2


def test_what_no_kind_recognizes_is_counted_or_named(tmp_path: Path) -> None:
    (tmp_path / "values.yaml").write_text("a: 1\n---\nb: 2\n")
    (tmp_path / "package.json").write_text('{"name": "web"}')
    (tmp_path / "tsconfig.json").write_text("// why\n{}")
    (tmp_path / "broken.yaml").write_text("a: [\n")
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / "binary.yaml").write_bytes(b"\xff\x00\x01")
    report = scan(request(tmp_path, root=tmp_path))
    assert report.unclaimed == 3
    assert [skipped.path for skipped in report.skipped] == ["binary.yaml", "broken.yaml", "tsconfig.json"]
    assert [skipped.reason.partition(":")[0] for skipped in report.skipped] == [
        "byte 0xff is not UTF-8",
        "is not YAML",
        "is not JSON",
    ]
    assert report.exit_code == 3


def test_a_file_over_the_limit_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(POD)
    report = scan(request(tmp_path, root=tmp_path)._replace(max_file_size=10))
    assert [(problem.path, problem.reason) for problem in report.problems] == [("a.yaml", "is larger than 10 bytes")]


def test_a_file_that_vanishes_between_walk_and_reading_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.yaml").write_text(POD)
    gone = Problem("a.yaml", "cannot be read: No such file or directory")
    monkeypatch.setattr("checker.discovery.Discovery.load", lambda *_: gone)
    assert scan(request(tmp_path, root=tmp_path)).problems == (gone,)


@pytest.mark.parametrize("kind", ["kubernetes", None])
def test_standard_input_is_checked_as_its_kind_or_its_name_says(kind: str | None, tmp_path: Path) -> None:
    given = StandardInput(POD.encode(), kind, "pod.yaml")
    report = scan(
        request(root=tmp_path, settings=Settings(select=("kubernetes/privileged",)))._replace(standard_input=given)
    )
    assert [(one.path, one.kind, one.documents) for one in report.scanned] == [("pod.yaml", "kubernetes", 1)]
    assert "kubernetes/runs-as-root" in {finding.rule for finding in report.findings}


def test_standard_input_takes_part_in_rules_over_several_files(tmp_path: Path) -> None:
    (tmp_path / ".env.example").write_text("PORT=1\n")
    given = StandardInput(b"PORT=1\nEXTRA=2\n", "env", ".env.production")
    report = scan(request(tmp_path, root=tmp_path)._replace(standard_input=given))
    assert [line for line in found(report) if "env-key-missing" in line] == [
        ".env.production:2: project/env-key-missing"
    ]


def test_paths_are_shown_as_given_and_reported_relative_to_the_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy" / "pod.yaml").write_text(POD)
    monkeypatch.chdir(tmp_path / "deploy")
    report = scan(request(root=tmp_path)._replace(paths=(".",)))
    assert report.shown_paths == {"deploy/pod.yaml": "pod.yaml"}
    assert {finding.path for finding in report.findings} == {"deploy/pod.yaml"}


def test_the_root_is_the_work_tree_that_holds_the_working_directory(
    tmp_path: Path, program: Callable[[str], Path]
) -> None:
    subprocess.run([program("git"), "init", "--quiet", tmp_path / "repository"], check=True)
    inner = tmp_path / "repository" / "a" / "b"
    inner.mkdir(parents=True)
    assert find_root(inner) == tmp_path / "repository"
    assert find_root(tmp_path) == tmp_path


def test_an_unknown_rule_ends_the_scan_before_it_starts(tmp_path: Path) -> None:
    with pytest.raises(CheckerError, match="kubernetes/privileged"):
        scan(request(tmp_path, root=tmp_path, settings=Settings(select=("kubernetes/priviliged",))))


class Misbehaving:
    """Answers a path that no document has, and for a document that it was not given."""

    revision = "none"

    def __init__(self, _selection: Selection) -> None:
        self.closed = False

    def evaluate(self, document: Document, _seconds: float | None = None) -> Evaluation:
        results = (Result("kubernetes/privileged", ((1, 2),), "m"),)  # type: ignore[arg-type]
        return Evaluation(results, ({"type": "x"},), (Problem(document.source.path, "told by the engine"),))

    def evaluate_project(self, documents: JSON) -> Evaluation:
        assert [one["kind"] for one in documents] == ["kubernetes", "tree"]
        return Evaluation((Result("project/env-key-missing", ("a",), "m", "gone.env"),))

    def close(self) -> None:
        self.closed = True


def test_what_an_engine_answers_wrongly_is_a_problem_of_the_rule(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(POD)
    report = scan(request(tmp_path, root=tmp_path)._replace(open_engine=Misbehaving))
    assert report.findings == ()
    assert [(problem.path, problem.reason) for problem in report.problems] == [
        ("", "rule project/env-key-missing answered for a document that it was not given"),
        ("a.yaml", "rule kubernetes/privileged answered a path that cannot be located (TypeError)"),
        ("a.yaml", "told by the engine"),
    ]
