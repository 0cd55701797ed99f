"""Checks container configuration against Rego policies, to the exact line."""

__version__ = "0.1.0"
