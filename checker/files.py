"""Checks files one after another: normalizes, evaluates, locates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from checker import findings, normalizers
from checker.errors import InputError
from checker.model import Document, Problem, Skipped, SourceFile, Unrendered
from checker.report import Scanned
from checker.waivers import sources
from checker.waivers.ledger import Ledger

if TYPE_CHECKING:
    from checker.engines import Engine, Evaluation, Result
    from checker.model import JSON, Finding, Selection
    from checker.tree import Tree
    from checker.waivers import Terms


class Checked:
    """Collects what came out of some files; `facts` holds `{id, kind, source, facts}` of documents that gave any."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.problems: list[Problem] = []
        self.unrendered: list[Unrendered] = []
        self.skipped: list[Skipped] = []
        self.scanned: list[Scanned] = []
        self.facts: list[JSON] = []
        self.ledger = Ledger()
        self.unclaimed = 0

    def add(self, other: Checked) -> None:
        """Take over what came out of other files."""
        self.findings += other.findings
        self.problems += other.problems
        self.unrendered += other.unrendered
        self.skipped += other.skipped
        self.scanned += other.scanned
        self.facts += other.facts
        self.ledger.merge(other.ledger)
        self.unclaimed += other.unclaimed


class FileReader:
    """Reads single files into documents; what else came out of them stands in `checked`."""

    def __init__(self, tree: Tree) -> None:
        self.checked = Checked()
        self._tree = tree

    def documents(self, source: SourceFile, kind: str | None = None) -> Iterator[Document]:
        """Yield a file's documents, and note what else came out of it."""
        normalizer = normalizers.of_kind(kind) if kind else self._recognized(source)
        if normalizer is None:
            return
        for item in normalizer.normalize(source, self._tree):
            if isinstance(item, Document):
                yield item
            elif isinstance(item, Problem):
                self.checked.problems.append(item)
            elif isinstance(item, Unrendered):
                self.checked.unrendered.append(item)
            else:
                self.checked.skipped.append(item)

    def _recognized(self, source: SourceFile) -> normalizers.Normalizer | None:
        try:
            normalizer = normalizers.recognize(source)
        except InputError as error:
            self._note_unreadable(source, error)
            return None
        if normalizer is None and (fault := normalizers.fault(source)) is not None:
            self.checked.skipped.append(Skipped(source.path, fault.reason))
        elif normalizer is None:
            self.checked.unclaimed += 1
        return normalizer

    def _note_unreadable(self, source: SourceFile, error: InputError) -> None:
        """Note a file that is no text: a problem where what can be read of it shows its kind."""
        encoding = "utf-16" if source.content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
        legible = SourceFile(source.path, source.content.decode(encoding, "replace").encode(), source.shown)
        if normalizers.recognize(legible) is None:
            self.checked.skipped.append(Skipped(source.path, error.reason))
        else:
            self.checked.problems.append(Problem(source.path, error.reason, error.region))


class FileChecker(FileReader):
    """Checks single files with the selected rules; the outcome of all is `checked`."""

    def __init__(self, selection: Selection, tree: Tree, engine: Engine, terms: Terms | None = None) -> None:
        """Take what waivers in files may say; without it they do not count."""
        super().__init__(tree)
        self._terms = terms
        self._rules = {rule.id: rule for rule in selection.rules}
        self._report_implied = selection.report_implied
        self._engine = engine

    def check(self, source: SourceFile, kind: str | None = None) -> None:
        """Check a file, as the kind that was named or that its name and content show."""
        documents = list(self.documents(source, kind))
        if documents:
            self.check_documents(documents)

    def check_documents(self, documents: list[Document]) -> None:
        """Evaluate the documents of one file."""
        source, kind = documents[0].source, documents[0].kind
        self.checked.scanned.append(Scanned(source.path, kind, len(documents), len(source.content)))
        secrets = findings.FileSecrets.of(documents)
        if self._terms is not None:
            self.checked.ledger.add(sources.in_file(documents, self._terms, secrets.values))
        for document in documents:
            evaluation = self._engine.evaluate(document)
            self._take(evaluation)
            for result in self._without_implied(evaluation):
                self.add(document, result, secrets)
            if evaluation.facts:
                facts = {"id": document.id, "kind": kind, "source": source.path, "facts": list(evaluation.facts)}
                self.checked.facts.append(facts)

    def add(self, document: Document, result: Result, secrets: findings.FileSecrets) -> None:
        """Add the finding of one result; a path that no document can have is a problem of its rule."""
        try:
            finding = findings.make(document, result, self._rules[result.rule], secrets)
        except (LookupError, TypeError, ValueError) as error:
            reason = f"rule {result.rule} answered a path that cannot be located ({type(error).__name__})"
            self.checked.problems.append(Problem(document.source.path, reason))
        else:
            self.checked.findings.append(self.checked.ledger.apply(finding))

    def _take(self, evaluation: Evaluation) -> None:
        self.checked.problems.extend(evaluation.problems)

    def _without_implied(self, evaluation: Evaluation) -> Iterable[Result]:
        if self._report_implied:
            return evaluation.results
        return findings.without_implied(evaluation.results, self._rules)
