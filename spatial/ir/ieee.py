"""Emits the floating-point operations that take several steps, each step as in `spatial.types.ieee`."""

from spatial.ir.mlir import arith, ir, math

__all__ = ["floor_divide", "modulo"]

LT, EQ, NE = arith.CmpFPredicate.OLT, arith.CmpFPredicate.OEQ, arith.CmpFPredicate.UNE


def floor_divide(a: ir.Value, b: ir.Value) -> ir.Value:
    """`a // b`, each step rounded to the type of the operands.

    Infinities and NaN need no case of their own: they stay what they are through the last steps.
    """
    zero, one, half = (arith.constant(a.type, number) for number in (0.0, 1.0, 0.5))
    divided = arith.divf(a, b)
    remainder = arith.remf(a, b)
    exact = arith.divf(arith.subf(a, remainder), b)
    quotient = arith.select(_opposes(remainder, b, zero), arith.subf(exact, one), exact)
    floor = math.floor(quotient)
    above = arith.cmpf(arith.CmpFPredicate.OGT, arith.subf(quotient, floor), half)
    rounded = arith.select(above, arith.addf(floor, one), floor)
    signed = arith.select(arith.cmpf(EQ, quotient, zero), math.copysign(zero, divided), rounded)
    return arith.select(arith.cmpf(EQ, b, zero), divided, signed)


def modulo(a: ir.Value, b: ir.Value) -> ir.Value:
    """`a % b` with the sign of `b`."""
    zero = arith.constant(a.type, 0.0)
    remainder = arith.remf(a, b)
    moved = arith.select(_opposes(remainder, b, zero), arith.addf(remainder, b), remainder)
    return arith.select(arith.cmpf(EQ, remainder, zero), math.copysign(zero, b), moved)


def _opposes(remainder: ir.Value, b: ir.Value, zero: ir.Value) -> ir.Value:
    """Whether a remainder is not zero and has another sign than the divisor."""
    signs = arith.xori(arith.cmpf(LT, b, zero), arith.cmpf(LT, remainder, zero))
    return arith.andi(arith.cmpf(NE, remainder, zero), signs)
