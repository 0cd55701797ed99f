"""Tests which waivers count, by scans of files that hold them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from checker.config import Settings, WaiverSettings
from checker.engines.wasm import WasmEngine
from checker.errors import CheckerError
from checker.request import ScanRequest
from checker.scan import scan
from tests.scans import bundle

if TYPE_CHECKING:
    from pathlib import Path

    from checker.report import Report

TODAY = "2026-11-30"


def scanned(folder: Path, name: str, content: str, settings: WaiverSettings | None = None, **values: object) -> Report:
    (folder / name).write_text(content, encoding="utf-8")
    request = ScanRequest(
        open_engine=partial(WasmEngine, bundle()),
        catalog=bundle().catalog,
        paths=(str(folder),),
        root=folder,
        settings=Settings(waivers=settings or WaiverSettings()),
        today=TODAY,
    )
    return scan(request._replace(**values))  # type: ignore[arg-type]


def suppressed(report: Report) -> list[tuple[str, int]]:
    return [(one.rule, one.region.start_line) for one in report.findings if one.suppression is not None]


def notices(report: Report) -> list[tuple[int, str]]:
    return [(one.region.start_line if one.region else 0, one.reason) for one in report.notices]


POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  hostNetwork: true{spec}
  containers:
    # first{first}
    - name: first
      image: a:1
      securityContext:
        privileged: true{line}
    - name: second
      image: b:1
      securityContext:
        privileged: true
"""


def pod(**comments: str) -> str:
    return (
        POD.replace("{name: web}", "@")
        .format(**{"spec": "", "first": "", "line": ""} | {key: f" # checker: {one}" for key, one in comments.items()})
        .replace("@", "{name: web}")
        .replace("# first # checker", "# checker")
    )


WHY = "reason=why"


@pytest.mark.parametrize(
    ("comments", "expected"),
    [
        ({"line": f"ignore[kubernetes/privileged] {WHY}"}, [("kubernetes/privileged", 11)]),
        ({"spec": f"ignore[kubernetes/host-namespace-shared] {WHY}"}, [("kubernetes/host-namespace-shared", 5)]),
        ({"first": f"ignore-container[kubernetes/privileged] {WHY}"}, [("kubernetes/privileged", 11)]),
        ({"line": f"ignore-container[kubernetes/privileged] {WHY}"}, [("kubernetes/privileged", 11)]),
        (
            {"line": f"ignore-object[kubernetes/privileged] {WHY}"},
            [("kubernetes/privileged", 11), ("kubernetes/privileged", 15)],
        ),
        (
            {"line": f"ignore-file[kubernetes/privileged, kubernetes/host-namespace-shared] {WHY}"},
            [("kubernetes/host-namespace-shared", 5), ("kubernetes/privileged", 11), ("kubernetes/privileged", 15)],
        ),
    ],
)
def test_comment_holds_for_its_scope_alone(
    tmp_path: Path, comments: dict[str, str], expected: list[tuple[str, int]]
) -> None:
    report = scanned(tmp_path, "pod.yaml", pod(**comments))
    assert suppressed(report) == expected
    assert notices(report) == []
    assert {report.counts(one) for one in report.findings if one.suppression} == {False}


def test_object_is_the_one_of_several_that_the_comment_stands_in_front_of(tmp_path: Path) -> None:
    role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {{name: {0}}}\nrules: [{{verbs: ['*']}}]\n"
    waiver = f"# checker: ignore-object[kubernetes/role-wildcard] {WHY}\n"
    text = role.format("a") + "---\n" + waiver + role.format("b") + "---\n" + role.format("c")
    assert suppressed(scanned(tmp_path, "roles.yaml", text)) == [("kubernetes/role-wildcard", 10)]
    items = "".join(
        f"  - {line}" if not n else f"    {line}" for n, line in enumerate(role.format("d").splitlines(keepends=True))
    )
    listed = f"apiVersion: v1\nkind: List\nitems:\n{items}  {waiver}{items.replace('name: d', 'name: e')}"
    (tmp_path / "roles.yaml").unlink()
    assert suppressed(scanned(tmp_path, "list.yaml", listed)) == [("kubernetes/role-wildcard", 12)]


