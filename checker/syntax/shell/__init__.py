"""Reads shell scripts as lists of simple commands with the place of every word."""
