"""Loops of a core over vectors."""
