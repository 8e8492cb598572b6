"""Tokens and arrays in the memory of a core."""
