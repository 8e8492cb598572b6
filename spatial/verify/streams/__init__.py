"""Streams that programs are given, as arrays of their tokens."""
