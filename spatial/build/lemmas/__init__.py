"""Lemmas: two functions that are equal for all inputs."""
