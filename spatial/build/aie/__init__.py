"""Designs for NPUs: built, run, exported."""