def test_suppression_tells_all_that_the_waiver_says(tmp_path: Path) -> None:
    comment = 'ignore[kubernetes/privileged] reason="see ticket 12" owner=ana until=2026-11-30'
    report = scanned(tmp_path, "pod.yaml", pod(line=comment))
    (finding,) = [one for one in report.findings if one.suppression]
    assert finding.suppression is not None
    assert finding.suppression._asdict() == {
        "kind": "inSource",
        "reason": "see ticket 12",
        "owner": "ana",
        "until": "2026-11-30",
        "place": "pod.yaml:11",
    }


NEAREST = "there is no rule `kubernetes/priviliged`: did you mean `kubernetes/privileged`?"
FORM = "write `checker: ignore[RULE] reason=…`, or ignore-container, ignore-object or ignore-file"


@pytest.mark.parametrize(
    ("comment", "settings", "reason"),
    [
        ("ignore[kubernetes/privileged]", {}, "it gives no reason: add `reason=` and why"),
        (f"ignore[kubernetes/priviliged] {WHY}", {}, NEAREST),
        (f"ignore[] {WHY}", {}, "it names no rule"),
        (f"ingore[kubernetes/privileged] {WHY}", {}, FORM),
        (f"ignore[kubernetes/privileged] {WHY} until=2026-11-29", {}, "it ended on 2026-11-29"),
        (f"ignore[kubernetes/privileged] {WHY} until=soon", {}, "`soon` is no date such as 2027-01-31"),
        (f"ignore[kubernetes/privileged] {WHY}", {"inline": False}, "the configuration forbids waivers in files"),
        (
            f"ignore[kubernetes/privileged] {WHY}",
            {"never": ("*/priv*",)},
            "the configuration forbids waivers of kubernetes/privileged",
        ),
        (
            f"ignore[kubernetes/privileged] {WHY}",
            {"max_days": 30},
            "the configuration asks for an end, `until=` within 30 days",
        ),
        (
            f"ignore[kubernetes/privileged] {WHY} until=2026-12-31",
            {"max_days": 30},
            "it ends on 2026-12-31, later than the 30 days that the configuration allows",
        ),
    ],
)
def test_waiver_that_does_not_count_is_told(
    tmp_path: Path, comment: str, settings: dict[str, object], reason: str
) -> None:
    report = scanned(tmp_path, "pod.yaml", pod(line=comment), WaiverSettings(**settings))  # type: ignore[arg-type]
    assert suppressed(report) == []
    assert notices(report) == [(11, f"the waiver does not count: {reason}")]
    assert report.exit_code == 1


def test_waiver_within_its_bounds_counts(tmp_path: Path) -> None:
    comment = f"ignore[kubernetes/privileged] {WHY} until=2026-12-30"
    report = scanned(tmp_path, "pod.yaml", pod(line=comment), WaiverSettings(max_days=30, never=("env/*",)))
    assert suppressed(report) == [("kubernetes/privileged", 11)]


def test_waiver_that_accepts_nothing_is_told_and_one_of_a_rule_that_nobody_asked_is_not(tmp_path: Path) -> None:
    comment = f"ignore[kubernetes/host-path-mounted, kubernetes/privileged, dockerfile/user-not-numeric] {WHY}"
    report = scanned(tmp_path, "pod.yaml", pod(line=comment))
    assert notices(report) == [(11, "the waiver of kubernetes/host-path-mounted accepts nothing: remove it")]


