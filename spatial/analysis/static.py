"""Evaluates integers of a function that follow from its arguments and from loop variables alone."""

import operator
from collections.abc import Callable, Mapping

from spatial.ir.dialect import WithinOp
from spatial.ir.mlir import arith, ir

__all__ = ["Arguments", "evaluate"]

SIGNED = (operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge)
"""The predicates of `arith.cmpi`, in order; after them come the same comparisons of unsigned numbers."""


class Arguments(dict[ir.Value, int]):
    """Values known from outside, which remembers in `used` those that were asked for."""

    def __init__(self, known: Mapping[ir.Value, int]) -> None:
        super().__init__(known)
        self.used: set[ir.Value] = set()


def evaluate(value: ir.Value, known: Arguments) -> int | None:
    """The integer that a value is, in two's complement; None where it takes a run to tell."""
    if value in known:
        known.used.add(value)
        return known[value]
    if isinstance(value.owner, ir.Block):
        return None
    op = value.owner.opview
    compute = OPERATIONS.get(type(op))
    if compute is None:
        return None
    operands = [evaluate(operand, known) for operand in op.operands]
    found = [operand for operand in operands if operand is not None]
    return _fitted(compute(op, found), value.type) if len(found) == len(operands) else None


def _fitted(number: int | None, kind: ir.Type) -> int | None:
    """The number as its type holds it; a single bit is 0 or 1."""
    if number is None or not isinstance(kind, ir.IntegerType | ir.IndexType):
        return None
    width = 64 if isinstance(kind, ir.IndexType) else kind.width
    low = number & ((1 << width) - 1)
    return low - (1 << width) if width > 1 and low >> (width - 1) else low


def _constant(op: ir.OpView, operands: list[int]) -> int | None:
    attribute = op.attributes["value"]
    return int(attribute.value) if isinstance(attribute, ir.IntegerAttr | ir.BoolAttr) else None


def _compare(op: ir.OpView, operands: list[int]) -> int | None:
    predicate = op.attributes["predicate"].value
    left, right = operands
    if predicate < len(SIGNED):
        return int(SIGNED[predicate](left, right))
    return int(SIGNED[predicate - 4](left, right)) if left >= 0 and right >= 0 else None


def _zero_extended(op: ir.OpView, operands: list[int]) -> int | None:
    (kind,) = (operand.type for operand in op.operands)
    width = 64 if isinstance(kind, ir.IndexType) else kind.width
    return operands[0] & ((1 << width) - 1)


def _truncated_remainder(dividend: int, divisor: int) -> int | None:
    """The remainder with the sign of the dividend."""
    if not divisor:
        return None
    found = abs(dividend) % abs(divisor)
    return -found if dividend < 0 else found


def _within(op: ir.OpView, operands: list[int]) -> int | None:
    return operands[0] if 0 <= operands[0] < op.attributes["extent"].value else None


OPERATIONS: Mapping[type[ir.OpView], Callable[[ir.OpView, list[int]], int | None]] = {
    arith.ConstantOp: _constant,
    arith.AddIOp: lambda op, operands: operands[0] + operands[1],
    arith.SubIOp: lambda op, operands: operands[0] - operands[1],
    arith.MulIOp: lambda op, operands: operands[0] * operands[1],
    arith.AndIOp: lambda op, operands: operands[0] & operands[1],
    arith.OrIOp: lambda op, operands: operands[0] | operands[1],
    arith.XOrIOp: lambda op, operands: operands[0] ^ operands[1],
    arith.MinSIOp: lambda op, operands: min(operands),
    arith.MaxSIOp: lambda op, operands: max(operands),
    arith.FloorDivSIOp: lambda op, operands: operands[0] // operands[1] if operands[1] else None,
    arith.RemSIOp: lambda op, operands: _truncated_remainder(*operands),
    arith.SelectOp: lambda op, operands: operands[1] if operands[0] else operands[2],
    arith.CmpIOp: _compare,
    arith.ExtSIOp: lambda op, operands: operands[0],
    arith.ExtUIOp: _zero_extended,
    arith.TruncIOp: lambda op, operands: operands[0],
    arith.IndexCastOp: lambda op, operands: operands[0],
    arith.IndexCastUIOp: _zero_extended,
    WithinOp: _within,
}
