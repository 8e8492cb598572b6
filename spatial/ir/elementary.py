"""Emits the algorithms of `spatial.types.elementary` as operations on float64."""

from collections.abc import Callable, Mapping
from typing import Self

from spatial.ir.arithmetic import constant, convert
from spatial.ir.dtypes import scalar_type
from spatial.ir.mlir import arith, ir, math
from spatial.types.dtype import DType, bool_, float64, int64
from spatial.types.terms import Kind, Step, Term

__all__ = ["Emitted", "elementary", "root"]

TYPES: Mapping[Kind, DType] = {Kind.REAL: float64, Kind.WHOLE: int64, Kind.TRUTH: bool_}


def elementary(algorithm: Callable[["Emitted"], "Emitted"], value: ir.Value, dtype: DType) -> ir.Value:
    """A function of a float of any type: computed in float64, then rounded once."""
    made = algorithm(Emitted(convert(value, dtype, float64), Kind.REAL))
    return convert(made.value, float64, dtype)


def root(value: ir.Value) -> ir.Value:
    """The correctly rounded square root, in the value's own type."""
    return math.sqrt(value)


class Emitted(Term):
    """A term as a value of MLIR."""

    def __init__(self, value: ir.Value, kind: Kind) -> None:
        self.value = value
        self.kind = kind

    def constant(self, number: float, kind: Kind) -> Self:
        return type(self)(constant(TYPES[kind], number), kind)

    def made(self, step: Step, kind: Kind, *operands: Self) -> Self:
        return type(self)(STEPS[step](*(operand.value for operand in operands)), kind)


def _less(a: ir.Value, b: ir.Value) -> ir.Value:
    return arith.cmpf(arith.CmpFPredicate.OLT, a, b)


def _equal(a: ir.Value, b: ir.Value) -> ir.Value:
    return arith.cmpf(arith.CmpFPredicate.OEQ, a, b)


STEPS: Mapping[Step, Callable[..., ir.Value]] = {
    Step.ADD: arith.addf,
    Step.SUBTRACT: arith.subf,
    Step.MULTIPLY: arith.mulf,
    Step.DIVIDE: arith.divf,
    Step.LESS: _less,
    Step.EQUAL: _equal,
    Step.ABSOLUTE: math.absf,
    Step.SIGNED_LIKE: math.copysign,
    Step.ROOT: math.sqrt,
    Step.CHOOSE: arith.select,
    Step.TRUNCATE: lambda x: convert(x, float64, int64),
    Step.CONVERT: lambda n: convert(n, int64, float64),
    Step.TO_BITS: lambda x: arith.bitcast(scalar_type(int64), x),
    Step.FROM_BITS: lambda n: arith.bitcast(scalar_type(float64), n),
    Step.WHOLE_ADD: arith.addi,
    Step.WHOLE_SUBTRACT: arith.subi,
    Step.WHOLE_AND: arith.andi,
    Step.SHIFT_LEFT: arith.shli,
    Step.SHIFT_RIGHT: arith.shrsi,
}
