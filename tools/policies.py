"""Compiles the rules of this repository into checker/policies.wasm and checker/catalog.json, with a page for each.

Usage: python tools/policies.py [--check]   (needs opa; --check writes nothing, tells what is not as it should be, and
also formats, type-checks, tests and lints the Rego, with regal where there is one)
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT)]

from checker import catalog, compiler, resources  # noqa: E402 - found on the path above
from checker.compiler import program  # noqa: E402 - found on the path above
from checker.errors import CheckerError  # noqa: E402 - found on the path above
from tools import pages  # noqa: E402 - found on the path above

COVERAGE: Final = "95"
"""Percent of the Rego that its tests must reach."""


def main() -> int:
    """Return 0, 1 where something is not as it should be, 2 where a rule cannot be compiled."""
    checking = "--check" in sys.argv[1:]
    try:
        generated = generate()
    except CheckerError as error:
        print(error, file=sys.stderr)
        return 2
    stale = [path for path, content in generated.items() if not path.is_file() or path.read_bytes() != content]
    if checking:
        for path in stale:
            print(f"{path.relative_to(ROOT)}: is not what its sources give: run `make policies`", file=sys.stderr)
        return int(any([stale, *(not succeeds(command) for command in checks())]))
    for path in stale:
        path.write_bytes(generated[path])
    return 0


def generate() -> dict[Path, bytes]:
    """Return what each generated file must hold."""
    bundle = compiler.compile_policies([resources.POLICIES], None, program.find())
    rules = bundle.catalog.rules.values()
    written = {resources.POLICIES / rule.id / "README.md": pages.page(rule).encode() for rule in rules}
    return {resources.CATALOG: catalog.dump(bundle.catalog), resources.MODULE: bundle.module, **written}


def checks() -> list[list[str]]:
    """Return the commands that hold the Rego to its style, its types and its tests."""
    opa = str(program.find())
    rego = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "policies").rglob("*.rego"))]
    commands = [
        [opa, "fmt", "--list", "--fail", "policies"],
        [opa, "check", "--strict", "--schema", "schemas/documents", *rego],
        [opa, "test", "--threshold", COVERAGE, *rego],
    ]
    regal = shutil.which("regal")
    return [*commands, [regal, "lint", "policies"]] if regal else commands


def succeeds(command: list[str]) -> bool:
    """Run a command; print what it says where it fails."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{Path(command[0]).name} {command[1]}:\n{done.stdout}{done.stderr}"[:20_000], file=sys.stderr)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
