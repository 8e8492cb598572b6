"""Differential testing of two programs."""
