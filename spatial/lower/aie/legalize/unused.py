"""Functions of a program that nothing runs any more."""

from spatial.ir.dialect import ActorOp
from spatial.ir.function import kernels, region_function
from spatial.ir.mlir import ir

__all__ = ["drop_unused"]


def drop_unused(module: ir.Module) -> None:
    """Takes away functions that no actor runs."""
    operations = region_function(module).entry_block.operations
    used = {op.callee.value for op in operations if isinstance(op, ActorOp)}
    for function in kernels(module):
        if function.name.value not in used:
            function.operation.erase()
