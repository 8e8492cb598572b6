"""Proofs that two small functions are equal for all inputs."""
