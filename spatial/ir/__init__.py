"""Which program it is: the MLIR module, its `df` dialect, and the actor graph read off it."""
