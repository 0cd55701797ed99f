"""Finds the data files that travel with the package."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).parent
IS_CHECKOUT: Final = (_PACKAGE.parent / "policies" / "capabilities.json").is_file()
"""Whether this is a checkout, where policies and schemas lie beside the package instead of inside it."""

_ROOT: Final = _PACKAGE.parent if IS_CHECKOUT else _PACKAGE
POLICIES: Final = _ROOT / "policies"
SCHEMAS: Final = _ROOT / "schemas"
MODULE: Final = _PACKAGE / "policies.wasm"
CATALOG: Final = _PACKAGE / "catalog.json"
