"""The one door to MLIR's bindings: a complete top-level `mlir` if there is one, else the `torch-mlir` wheel's."""

try:
    from mlir import ir
    from mlir.dialects import arith, ext, func, math, memref, scf, vector
    from mlir.execution_engine import ExecutionEngine
    from mlir.passmanager import PassManager
except ImportError:
    from torch_mlir import ir
    from torch_mlir.dialects import arith, ext, func, math, memref, scf, vector
    from torch_mlir.execution_engine import ExecutionEngine
    from torch_mlir.passmanager import PassManager

__all__ = ["ExecutionEngine", "PassManager", "arith", "ext", "func", "ir", "math", "memref", "scf", "vector"]
