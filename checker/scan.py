"""Runs a scan: files in, report out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from checker import __version__, findings, normalizers, workers
from checker.discovery import Discovery
from checker.files import Checked, FileChecker, FileReader
from checker.model import Document, Problem, Skipped, SourceFile
from checker.report import Report
from checker.selection import select
from checker.text import FIRST
from checker.tree import Candidate
from checker.worktree import find_work_tree

if TYPE_CHECKING:
    from checker.engines import Engine
    from checker.model import JSON, Selection
    from checker.report import Notice
    from checker.request import ScanRequest
    from checker.waivers import Terms, Waiver


def find_root(folder: Path) -> Path:
    """Return the root that paths are relative to: the git work tree that holds a folder, else the folder."""
    work_tree = find_work_tree(folder)
    return folder if work_tree is None else work_tree.top


def scan(request: ScanRequest) -> Report:
    """Scan what a request names; raises `CheckerError` for what makes a scan impossible."""
    selection = select(request.catalog, request.settings)
    root = (request.root or find_root(Path.cwd())).resolve()
    engine = request.open_engine(selection)
    try:
        return _Run(request, root, selection, engine).report()
    finally:
        engine.close()


def _discovery(request: ScanRequest, root: Path) -> Discovery:
    return Discovery(
        root,
        normalizers.is_wanted,
        _is_claimed,
        ignore_files=request.ignore_files,
        exclude=request.settings.exclude,
        max_file_size=request.max_file_size,
    )


def _is_claimed(name: str) -> bool:
    return normalizers.claimed_by_name(name) is not None


def _terms(request: ScanRequest) -> Terms | None:
    if not request.today:
        return None
    from checker.waivers import Terms

    terms = Terms(request.today, frozenset(request.catalog.rules), request.settings.waivers)
    if not request.import_ignores:
        return terms
    from checker.waivers.meanings import Meanings

    return terms._replace(meanings=Meanings(request.catalog.rules))


class _Files:
    """Reads and checks the files that a walk found."""

    def __init__(self, discovery: Discovery, selection: Selection, engine: Engine, terms: Terms | None) -> None:
        self._discovery = discovery
        self._selection = selection
        self._engine = engine
        self._terms = terms
        self.progress: Callable[[int], None] | None = None
        self._done = 0

    @classmethod
    def in_other_process(
        cls,
        discovery: Discovery,
        selection: Selection,
        open_engine: Callable[[Selection], Engine],
        terms: Terms | None,
    ) -> _Files:
        """Prepare the same in another process, which has its own engine and is sent what the walk saw."""
        return cls(discovery, selection, open_engine(selection), terms)

    def __call__(self, candidates: Sequence[Candidate]) -> Checked:
        checker = FileChecker(self._selection, self._discovery, self._engine, self._terms)
        for candidate in candidates:
            loaded = self._discovery.load(candidate)
            if isinstance(loaded, Problem):
                checker.checked.problems.append(loaded)
            else:
                checker.check(loaded)
            self._done += 1
            if self.progress is not None:
                self.progress(self._done)
        return checker.checked


class _Run:
    """Holds the state of one scan."""

    def __init__(self, request: ScanRequest, root: Path, selection: Selection, engine: Engine) -> None:
        self._request = request
        self._root = root
        self._selection = selection
        self._engine = engine
        self._discovery = _discovery(request, root)
        self._terms = _terms(request)
        self._checker = FileChecker(selection, self._discovery, engine, self._terms)
        self._kept: dict[str, tuple[Document, findings.FileSecrets]] = {}
        """Documents of no file of the tree, by id."""
        self._shown: dict[str, str] = {}

    def report(self) -> Report:
        """Check everything and return what came out of it, sorted."""
        checked = self._checker.checked
        found = list(self._discovery.walk(self._request.paths))
        checked.problems += [one for one in found if isinstance(one, Problem)]
        checked.skipped += [one for one in found if isinstance(one, Skipped)]
        checked.unclaimed += self._discovery.unclaimed
        self._check_standard_input()
        self._check_files([one for one in found if isinstance(one, Candidate)])
        if self._request.trivy:
            self._check_lock_files()
        if self._selection.has_project_rules:
            self._check_project()
        self._apply_waivers(checked)
        return self._assembled(checked)

    def _apply_waivers(self, checked: Checked) -> None:
        """Put the file of waivers to all findings, and note what no waiver is needed for."""
        checked.findings = list(findings.ordered(checked.findings))
        if self._terms is None:
            return
        ledger = checked.ledger
        ledger.add(self._waivers_of_all(self._terms))
        checked.findings = [ledger.apply(finding) for finding in checked.findings]
        rules = [rule.id for rule in self._selection.rules]
        is_whole = any(Path(path).resolve() == self._root for path in self._request.paths)
        ledger.notices += ledger.unused(rules, is_whole=is_whole)

    def _waivers_of_all(self, terms: Terms) -> Iterator[Waiver | Notice]:
        """Yield the waivers of files that hold nothing else."""
        if self._request.waivers is not None:
            from checker.waivers import file

            path = os.path.relpath(self._request.waivers.resolve(), self._root).replace(os.sep, "/")
            yield from file.read(self._request.waivers, path, terms)
        if terms.meanings is not None:
            from checker.waivers import foreign

            for one in foreign.TRIVY_FILES:
                if (self._root / one).is_file():
                    yield from foreign.trivy_file(self._root / one, one, terms.meanings, terms)

    def _check_standard_input(self) -> None:
        given = self._request.standard_input
        if given is not None:
            documents = list(self._checker.documents(SourceFile(given.name, given.content, given.name), given.kind))
            if documents:
                self._check_kept(documents)

    def _check_files(self, candidates: list[Candidate]) -> None:
        self._shown = {one.path: one.shown for one in candidates if one.shown != one.path}
        here = _Files(self._discovery, self._selection, self._engine, self._terms)
        here.progress = self._request.progress
        start = partial(
            _Files.in_other_process, self._discovery, self._selection, self._request.open_engine, self._terms
        )
        for checked in workers.check(candidates, here, start, self._request.jobs or workers.processors()):
            self._checker.checked.add(checked)

    def _check_lock_files(self) -> None:
        """Let Trivy make BOMs of the lock files and saved images of the tree."""
        from checker import trivy

        images = tuple(trivy.saved_images(self._root, self._discovery))
        for item in trivy.boms(self._root, self._discovery, images, self._request.trivy_timeout):
            if isinstance(item, Problem):
                self._checker.checked.problems.append(item)
            else:
                self._check_kept([item])

    def _check_kept(self, documents: list[Document]) -> None:
        secrets = findings.FileSecrets.of(documents)
        self._kept |= {document.id: (document, secrets) for document in documents}
        self._checker.check_documents(documents)

    def _check_project(self) -> None:
        """Give the facts of all documents to the project rules, once."""
        documents = sorted(self._checker.checked.facts, key=lambda one: str(one["id"]))
        sources = {one["id"]: one["source"] for one in documents}
        tree = {"id": "", "kind": "tree", "source": "", "facts": list(self._tree_facts())}
        evaluation = self._engine.evaluate_project([*documents, tree])
        self._checker.checked.problems += evaluation.problems
        for result in evaluation.results:
            place = self._place(result.document, sources)
            if place is None:
                reason = f"rule {result.rule} answered for a document that it was not given"
                self._checker.checked.problems.append(Problem("", reason))
            else:
                self._checker.add(place[0], result, place[1])

    def _tree_facts(self) -> Iterator[JSON]:
        """Yield one fact for each file whose name alone shows its kind."""
        for path, entry in sorted(self._discovery.entries.items()):
            if _is_claimed(path.rpartition("/")[2]):
                state = {"tracked": self._discovery.tracks(path), "ignored": self._discovery.ignores(path)}
                yield {"type": "file", "path": path, "size": entry.size, "executable": entry.executable} | state

    def _place(self, name: str, sources: dict[str, str]) -> tuple[Document, findings.FileSecrets] | None:
        """Return a document that gave facts; it is read again, so that not every document stays in memory."""
        if name not in self._kept and name in sources:
            source = self._discovery.read(sources[name])
            documents = list(FileReader(self._discovery).documents(source)) if source else []
            secrets = findings.FileSecrets.of(documents)
            self._kept |= {document.id: (document, secrets) for document in documents}
        return self._kept.get(name)

    def _assembled(self, checked: Checked) -> Report:
        return Report(
            version=__version__,
            revision=self._engine.revision,
            root=self._root.as_posix(),
            fail_on=self._request.settings.fail_on,
            fail_on_unrendered=self._request.fail_on_unrendered,
            rules=self._selection.rules,
            findings=tuple(checked.findings),
            notices=tuple(
                sorted(set(checked.ledger.notices), key=lambda one: (one.path, one.region or FIRST, one.reason))
            ),
            problems=tuple(sorted(checked.problems, key=lambda one: (one.path, str(one.region), one.reason))),
            unrendered=tuple(sorted(checked.unrendered, key=lambda one: (one.path, str(one.region), one.reason))),
            skipped=tuple(sorted(checked.skipped, key=lambda one: (one.path, one.reason))),
            scanned=tuple(sorted(checked.scanned, key=lambda one: (one.path, one.kind))),
            unclaimed=checked.unclaimed,
            shown_paths=self._shown,
            started=self._request.started,
        )
