"""Functions that a program calls, kept apart until it is written out."""
