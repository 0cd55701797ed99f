"""Sends results to GitHub code scanning."""
