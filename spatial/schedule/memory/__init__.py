"""Rewrites of memory, each in place on one function."""
