"""What each operation of MLIR on integers is in bit-vectors."""

from collections.abc import Callable, Mapping
from typing import Any

from spatial.ir.mlir import arith, ir, math
from spatial.verify.lemmas.solver import Term

__all__ = ["FAULTS", "TERMS", "width_of"]

Make = Callable[[Any, ir.OpView, list[Term]], Term]
INDEX_BITS = 64


def width_of(kind: ir.Type) -> int | None:
    """How many bits a value of a type has; None where it is no integer."""
    if isinstance(kind, ir.IndexType):
        return INDEX_BITS
    return kind.width if isinstance(kind, ir.IntegerType) else None


def _truth(z3: Any, condition: Term) -> Term:
    return z3.If(condition, z3.BitVecVal(1, 1), z3.BitVecVal(0, 1))


def _compared(z3: Any, op: ir.OpView, operands: list[Term]) -> Term:
    a, b = operands
    made: Mapping[str, Callable[[], Term]] = {
        "eq": lambda: a == b,
        "ne": lambda: a != b,
        "slt": lambda: a < b,
        "sle": lambda: a <= b,
        "sgt": lambda: a > b,
        "sge": lambda: a >= b,
        "ult": lambda: z3.ULT(a, b),
        "ule": lambda: z3.ULE(a, b),
        "ugt": lambda: z3.UGT(a, b),
        "uge": lambda: z3.UGE(a, b),
    }
    return _truth(z3, made[arith.CmpIPredicate(op.attributes["predicate"].value).name]())


def _selected(z3: Any, op: ir.OpView, operands: list[Term]) -> Term:
    condition, yes, no = operands
    return z3.If(condition == 1, yes, no)


def _resized(z3: Any, op: ir.OpView, operand: Term, *, signed: bool) -> Term:
    """An integer of the width of the result."""
    before, after = operand.size(), width_of(op.results[0].type)
    assert after is not None
    if after <= before:
        return z3.Extract(after - 1, 0, operand)
    return (z3.SignExt if signed else z3.ZeroExt)(after - before, operand)


def _floored(z3: Any, op: ir.OpView, operands: list[Term]) -> Term:
    """The quotient toward minus infinity; z3's goes toward zero."""
    a, b = operands
    uneven = z3.And(z3.SRem(a, b) != 0, (a ^ b) < 0)
    return z3.If(uneven, a / b - 1, a / b)


def _lesser(z3: Any, op: ir.OpView, operands: list[Term]) -> Term:
    a, b = operands
    return z3.If(a < b, a, b)


def _greater(z3: Any, op: ir.OpView, operands: list[Term]) -> Term:
    a, b = operands
    return z3.If(a > b, a, b)


def _lesser_unsigned(z3: Any, op: ir.OpView, operands: list[Term]) -> Term:
    a, b = operands
    return z3.If(z3.ULT(a, b), a, b)


def _greater_unsigned(z3: Any, op: ir.OpView, operands: list[Term]) -> Term:
    a, b = operands
    return z3.If(z3.UGT(a, b), a, b)


def _absolute(z3: Any, op: ir.OpView, operands: list[Term]) -> Term:
    (a,) = operands
    return z3.If(a < 0, -a, a)


def _signed(z3: Any, op: ir.OpView, operands: list[Term]) -> Term:
    return _resized(z3, op, operands[0], signed=True)


def _unsigned(z3: Any, op: ir.OpView, operands: list[Term]) -> Term:
    return _resized(z3, op, operands[0], signed=False)


def _divided_by_zero(z3: Any, op: ir.OpView, operands: list[Term]) -> tuple[Term, str]:
    return operands[1] == 0, "division by zero"


TERMS: Mapping[type, Make] = {
    arith.AddIOp: lambda z3, op, ab: ab[0] + ab[1],
    arith.SubIOp: lambda z3, op, ab: ab[0] - ab[1],
    arith.MulIOp: lambda z3, op, ab: ab[0] * ab[1],
    arith.DivSIOp: lambda z3, op, ab: ab[0] / ab[1],
    arith.FloorDivSIOp: _floored,
    arith.RemSIOp: lambda z3, op, ab: z3.SRem(ab[0], ab[1]),
    arith.DivUIOp: lambda z3, op, ab: z3.UDiv(ab[0], ab[1]),
    arith.RemUIOp: lambda z3, op, ab: z3.URem(ab[0], ab[1]),
    arith.AndIOp: lambda z3, op, ab: ab[0] & ab[1],
    arith.OrIOp: lambda z3, op, ab: ab[0] | ab[1],
    arith.XOrIOp: lambda z3, op, ab: ab[0] ^ ab[1],
    arith.ShLIOp: lambda z3, op, ab: ab[0] << ab[1],
    arith.ShRSIOp: lambda z3, op, ab: ab[0] >> ab[1],
    arith.ShRUIOp: lambda z3, op, ab: z3.LShR(ab[0], ab[1]),
    arith.MinSIOp: _lesser,
    arith.MaxSIOp: _greater,
    arith.MinUIOp: _lesser_unsigned,
    arith.MaxUIOp: _greater_unsigned,
    arith.CmpIOp: _compared,
    arith.SelectOp: _selected,
    arith.ExtSIOp: _signed,
    arith.ExtUIOp: _unsigned,
    arith.TruncIOp: _unsigned,
    arith.IndexCastOp: _signed,
    arith.IndexCastUIOp: _unsigned,
    math.AbsIOp: _absolute,
}
"""An operation's value: a shift by the width or more leaves nothing but the sign, as the engines have it."""

DIVISIONS = (arith.DivSIOp, arith.FloorDivSIOp, arith.RemSIOp, arith.DivUIOp, arith.RemUIOp)
FAULTS: Mapping[type, Callable[[Any, ir.OpView, list[Term]], tuple[Term, str]]] = dict.fromkeys(
    DIVISIONS, _divided_by_zero
)
"""When an operation has no value, and what is told then."""
