"""Finds the data files that travel with the package."""

from __future__ import annotations

import sys
from collections.abc import Mapping
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


def user_cache(environment: Mapping[str, str]) -> Path:
    """Return the folder for what can be made again, below the user's cache folder, whether or not it is there."""
    if sys.platform == "win32":
        base = Path(environment.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        given = Path(environment.get("XDG_CACHE_HOME") or "")
        base = given if given.is_absolute() else Path.home() / ".cache"
    return base / "checker"
