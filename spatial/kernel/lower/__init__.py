"""Plain syntax trees become MLIR: expressions, statements, calls."""
