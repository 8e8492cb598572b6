"""Blocks on their way between channels and arrays."""

from spatial.ir.mlir import ir
from spatial.kernel.values import Array, View

__all__ = ["can_take"]


def can_take(view: View, block: Array) -> bool:
    """Whether a block can go from its channel into all of an array at once.

    Nothing may stand between the channel operation and here, for it could still need the old elements.
    """
    if not block.taken or block.type != view.array.type or view.array.origin or not _is_whole(view):
        return False
    here = ir.InsertionPoint.current.block
    *_, last = here.operations
    return any(_within(use.owner, here) == last for use in block.memory.uses)


def _within(op: ir.Operation, block: ir.Block) -> ir.Operation:
    """The operation of a block in which another one happens."""
    while op.block != block and op.parent is not None:
        op = op.parent.operation
    return op


def _is_whole(view: View) -> bool:
    extents = tuple(dimension.extent for dimension in view.dimensions)
    return extents == view.array.type.shape and all(d.start is None and d.step == 1 for d in view.dimensions)
