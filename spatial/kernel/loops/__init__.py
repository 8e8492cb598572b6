"""Loops and the ways out of them."""
