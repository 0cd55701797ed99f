"""Checks container configuration against Rego policies, to the exact line."""

from typing import Final

__version__: Final = "0.1.0"
