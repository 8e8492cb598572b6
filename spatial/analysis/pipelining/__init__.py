"""How one iteration of a loop is laid out in stages."""
