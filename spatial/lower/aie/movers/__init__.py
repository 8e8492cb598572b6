"""Actors that only move tokens: what they read, pass on and write, element by element."""
