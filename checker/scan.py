"""Runs a scan: files in, report out."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from checker import __version__, findings, normalizers
from checker.config import Settings
from checker.discovery import DEFAULT_MAX_FILE_SIZE, Candidate, Discovery
from checker.errors import InputError
from checker.model import Document, Finding, Problem, Report, Rule, Scanned, Skipped, SourceFile, Unrendered
from checker.selection import select
from checker.worktree import find_work_tree

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

    from checker.catalog import Catalog
    from checker.engines import Engine, Evaluation, Result
    from checker.model import JSON, Selection

_AHEAD: Final = 64
"""How many files may wait for their evaluation: enough to keep every worker busy, few enough to keep memory flat."""

_WITHOUT_THREADS: Final = 4
"""How many documents are evaluated before threads are worth their start."""


@dataclass(frozen=True, slots=True)
class StandardInput:
    """Holds what came on standard input: its content, its kind where the user named one, and the name to report."""

    content: bytes = field(repr=False)
    kind: str | None = None
    name: str = "stdin"


@dataclass(frozen=True, slots=True)
class ScanRequest:
    """Says what to scan; `open_engine` makes the engine for what the settings select."""

    open_engine: Callable[[Selection], Engine]
    catalog: Catalog
    paths: tuple[str, ...] = (".",)
    standard_input: StandardInput | None = None
    root: Path | None = None
    settings: Settings = field(default_factory=Settings)
    jobs: int = 0
    """How many documents are evaluated at once; 0 means as many as there are processors."""
    max_file_size: int = DEFAULT_MAX_FILE_SIZE
    ignore_files: bool = True
    fail_on_unrendered: bool = False
    trivy: bool = False
    progress: Callable[[int], None] | None = None
    """Called with the number of files done so far."""


def find_root(folder: Path) -> Path:
    """Return the root that paths are relative to: the git work tree that holds a folder, else the folder."""
    work_tree = find_work_tree(folder)
    return folder if work_tree is None else work_tree.top


def scan(request: ScanRequest) -> Report:
    """Scan what a request names; raises `CheckerError` for what makes a scan impossible."""
    selection = select(request.catalog, request.settings)
    root = (request.root or find_root(Path.cwd())).resolve()
    discovery = Discovery(
        root,
        normalizers.is_wanted,
        lambda name: normalizers.claimed_by_name(name) is not None,
        ignore_files=request.ignore_files,
        exclude=request.settings.exclude,
        max_file_size=request.max_file_size,
    )
    engine = request.open_engine(selection)
    try:
        run = _Run(request, selection, discovery, engine)
        run.check_files()
        return run.report(root)
    finally:
        engine.close()


def _processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(slots=True)
class _Pending:
    """Holds one file whose documents are being evaluated."""

    source: SourceFile
    documents: list[Document]
    evaluations: list[Callable[[], Evaluation]]


class _Run:
    """Collects what one scan finds."""

    def __init__(self, request: ScanRequest, selection: Selection, discovery: Discovery, engine: Engine) -> None:
        self._request = request
        self._selection = selection
        self._rules: Mapping[str, Rule] = {rule.id: rule for rule in selection.rules}
        self._discovery = discovery
        self._engine = engine
        self._findings: list[Finding] = []
        self._problems: list[Problem] = []
        self._unrendered: list[Unrendered] = []
        self._skipped: list[Skipped] = []
        self._scanned: list[Scanned] = []
        self._shown: dict[str, str] = {}
        self._unclaimed = 0
        self._with_facts: dict[str, tuple[Document, findings.FileSecrets, tuple[JSON, ...]]] = {}

    def check_files(self) -> None:
        """Read, normalize and evaluate every file, in order, evaluations running ahead on other threads."""
        waiting: deque[_Pending] = deque()
        with ExitStack() as stack:
            submit = self._submitter(stack)
            for source, documents in self._normalized():
                waiting.append(_Pending(source, documents, [submit(document) for document in documents]))
                if len(waiting) >= _AHEAD:
                    self._finish(waiting.popleft())
            while waiting:
                self._finish(waiting.popleft())
        if self._selection.has_project_rules:
            self._check_project()

    def _submitter(self, stack: ExitStack) -> Callable[[Document], Callable[[], Evaluation]]:
        """Return what starts the evaluation of a document, and gives back what waits for its end.

        The first documents are evaluated at once: where there are no more, threads would only cost start-up time.
        """
        started = 0
        pool: ThreadPoolExecutor | None = None

        def submit(document: Document) -> Callable[[], Evaluation]:
            nonlocal started, pool
            started += 1
            if started <= _WITHOUT_THREADS or self._request.jobs == 1:
                evaluation = self._engine.evaluate(document)
                return lambda: evaluation
            if pool is None:
                from concurrent.futures import ThreadPoolExecutor

                pool = stack.enter_context(ThreadPoolExecutor(self._request.jobs or _processors()))
            return pool.submit(self._engine.evaluate, document).result

        return submit

    def _sources(self) -> Iterator[SourceFile]:
        given = self._request.standard_input
        if given is not None:
            yield SourceFile(given.name, given.content, given.name)
        # The walk is finished before the first file is read: normalizers ask the tree what lies beside a file.
        for found in list(self._discovery.walk(self._request.paths)):
            if isinstance(found, Problem):
                self._problems.append(found)
            elif isinstance(found, Skipped):
                self._skipped.append(found)
            else:
                yield from self._load(found)

    def _load(self, candidate: Candidate) -> Iterator[SourceFile]:
        if candidate.shown != candidate.path:
            self._shown[candidate.path] = candidate.shown
        loaded = self._discovery.load(candidate)
        if isinstance(loaded, Problem):
            self._problems.append(loaded)
        else:
            yield loaded

    def _normalized(self) -> Iterator[tuple[SourceFile, list[Document]]]:
        for number, source in enumerate(self._sources(), 1):
            normalizer = self._normalizer(source)
            if normalizer is None:
                continue
            documents = []
            for item in normalizer.normalize(source, self._discovery):
                if isinstance(item, Problem):
                    self._problems.append(item)
                elif isinstance(item, Unrendered):
                    self._unrendered.append(item)
                elif isinstance(item, Skipped):
                    self._skipped.append(item)
                else:
                    documents.append(item)
            if documents:
                self._scanned.append(Scanned(source.path, normalizer.KIND, len(documents), len(source.content)))
                yield source, documents
            if self._request.progress is not None:
                self._request.progress(number)

    def _normalizer(self, source: SourceFile) -> normalizers.Normalizer | None:
        given = self._request.standard_input
        if given is not None and given.kind is not None and source.content is given.content:
            return normalizers.of_kind(given.kind)
        try:
            normalizer = normalizers.recognize(source)
        except InputError as error:
            self._skipped.append(Skipped(source.path, error.reason))
            return None
        if normalizer is None:
            self._unclaimed += 1
        return normalizer

    def _finish(self, pending: _Pending) -> None:
        secrets = findings.FileSecrets.of(pending.documents)
        for document, wait in zip(pending.documents, pending.evaluations, strict=True):
            evaluation = wait()
            self._problems.extend(evaluation.problems)
            results = evaluation.results
            if not self._selection.report_implied:
                results = tuple(findings.without_implied(results, self._rules))
            for result in results:
                self._add(document, result, secrets)
            if evaluation.facts:
                self._with_facts[document.id] = document, secrets, evaluation.facts

    def _add(self, document: Document, result: Result, secrets: findings.FileSecrets) -> None:
        try:
            self._findings.append(findings.make(document, result, self._rules[result.rule], secrets))
        except (LookupError, TypeError, ValueError) as error:
            reason = f"rule {result.rule} answered a path that cannot be located ({type(error).__name__})"
            self._problems.append(Problem(document.source.path, reason))

    def _check_project(self) -> None:
        """Give the facts of all documents to the project rules, once."""
        tree = [
            {"type": "file", "path": path, "size": entry.size, "executable": entry.executable}
            | {"tracked": self._discovery.tracks(path), "ignored": self._discovery.ignores(path)}
            for path, entry in sorted(self._discovery.entries.items())
            if normalizers.claimed_by_name(path.rpartition("/")[2]) is not None
        ]
        documents = [
            {"id": name, "kind": document.kind, "source": document.source.path, "facts": list(facts)}
            for name, (document, _, facts) in self._with_facts.items()
        ]
        documents.append({"id": "", "kind": "tree", "source": "", "facts": tree})
        evaluation = self._engine.evaluate_project(documents)
        self._problems.extend(evaluation.problems)
        for result in evaluation.results:
            if result.document in self._with_facts:
                document, secrets, _ = self._with_facts[result.document]
                self._add(document, result, secrets)
            else:
                reason = f"rule {result.rule} answered for a document that it was not given"
                self._problems.append(Problem("", reason))

    def report(self, root: Path) -> Report:
        """Return everything that was collected, sorted."""
        return Report(
            version=__version__,
            revision=self._engine.revision,
            root=root.as_posix(),
            fail_on=self._request.settings.fail_on,
            fail_on_unrendered=self._request.fail_on_unrendered,
            rules=self._selection.rules,
            findings=findings.ordered(self._findings),
            problems=tuple(sorted(self._problems, key=lambda one: (one.path, str(one.region), one.reason))),
            unrendered=tuple(sorted(self._unrendered, key=lambda one: (one.path, str(one.region), one.reason))),
            skipped=tuple(sorted(self._skipped, key=lambda one: (one.path, one.reason))),
            scanned=tuple(sorted(self._scanned, key=lambda one: one.path)),
            unclaimed=self._unclaimed + self._discovery.unclaimed,
            shown_paths=self._shown,
        )
