"""Reads Dockerfiles with the place of every word."""
