"""Native code, made from a program's IR through MLIR's LLVM dialect."""
