"""Tests that imports run one way, that siblings do not know each other, and who may import what from outside."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "checker"

LAYERS = (
    ("errors",),
    ("text",),
    ("model",),
    ("report",),
    ("resources", "worktree", "syntax", "display", "nearest", "outline", "progress", "verdict", "xml_text"),
    ("secrets", "tree"),
    ("written_files",),
    ("config", "masking"),
    ("waivers",),
    ("catalog", "discovery", "normalizers", "formats"),
    ("entrypoints", "lockfiles", "selection"),
    ("bundles", "trivy"),
    ("compiler",),
    ("engines",),
    ("findings",),
    ("baseline", "code_scanning", "history", "sarif_diff"),
    ("files",),
    ("workers", "request"),
    ("scan",),
    ("compare", "stopwatch"),
    ("admission",),
    ("server", "upload", "webhook"),
    ("argument_types",),
    ("argument_groups",),
    ("upload_arguments", "webhook_arguments"),
    ("engine_options",),
    ("arguments", "commands", "listing", "output"),
    ("serve_commands", "upload_command", "webhook_commands"),
    ("cli",),
    ("__main__",),
)
"""Each room may import from the rows above its own; the package itself holds the version and belongs to all.

What is imported for type checkers only does not count: it is not there when the program runs.
"""

SIBLINGS = {
    "normalizers": {"dockerfile", "env", "image", "kubernetes", "sbom"},
    "formats": {
        "checkstyle",
        "csv",
        "github",
        "gitlab_codequality",
        "gitlab_sast",
        "html",
        "json",
        "junit",
        "markdown",
        "sarif",
        "text",
    },
    "engines": {"opa", "wasm"},
}
"""The modules of a room that have the same face and must not know each other; the others there are parts of one."""

LIBRARIES = {
    "aiohttp": {"server"},
    "prometheus_client": {"server"},
    "cyclonedx": {"syntax"},
    "dockerfile": {"syntax"},
    "dotenv": {"syntax"},
    "dulwich": {"history", "upload", "worktree"},
    "jsonschema": {"compiler", "config"},
    "jsonschema_rs": {"syntax"},
    "opa_client": {"engines"},
    "opentelemetry": {"server"},
    "pathspec": {"worktree"},
    "requests": {"engines", "upload"},
    "shtab": {"cli"},
    "tree_sitter": {"syntax"},
    "tree_sitter_bash": {"syntax"},
    "urllib3": {"engines"},
    "wasmtime": {"engines"},
    "yaml": {"compiler", "syntax", "webhook"},
}
"""The rooms that may import a library."""


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def modules() -> Iterator[tuple[str, str]]:
    """Yield the dotted name and the source of every module of the package."""
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        yield name, path.read_text("utf-8")


def imports(name: str, source: str) -> Iterator[str]:
    """Yield the dotted names that a module imports, a name out of a package as its module."""
    tree = ast.parse(source)
    typing_only = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in set(ast.walk(tree)) - typing_only:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: relative import"
            module = node.module or ""
            for alias in node.names:
                submodule = PACKAGE.parent / module.replace(".", "/") / alias.name
                is_module = submodule.is_dir() or submodule.with_suffix(".py").is_file()
                yield f"{module}.{alias.name}" if is_module else module


def is_sibling(name: str, imported: str) -> bool:
    own, other = name.split(".")[1:3], imported.split(".")[1:3]
    if len(own) != 2 or len(other) != 2 or own[0] != other[0] or own[1] == other[1]:
        return False
    return {own[1], other[1]} <= SIBLINGS.get(own[0], set())


def complaints(name: str, source: str) -> list[str]:
    """Return what is wrong with the imports of one module."""
    rank = {one: number for number, row in enumerate(LAYERS) for one in row}
    own = room(name)
    wrong = []
    for imported in sorted(set(imports(name, source))):
        top = imported.partition(".")[0]
        if top == "checker":
            other = room(imported)
            if other and other != own and own and rank[other] >= rank[own]:
                wrong.append(f"{name} imports {imported}")
            if is_sibling(name, imported):
                wrong.append(f"{name} imports its sibling {imported}")
        elif top not in sys.stdlib_module_names and own not in LIBRARIES.get(top, set()):
            wrong.append(f"{name} imports {top}")
    return wrong


def test_imports_run_one_way() -> None:
    assert [wrong for name, source in modules() for wrong in complaints(name, source)] == []


def test_every_room_has_its_place_and_every_place_a_room() -> None:
    rooms = {room(name) for name, _ in modules()} - {""}
    assert rooms == {one for row in LAYERS for one in row}


@pytest.mark.parametrize(
    ("name", "source", "complaint"),
    [
        ("checker.text", "from checker.scan import scan", "checker.text imports checker.scan"),
        ("checker.model", "import yaml", "checker.model imports yaml"),
        (
            "checker.normalizers.env",
            "from checker.normalizers import sbom",
            "checker.normalizers.env imports its sibling checker.normalizers.sbom",
        ),
        ("checker.formats.text", "def f():\n  import wasmtime", "checker.formats.text imports wasmtime"),
    ],
)
def test_a_wrong_import_is_complained_of(name: str, source: str, complaint: str) -> None:
    assert complaints(name, source) == [complaint]


def test_what_is_imported_is_what_the_package_asks_for() -> None:
    names = {"cyclonedx": "cyclonedx-python-lib", "dotenv": "python-dotenv", "opa_client": "opa-python-client"}
    needed = {names.get(library, "pyyaml" if library == "yaml" else library.replace("_", "-")) for library in LIBRARIES}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = {re.split(r"[\[<>=]", one)[0] for one in (*project["dependencies"], *extras["webhook"], *extras["otel"])}
    assert {one.partition("-")[0] if one.startswith("opentelemetry-") else one for one in asked} == needed
