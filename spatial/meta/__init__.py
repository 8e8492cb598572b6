"""What is decided before the program runs: Python's syntax tree in, a plainer one out."""
