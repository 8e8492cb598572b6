"""The reference engine: a program simulated cycle by cycle on SimPy."""
