"""Actors that do nothing, and drains: they need no core."""

from spatial.ir.dialect import ActorOp
from spatial.ir.function import kernels, region_function
from spatial.ir.graph import ActorGraph, element_name
from spatial.ir.mlir import ir
from spatial.lower.aie.legalize.roles import Role, parts_of

__all__ = ["drop_idle"]


def drop_idle(module: ir.Module, graph: ActorGraph) -> None:
    """Takes away actors that neither use a channel nor write an array, and the functions that nobody runs then."""
    idle = {name for name, part in parts_of(module, graph).items() if part.role is Role.IDLE}
    for op in list(region_function(module).entry_block.operations):
        if isinstance(op, ActorOp) and element_name(op.kernel.value, tuple(axis.value for axis in op.pid)) in idle:
            op.operation.erase()
    drop_unused(module)


def drop_unused(module: ir.Module) -> None:
    """Takes away functions that no actor runs."""
    used = {op.callee.value for op in region_function(module).entry_block.operations if isinstance(op, ActorOp)}
    for function in kernels(module):
        if function.name.value not in used:
            function.operation.erase()
