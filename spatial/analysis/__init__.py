"""Facts about a program found without running it."""
