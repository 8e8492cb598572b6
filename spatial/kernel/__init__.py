"""One actor: a Python function becomes typed MLIR functions, one per specialization."""
