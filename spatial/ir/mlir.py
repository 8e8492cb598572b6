"""The one door to MLIR's bindings: a complete top-level `mlir` if there is one, else the `torch-mlir` wheel's."""

try:
    from mlir import ir
    from mlir.dialects import arith, ext, func, math, memref, scf
except ImportError:
    from torch_mlir import ir
    from torch_mlir.dialects import arith, ext, func, math, memref, scf

__all__ = ["arith", "ext", "func", "ir", "math", "memref", "scf"]
