"""Tests what a configuration file may say, and where it is blamed for the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker import config
from checker.config import Configuration, Entry, Settings
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
