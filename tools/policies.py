"""Compiles the rules of this repository into checker/policies.wasm and checker/catalog.json."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from checker import catalog, compiler, resources
from checker.compiler import program
from checker.errors import CheckerError


def main() -> int:
    """Write what changed; tell what is wrong with a rule."""
    try:
        bundle = compiler.compile_policies([resources.POLICIES], None, program.find())
    except CheckerError as error:
        print(error, file=sys.stderr)
        return 2
    for path, content in ((resources.CATALOG, catalog.dump(bundle.catalog)), (resources.MODULE, bundle.module)):
        if not path.is_file() or path.read_bytes() != content:
            path.write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