def test_waiver_that_repeats_another_one_is_told(tmp_path: Path) -> None:
    both = f"ignore[kubernetes/privileged] {WHY}"
    report = scanned(tmp_path, "pod.yaml", pod(first=f"ignore-container[kubernetes/privileged] {WHY}", line=both))
    assert suppressed(report) == [("kubernetes/privileged", 11)]
    assert notices(report) == [(11, "the waiver of kubernetes/privileged repeats the one at pod.yaml:7")]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        (
            "Dockerfile",
            (
                f"FROM scratch\n# checker: ignore[dockerfile/secret-in-environment] {WHY}\n"
                "ENV A=1 \\\n  API_TOKEN=9f8e7d6c5b4a39281706\nENV DB_TOKEN=0a1b2c3d4e5f60718293\nUSER 1\n"
            ),
            [("dockerfile/secret-in-environment", 4)],
        ),
        (
            "Dockerfile",
            (
                f"# checker: ignore-file[dockerfile/secret-in-environment] {WHY}\nFROM scratch\n"
                "ENV API_TOKEN=9f8e7d6c5b4a39281706\nENV DB_TOKEN=0a1b2c3d4e5f60718293\nUSER 1\n"
            ),
            [("dockerfile/secret-in-environment", 3), ("dockerfile/secret-in-environment", 4)],
        ),
        (
            "a.env",
            f"A_TOKEN=9f8e7d6c5b4a39281706 # checker: ignore[env/secret-value] {WHY}\nB_TOKEN=0a1b2c3d4e5f60718293\n",
            [("env/secret-value", 1)],
        ),
    ],
)
def test_other_files_have_waivers_too(tmp_path: Path, name: str, content: str, expected: list[tuple[str, int]]) -> None:
    assert suppressed(scanned(tmp_path, name, content)) == expected


def test_only_manifests_have_containers(tmp_path: Path) -> None:
    report = scanned(tmp_path, "a.env", f"# checker: ignore-container[env/secret-value] {WHY}\nA=1\n")
    assert notices(report) == [(1, "the waiver does not count: only manifests have containers")]
    above = f"# checker: ignore-container[kubernetes/privileged] {WHY}\n"
    report = scanned(tmp_path, "pod.yaml", above + pod())
    assert notices(report)[-1] == (1, "the waiver does not count: it stands in no container")


def test_reason_shows_no_secret(tmp_path: Path) -> None:
    secret = "9f8e7d6c5b4a39281706"
    report = scanned(tmp_path, "a.env", f"API_TOKEN={secret} # checker: ignore[env/secret-value] reason=is {secret}\n")
    (finding,) = [one for one in report.findings if one.suppression]
    assert finding.suppression is not None
    assert finding.suppression.reason == "is ***"
    wrong = scanned(tmp_path, "a.env", f"API_TOKEN={secret} # checker: ignore[env/{secret}] reason=why\n")
    assert secret not in str(wrong.notices)


ANNOTATED = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations:
    checker/ignore: |
      kubernetes/privileged container=first reason="a module" owner=ana
      kubernetes/nothing reason=why
spec:
  template:
    metadata:
      annotations:
        checker/ignore: kubernetes/host-namespace-shared reason=why
    spec:
      hostNetwork: true
      containers:
        - {name: first, image: 'a:1', securityContext: {privileged: true}}
        - {name: second, image: 'b:1', securityContext: {privileged: true}}
