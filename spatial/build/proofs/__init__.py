"""Proofs that two programs compute the same."""
