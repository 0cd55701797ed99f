"""Tests what a configuration file may say, and where it is blamed for the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker import config
from checker.config import AdmissionSettings, Configuration, Entry, ModeEntry, Settings
from checker.errors import CheckerError


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the relative path of a configuration file, so that messages do not depend on the folder."""
    monkeypatch.chdir(tmp_path)
    return Path(config.NAME)


def read(file: Path, text: str) -> Configuration:
    file.write_text(text, encoding="utf-8")
    return config.read(file)


FULL = """\
# what we agreed on
exclude: [vendor/*, "*.bak"]
profile: strict
select:
  - dockerfile/*
ignore: [kubernetes/cpu-*]
severity:
  kubernetes/privileged: critical
parameters:
  sbom/license-not-allowed:
    allowed: [MIT]
fail-on: high
"""


def test_every_key_of_a_file_becomes_a_setting_with_the_line_it_stands_on(write: Path) -> None:
    allowed = {"sbom/license-not-allowed": {"allowed": ["MIT"]}}
    assert read(write, FULL) == Configuration(
        Settings(
            profiles=("strict",),
            select=("dockerfile/*",),
            ignore=("kubernetes/cpu-*",),
            severities={"kubernetes/privileged": "critical"},
            parameters=allowed,
            exclude=("vendor/*", "*.bak"),
            fail_on="high",
        ),
        (
            Entry(".checker.yaml:3", Settings(profiles=("strict",))),
            Entry(".checker.yaml:5", Settings(select=("dockerfile/*",))),
            Entry(".checker.yaml:6", Settings(ignore=("kubernetes/cpu-*",))),
            Entry(".checker.yaml:8", Settings(severities={"kubernetes/privileged": "critical"})),
            Entry(".checker.yaml:10", Settings(parameters={"sbom/license-not-allowed": {}})),
            Entry(".checker.yaml:11", Settings(parameters=allowed)),
        ),
    )


ADMISSION = """\
admission:
  modes:
    - mode: audit
      rule: kubernetes/*
    - {severity: low, profile: [strict, default], namespace: dev-*, mode: ignore}
    - severity: [high, critical]
      rule: [a/b, c/d]
      mode: warn
  templates: deny
  grandfather: true
  failures: {overload: allow, bad-body: deny}
  budget: 0.5
  warnings: 7
"""


def test_what_admission_does_is_read_with_the_line_of_each_name(write: Path) -> None:
    found = read(write, ADMISSION)
    assert found.settings.admission == AdmissionSettings(
        modes=(
            ModeEntry("audit", rules=("kubernetes/*",)),
            ModeEntry("ignore", ("low",), profiles=("strict", "default"), namespaces=("dev-*",)),
            ModeEntry("warn", ("high", "critical"), ("a/b", "c/d")),
        ),
        templates="deny",
        grandfather=True,
        failures={"overload": "allow", "bad-body": "deny"},
        budget=0.5,
        warnings=7,
    )
    assert found.entries == (
        Entry(".checker.yaml:4", Settings(select=("kubernetes/*",))),
        Entry(".checker.yaml:5", Settings(profiles=("strict",))),
        Entry(".checker.yaml:5", Settings(profiles=("default",))),
        Entry(".checker.yaml:7", Settings(select=("a/b",))),
        Entry(".checker.yaml:7", Settings(select=("c/d",))),
    )


