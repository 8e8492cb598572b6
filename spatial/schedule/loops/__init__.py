"""Rewrites of loops, each in place on one function."""
