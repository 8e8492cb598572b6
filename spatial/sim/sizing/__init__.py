"""Finds the depths of channels that a program needs."""
