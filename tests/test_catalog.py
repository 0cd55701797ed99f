from __future__ import annotations

from pathlib import Path

import pytest

from checker import bundles, catalog, resources
from checker.errors import CheckerError


def test_a_catalog_is_read_as_it_was_written(tmp_path: Path) -> None:
    built_in = catalog.load(resources.CATALOG)
    path = tmp_path / "catalog.json"
    path.write_bytes(catalog.dump(built_in))
    assert catalog.load(path) == built_in
    assert path.read_bytes() == resources.CATALOG.read_bytes()


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"revision": "r", "rules": [{}]}'])
def test_what_is_no_catalog_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "catalog.json"
    path.write_bytes(content)
    with pytest.raises(CheckerError, match=r"catalog\.json: is not a catalog of policies \("):
        catalog.load(path)


def test_a_checkout_whose_policies_changed_says_what_to_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    changed = catalog.dump(catalog.load(resources.CATALOG)).replace(b'"revision": "', b'"revision": "0')
    path = tmp_path / "catalog.json"
    path.write_bytes(changed)
    monkeypatch.setattr(resources, "CATALOG", path)
    with pytest.raises(CheckerError, match="run `make policies`"):
        bundles.builtin()
    monkeypatch.setattr(resources, "IS_CHECKOUT", False)
    assert bundles.builtin().module == resources.MODULE.read_bytes()


def test_the_revision_changes_with_every_policy_file(tmp_path: Path) -> None:
    revisions = []
    for name, text in (
        ("env/a/a.rego", "package a"),
        ("env/a/a.rego", "package b"),
        ("env/b/a.rego", "package b"),
        ("profiles/p.yaml", "rules: []"),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        revisions.append(bundles.revision(bundles.policy_files(tmp_path)))
    assert len(set(revisions)) == 4
    for name in ("env/a/a_test.rego", "env/a/README.md", "env/a/data.yaml"):
        (tmp_path / name).touch()
    assert bundles.revision(bundles.policy_files(tmp_path)) == revisions[-1]
