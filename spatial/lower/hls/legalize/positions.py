"""Indices that are moved, and operations that are replaced."""

import itertools

from spatial.ir.arithmetic import constant
from spatial.ir.mlir import arith, ir
from spatial.lower.hls.legalize.boxes import Interval
from spatial.types.dtype import index

__all__ = ["as_value", "difference", "following", "replace", "shifted"]


def following(op: ir.OpView) -> ir.OpView:
    """The operation behind one."""
    body = list(op.operation.block.operations)
    return next(after for before, after in itertools.pairwise(body) if before == op)


def shifted(at: ir.Value, interval: Interval) -> ir.Value:
    """The index so far into an interval."""
    value = at if interval.step == 1 else arith.muli(at, constant(index, interval.step))
    return value if interval.first == 0 else arith.addi(value, constant(index, interval.first))


def as_value(number: ir.Value | int) -> ir.Value:
    """An index as a value."""
    return constant(index, number) if isinstance(number, int) else number


def difference(at: ir.Value, first: ir.Value | int) -> ir.Value:
    """How far an index lies behind another one: what was added to that one, if so it was made."""
    if not isinstance(at.owner, ir.Block) and isinstance(at.owner.opview, arith.AddIOp):
        left, right = at.owner.operands
        if is_number(left, first):
            return right
        if is_number(right, first):
            return left
    return arith.subi(at, as_value(first))


def is_number(value: ir.Value, number: ir.Value | int) -> bool:
    """Whether a value is surely the one or the number."""
    if not isinstance(number, int):
        return bool(value == number)
    if isinstance(value.owner, ir.Block) or not isinstance(value.owner.opview, arith.ConstantOp):
        return False
    found = value.owner.opview.attributes["value"]
    return isinstance(found, ir.IntegerAttr) and found.value == number


def replace(op: ir.OpView, value: ir.Value) -> None:
    """Lets others use a value where they used the operation's."""
    op.results[0].replace_all_uses_with(value)
    op.operation.erase()
