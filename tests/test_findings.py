"""Tests what becomes of an answered path and message, above all what must not appear in it."""

from __future__ import annotations

from checker import findings
from checker.engines import Result
from checker.model import Document, Path, Rule, SecretMark, SourceFile
from checker.text import Region, Text

SECRET = "s3cr3t-Pa55"
TEXT = f"key: {SECRET}\nother: 1\n"
RULE = Rule("k/r", "k", "r", "Title", "Why", "high", "default", "secrets", "Do this")
OTHER = RULE._replace(id="k/other", name="other", implied_by=("k/r",))


class Lines:
    """Finds the first key of a path at the line of its index, for lack of a syntax."""

    def __init__(self, text: Text) -> None:
        self._text = text

    def locate(self, path: Path) -> Region:
        start = self._text.value.index(str(path[0])) + (5 if path == ("key",) else 0)
        return self._text.region(start, start + (len(SECRET) if path == ("key",) else 5))

    def name(self, path: Path) -> str:
        return ".".join(str(key) for key in path)


def document(kind: str = "k", identity: str = "thing") -> Document:
    source = SourceFile("a.yaml", TEXT.encode())
    marks = (SecretMark(("key",), "literal", SECRET), SecretMark(("other",), "placeholder", "1"))
    return Document(kind, source, "a.yaml", identity, {}, Lines(source.text), marks)


def test_a_finding_holds_region_and_masked_frame() -> None:
    one = document()
    finding = findings.make(one, Result("k/r", ("key",), "key holds a secret"), RULE, findings.FileSecrets.of([one]))
    assert (finding.region, finding.logical, finding.severity) == (Region(1, 6, 1, 6 + len(SECRET)), "key", "high")
    assert finding.frame.lines == ("key: ***", "other: 1")


def test_a_secret_is_in_no_part_of_a_finding_and_in_no_fingerprint() -> None:
    one = document(identity=f"v1/Secret/{SECRET}")
    secrets = findings.FileSecrets.of([one])
    finding = findings.make(one, Result("k/r", ("other", SECRET), f"value {SECRET}"), RULE, secrets)
    assert SECRET not in repr(finding)
    without = one._replace(identity="v1/Secret/***")
    same = findings.make(without, Result("k/r", ("other", "***"), "value"), RULE, secrets)
    assert finding.fingerprint == same.fingerprint


def test_a_placeholder_is_shown() -> None:
    assert findings.FileSecrets.of([document()]).values == (SECRET,)


def test_equal_findings_are_numbered_in_the_order_of_their_places() -> None:
    one = document()
    secrets = findings.FileSecrets.of([one])
    made = [findings.make(one, Result("k/r", ("other",), message), RULE, secrets) for message in ("b", "a")]
    made.append(findings.make(one, Result("k/r", ("key",), "c"), RULE, secrets))
    ordered = findings.ordered(made)
    assert [finding.message for finding in ordered] == ["c", "a", "b"]
    assert [finding.fingerprint.partition(":")[2] for finding in ordered] == ["1", "1", "2"]
    assert ordered[1].fingerprint.partition(":")[0] == ordered[2].fingerprint.partition(":")[0]


def test_what_another_rule_implies_at_the_same_container_is_dropped() -> None:
    rules = {rule.id: rule for rule in (RULE, OTHER)}
    container: Path = ("spec", "containers", 0)
    implying = Result("k/r", (*container, "securityContext", "privileged"), "privileged")
    same = Result("k/other", container, "may escalate")
    neighbour = Result("k/other", ("spec", "containers", 1), "may escalate")
    init = Result("k/other", ("spec", "initContainers", 0), "may escalate")
    assert findings.without_implied([implying, same, neighbour, init], rules) == [implying, neighbour, init]
    assert findings.without_implied([same], rules) == [same]
