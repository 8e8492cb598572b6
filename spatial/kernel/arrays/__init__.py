"""Arrays, slices, and what is computed with them as a whole."""
