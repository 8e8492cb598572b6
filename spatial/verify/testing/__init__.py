"""Testing that two programs give the same, which proves nothing."""
