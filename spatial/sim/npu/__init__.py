"""Placed designs of NPUs, in time."""
