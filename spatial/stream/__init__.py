"""A channel as the user holds it."""
