"""Dependence: which accesses of a function must keep their order, as exact sets of integers."""
