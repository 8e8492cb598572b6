"""Facts about a program found by running it."""
