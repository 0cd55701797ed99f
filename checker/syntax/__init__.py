"""Parses the languages of files into plain data with the place of each node; knows nothing of kinds and rules."""
