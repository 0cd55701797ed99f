"""Tests how rules are shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from checker import listing
from checker.bundles import Bundle
from checker.errors import CheckerError
from tests.reports import CATALOG, MEMORY, PRIVILEGED, SECRET

if TYPE_CHECKING:
    from pathlib import Path


def test_rules_are_listed_a_line_each() -> None:
    assert listing.rules(CATALOG, "*", "text") == (
        "kubernetes/privileged            critical  Container runs privileged\n"
        "kubernetes/memory-limit-missing  medium    Container has no memory limit\n"
        "env/secret-value                 high      Env file holds a secret\n"
    )
    assert listing.rules(CATALOG, "env/*", "text") == "env/secret-value  high      Env file holds a secret\n"


def test_rules_are_listed_for_machines() -> None:
    listed: list[dict[str, Any]] = json.loads(listing.rules(CATALOG, "*/memory*", "json"))
    assert listed == [
        {
            "id": "kubernetes/memory-limit-missing",
            "title": "Container has no memory limit",
            "severity": "medium",
            "category": "resources",
            "enabled": "default",
            "description": "Without a limit one leak takes its neighbours down.",
            "remediation": "Set `resources.limits.memory`, for example to `256Mi`.",
            "references": [],
            "implied_by": [],
            "frameworks": {},
            "equivalents": {},
            "parameters": {
                "exempt": {
                    "type": "array",
                    "default": ["istio-proxy"],
                    "description": "Names of containers that need none.",
                }
            },
        }
    ]


def test_pattern_that_matches_no_rule_is_refused() -> None:
    with pytest.raises(CheckerError, match=r"^no rule matches `secret`: did you mean `env/secret-value`\?$"):
        listing.rules(CATALOG, "secret", "text")


def test_rule_is_explained_by_its_page(tmp_path: Path) -> None:
    folder = tmp_path / "privileged"
    folder.mkdir()
    bundle = Bundle(CATALOG, b"", {f"policies/{PRIVILEGED.id}/privileged.rego": folder / "privileged.rego"})
    (folder / "README.md").write_text("# The page\n", encoding="utf-8")
    assert listing.explain(bundle, PRIVILEGED.id) == "# The page\n"


def test_rule_without_a_page_is_explained_by_its_metadata() -> None:
    bundle = Bundle(CATALOG, b"", {})
    assert listing.explain(bundle, SECRET.id) == (
        "# Env file holds a secret\n\n`env/secret-value` · high · secrets\n\n"
        "Whoever reads the repository reads the secret.\n\n"
        "## What to do\n\nTake it from a secret store:\n\n```sh\nsource <(vault-agent env)\n```\n\nThen change it.\n\n"
        "## References\n\n- <https://12factor.net/config>\n"
    )
    assert "## References" not in listing.explain(bundle, MEMORY.id)


def test_rule_that_does_not_exist_is_refused() -> None:
    with pytest.raises(CheckerError, match=r"^there is no rule `privileged`: did you mean `kubernetes/privileged`\?$"):
        listing.explain(Bundle(CATALOG, b"", {}), "privileged")
