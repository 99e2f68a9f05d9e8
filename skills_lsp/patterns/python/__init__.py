"""Patterns of Python."""
