"""Rewrites of a module that keep its meaning."""