"""


def test_annotation_holds_for_its_object_or_what_is_made_from_it(tmp_path: Path) -> None:
    report = scanned(tmp_path, "web.yaml", ANNOTATED)
    assert suppressed(report) == [("kubernetes/host-namespace-shared", 15), ("kubernetes/privileged", 17)]
    assert [(line, reason.partition(":")[0]) for line, reason in notices(report)] == [(6, "the waiver does not count")]
    without = scanned(tmp_path, "web.yaml", ANNOTATED, WaiverSettings(inline=False))
    assert suppressed(without) == []
    wrong = scanned(tmp_path, "web.yaml", ANNOTATED.replace("container=first", "container=frist"))
    assert notices(wrong)[0][1] == "the waiver does not count: there is no container `frist`"


FILE = """\
waivers:
  - rule: kubernetes/priv*
    path: [pod.yaml, other.yaml]
    object: v1/Pod/*
    reason: we know
    owner: ana
    until: 2027-01-31
  - rule: kubernetes/host-namespace-shared
    fingerprint: {fingerprint}
    reason: we know
  - {{rule: kubernetes/host-path-mounted, reason: gone}}
  - {{rule: kubernetes/privileged, reason: old, until: 2020-01-01}}
  - {{rule: kubernetes/privileged, path: nowhere/*, reason: gone}}
"""


def test_file_of_waivers_holds_by_path_object_and_fingerprint(tmp_path: Path) -> None:
    shared = "kubernetes/host-namespace-shared"
    before = scanned(tmp_path, "pod.yaml", pod())
    mark = next(one.fingerprint for one in before.findings if one.rule == shared)
    file = tmp_path / ".checker-waivers.yaml"
    file.write_text(FILE.format(fingerprint=mark), encoding="utf-8")
    report = scanned(tmp_path, "pod.yaml", pod(), waivers=file)
    assert suppressed(report) == [(shared, 5), ("kubernetes/privileged", 11), ("kubernetes/privileged", 15)]
    accepted = next(one.suppression for one in report.findings if one.rule == "kubernetes/privileged")
    assert accepted is not None
    assert accepted._asdict() == {
        "kind": "external",
        "reason": "we know",
        "owner": "ana",
        "until": "2027-01-31",
        "place": ".checker-waivers.yaml:2",
    }
    assert notices(report) == [
        (11, "the waiver of kubernetes/host-path-mounted accepts nothing: remove it"),
        (12, "the waiver does not count: it ended on 2020-01-01"),
        (13, "the waiver of kubernetes/privileged accepts nothing: remove it"),
    ]
    part = scanned(tmp_path, "pod.yaml", pod(), waivers=file, paths=(str(tmp_path / "pod.yaml"),))
    assert notices(part) == [(12, "the waiver does not count: it ended on 2020-01-01")]


def test_file_of_another_shape_is_an_error_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / ".checker-waivers.yaml"
    file.write_text("waivers:\n  - {rule: kubernetes/privileged}\n", encoding="utf-8")
    with pytest.raises(CheckerError, match=r"\.checker-waivers\.yaml:2: .*reason"):
        scanned(tmp_path, "pod.yaml", pod(), waivers=file)
    file.write_text("# nothing yet\n", encoding="utf-8")
    assert scanned(tmp_path, "pod.yaml", pod(), waivers=file).notices == ()


def test_without_a_date_no_waiver_counts(tmp_path: Path) -> None:
    report = scanned(tmp_path, "pod.yaml", pod(line=f"ignore[kubernetes/privileged] {WHY}"), today="")
    assert (suppressed(report), report.notices) == ([], ())


def test_waivers_count_in_any_number_of_processes(tmp_path: Path) -> None:
    for number in range(320):
        (tmp_path / f"{number:03}.yaml").write_text(
            pod(line=f"ignore[kubernetes/privileged] {WHY}", spec=f"ignore[kubernetes/host-path-mounted] {WHY}"),
            encoding="utf-8",
        )
    one, two = (scanned(tmp_path, "000.yaml", pod(), jobs=jobs) for jobs in (1, 2))
    assert one == two
    assert len(suppressed(one)) == 319
    assert [one_.path for one_ in one.notices] == [f"{number:03}.yaml" for number in range(1, 320)]


@pytest.mark.parametrize(
    ("name", "line", "rest"),
    [
        ("pod.yaml", "# checker: ignore-container[kubernetes/privileged] reason=why\n", pod()),
        ("Dockerfile", "# checker: ignore[dockerfile/runs-as-root] reason=why\n", "FROM debian:12\nCMD a\n"),
        ("a.env", "# checker: ignore[env/secret-value] reason=why\n", "A=1\n"),
    ],
)
def test_file_that_holds_nothing_but_waivers_is_read_in_time_that_grows_with_it(
    tmp_path: Path, name: str, line: str, rest: str
) -> None:
    report = scanned(tmp_path, name, line * 100_000 + rest, import_ignores=True)
    assert (1001, "no waiver from here on counts: a file may hold 1,000") in notices(report)
    assert len(report.notices) in (1000, 1001)  # the first of a repeated waiver is none of them
    assert report.problems == ()