def test_admission_without_a_word_of_configuration_denies_what_it_cannot_judge(write: Path) -> None:
    assert read(write, "admission: {}\n").settings.admission == AdmissionSettings(
        modes=(), templates="warn", grandfather=False, failures={}, budget=1.0, warnings=20
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("modes:\n  - mode: dney\n", "3: `mode` is none of the values allowed here: deny, warn, audit, ignore"),
        ("modes:\n  - mode: off\n", "3: `mode` is none of the values allowed here: deny, warn, audit, ignore"),
        ("modes:\n  - mod: deny\n", "3: `mod` is not known here: did you mean `mode`?"),
        ("modes:\n  - rule: a/b\n", "3: an item of `modes` lacks `mode`"),
        ("modes: deny\n", "2: `modes` is not of type array"),
        (
            "modes:\n  - mode: deny\n    severity: hihg\n",
            "4: `severity` is none of the values allowed here: low, medium, high, critical",
        ),
        (
            "modes:\n  - mode: deny\n    severity: [low, hihg]\n",
            "4: an item of `severity` is none of the values allowed here: low, medium, high, critical",
        ),
        ("modes:\n  - mode: deny\n    rule: ''\n", "4: `rule` is too short"),
        ("failures: {tim: deny}\n", "2: `tim` is not known here: did you mean `time`?"),
        ("failures: {time: warn}\n", "2: `time` is none of the values allowed here: allow, deny"),
        ("grandfater: true\n", "2: `grandfater` is not known here: did you mean `grandfather`?"),
        ("templates: audit\n", "2: `templates` is none of the values allowed here: warn, deny"),
        ("budget: 0\n", "2: `budget` is less than 0.1"),
        ("budget: 60\n", "2: `budget` is more than 25"),
        ("warnings: 1\n", "2: `warnings` is less than 2"),
    ],
)
def test_what_is_wrong_about_admission_is_told_with_file_and_line(write: Path, text: str, message: str) -> None:
    indented = "".join(f"  {line}\n" for line in text.splitlines())
    with pytest.raises(CheckerError) as error:
        read(write, f"admission:\n{indented}")
    assert str(error.value) == f".checker.yaml:{message}"


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n", "{}\n"])
def test_empty_file_sets_nothing(write: Path, text: str) -> None:
    assert read(write, text) == Configuration()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("profile: a\nselct: [x]\n", ".checker.yaml:2: `selct` is not known here: did you mean `select`?"),
        ("failon: low\n", ".checker.yaml:1: `failon` is not known here: did you mean `fail-on`?"),
        (
            "fail-on: hihg\n",
            ".checker.yaml:1: `fail-on` is none of the values allowed here: low, medium, high, critical, never",
        ),
        (
            "severity:\n  a/b: hihg\n",
            ".checker.yaml:2: `a/b` is none of the values allowed here: low, medium, high, critical",
        ),
        ("ignore: 1\n", ".checker.yaml:1: `ignore` is not of type array or string"),
        ("ignore:\n- a\n- 1\n", ".checker.yaml:3: an item of `ignore` is not of type string"),
        ("ignore: ['']\n", ".checker.yaml:1: an item of `ignore` is too short"),
        ("parameters:\n  a/b: 1\n", ".checker.yaml:2: `a/b` is not of type object"),
        ("- ignore\n", ".checker.yaml:1: the document is not of type object"),
        ("ignore: a\n---\nignore: b\n", ".checker.yaml:2: a configuration is one YAML document"),
        ("a: [\n", ".checker.yaml:2: is not YAML: did not find expected node content"),
        ("ignore: a\nignore: b\n", ".checker.yaml:2: has a key twice in one mapping"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(write: Path, text: str, message: str) -> None:
    with pytest.raises(CheckerError) as error:
        read(write, text)
    assert str(error.value) == message


def test_file_that_is_no_text_is_refused(write: Path) -> None:
    write.write_bytes(b"\xff")
    with pytest.raises(CheckerError, match=r"^\.checker\.yaml:1: byte 0xff is not UTF-8$"):
        config.read(write)


def test_file_that_does_not_exist_is_refused(write: Path) -> None:
    with pytest.raises(CheckerError, match=r"^\.checker\.yaml: cannot be read: No such file or directory$"):
        config.read(write)


def test_file_is_looked_for_from_a_folder_up_to_the_top(tmp_path: Path) -> None:
    inner = tmp_path / "top" / "a" / "b"
    inner.mkdir(parents=True)
    top, above = tmp_path / "top", tmp_path / config.NAME
    above.touch()
    assert config.find(inner, top) is None
    (top / config.NAME).touch()
    assert config.find(inner, top) == top / config.NAME
    (inner / config.NAME).touch()
    assert config.find(inner, top) == inner / config.NAME


def test_file_is_looked_for_up_to_the_root_of_the_file_system(tmp_path: Path) -> None:
    assert config.find(tmp_path, tmp_path / "elsewhere") is None
