"""Designs for Ryzen AI NPUs: blocks as tokens, movers that cost no core."""
