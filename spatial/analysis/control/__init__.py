"""Control flow that follows from constants and loop variables alone."""
