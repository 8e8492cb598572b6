"""Tells which variables nobody reads before they are written."""

from spatial.ir.mlir import ir, memref, scf

__all__ = ["is_written_first"]


def is_written_first(variable: memref.AllocaOp) -> bool:
    """Whether a variable is written before whatever reads it, each time, whichever way is gone.

    Only what needs no proof counts: a loop, or the function, that holds all that uses it begins with a write. Of arrays
    nothing is known.
    """
    if list(variable.result.type.shape):
        return False
    users = [use.owner.operation for use in variable.result.uses]
    block = variable.operation.block
    while users:
        around = [_in(block, user) for user in users]
        first = next(op for op in block.operations if op.operation in around)
        if isinstance(first, memref.StoreOp):
            return True
        if not isinstance(first, scf.ForOp) or any(op != first.operation for op in around):
            return False
        block = first.body
    return True


def _in(block: ir.Block, op: ir.Operation) -> ir.Operation:
    """The operation of a block that another one is, or lies in."""
    while op.block != block:
        op = op.parent.operation
    return op
