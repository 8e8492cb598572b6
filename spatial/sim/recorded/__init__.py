"""Designs that were recorded elsewhere: which FIFO each process uses in which iteration."""
