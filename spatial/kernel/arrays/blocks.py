"""Blocks on their way between channels and arrays."""

from collections.abc import Iterator

from spatial.ir.mlir import ir, scf
from spatial.kernel.lower.values import Array, View

__all__ = ["can_take"]


def can_take(view: View, block: Array) -> bool:
    """Whether a block can go from its channel into all of an array at once.

    Nothing may stand between the channel operation and here, for it could still need the old elements.
    """
    if not block.taken or block.type != view.array.type or view.array.origin or not _is_whole(view):
        return False
    *_, last = ir.InsertionPoint.current.block.operations
    return any(use.owner == op for op in _within(last) for use in block.memory.uses)


def _within(op: ir.OpView) -> Iterator[ir.OpView]:
    """An operation, and those of its branches where it is a choice."""
    yield op
    if isinstance(op, scf.IfOp):
        for branch in (op.then_block, op.else_block):
            for inner in branch.operations if branch is not None else ():
                yield from _within(inner)


def _is_whole(view: View) -> bool:
    extents = tuple(dimension.extent for dimension in view.dimensions)
    return extents == view.array.type.shape and all(d.start is None and d.step == 1 for d in view.dimensions)
