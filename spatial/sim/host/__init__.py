"""Functions in C++ on the machine that simulates."""
