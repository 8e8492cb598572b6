"""The one table of arithmetic: what an operation takes, works in, gives, means."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import assert_never

from spatial.source.errors import InternalError
from spatial.types.checks import MAX_WIDTH
from spatial.types.conversion import Value, convert, fits
from spatial.types.dtype import (
    DType,
    Float,
    Index,
    Int,
    UInt,
    bfloat16,
    bool_,
    float16,
    float32,
    float64,
    index,
    is_float,
    is_signed,
)
from spatial.types.ieee import divide, floor_divide, maximum, minimum, modulo
from spatial.types.rounding import round_to

__all__ = [
    "Operator",
    "Signature",
    "UnaryOperator",
    "Value",
    "apply",
    "apply_unary",
    "common_type",
    "convert",
    "fits",
    "signature",
    "unary_signature",
]


class Operator(Enum):
    """What two operands can be joined by; `value` is how the user writes it."""

    ADD = "+"
    SUB = "-"
    MUL = "*"
    DIV = "/"
    FLOORDIV = "//"
    MOD = "%"
    AND = "&"
    OR = "|"
    XOR = "^"
    SHL = "<<"
    SHR = ">>"
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    EQ = "=="
    NE = "!="
    MIN = "min"
    MAX = "max"


class UnaryOperator(Enum):
    """What one operand can be put through; `value` is how the user writes it."""

    NEG = "-"
    INVERT = "~"
    NOT = "not"
    ABS = "abs"


SHIFTS = frozenset({Operator.SHL, Operator.SHR})
COMPARISONS = frozenset({Operator.LT, Operator.LE, Operator.GT, Operator.GE, Operator.EQ, Operator.NE})
BITWISE = frozenset({Operator.AND, Operator.OR, Operator.XOR})


@dataclass(frozen=True, slots=True)
class Signature:
    """Operands are converted to `working`, the operation is done there, its outcome is converted to `result`.

    Between integers all three are exact: only `Index` wraps, `~` and a run-time `<<` keep the type, and the `abs`
    of the least `Int(w)` is right once its bits are read as `UInt(w)`. Floats round at each step. A shift's
    amount keeps its own type.
    """

    working: DType
    result: DType


def common_type(left: DType, right: DType) -> DType | None:
    """The smallest type that holds the values of both, an integer beside a float taking the float's type.

    None where that would be an integer of more than 1024 bits.
    """
    if left == right:
        return left
    match left, right:
        case Float(), Float():
            return _common_float(left, right)
        case (Float(), _) | (_, Float()):
            return left if isinstance(left, Float) else right
        case _:
            return _integer(_common_width(left, right), signed=is_signed(left) or is_signed(right))


def signature(op: Operator, left: DType, right: DType, amount: int | None = None) -> Signature | None:
    """How `left op right` is computed; None where it is undefined or would need integers of more than 1024 bits.

    `amount` is the right operand of a shift where it is known at compile time: `<<` then widens by it
    (a negative one is undefined), while it otherwise keeps the left type. Integers are exact as in
    Vitis `ap_int` (UG1399): nothing wraps before an assignment. `Index` with `Index` stays `Index`.
    """
    if op in SHIFTS:
        return _shift_signature(op, left, right, amount)
    if is_float(left) or is_float(right):
        return _float_signature(op, left, right)
    if op in COMPARISONS:
        return _via(common_type(left, right), bool_)
    if left == right == index:
        return Signature(index, index)
    return _integer_signature(op, left, right)


def unary_signature(op: UnaryOperator, operand: DType) -> Signature | None:
    """How `op operand` is computed; None where it is undefined or would need integers of more than 1024 bits."""
    match op:
        case UnaryOperator.NOT:
            return Signature(operand, bool_)
        case UnaryOperator.INVERT:
            return None if is_float(operand) else Signature(operand, operand)
        case UnaryOperator.NEG:
            return _same(operand if _keeps_width(operand) else _integer(operand.bits + 1, signed=True))
        case UnaryOperator.ABS if isinstance(operand, Int):
            return Signature(operand, UInt(operand.width))
        case UnaryOperator.ABS:
            return Signature(operand, operand)
    assert_never(op)


def apply(op: Operator, left: DType, a: Value, right: DType, b: Value, amount: int | None = None) -> Value:
    """The value of `a op b`, of the type `signature(op, left, right, amount)` names; the reference for all engines.

    Comparisons give 0 or 1. A shift by less than 0, or by the width or more, shifts all bits out.
    Raises `ZeroDivisionError` for integers divided by zero; `InternalError` where there is no signature.
    """
    types = signature(op, left, right, amount)
    if types is None:
        raise InternalError(f"nobody refused {left} {op.value} {right}")
    x = convert(a, left, types.working)
    y = b if op in SHIFTS else convert(b, right, types.working)
    if op in COMPARISONS:
        return int(_COMPARE[op](x, y))
    if isinstance(types.working, Float):
        return convert(_FLOAT[op](types.working, x, y), types.working, types.result)
    return _settle(_compute_integer(op, types.working.bits, int(x), int(y)), types.result)


def apply_unary(op: UnaryOperator, operand: DType, a: Value) -> Value:
    """The value of `op a`, of the type `unary_signature(op, operand)` names; `InternalError` where there is none."""
    types = unary_signature(op, operand)
    if types is None:
        raise InternalError(f"nobody refused {op.value} {operand}")
    match op:
        case UnaryOperator.NOT:
            return int(a == 0)
        case UnaryOperator.INVERT:
            return int(a == 0) if operand == bool_ else _settle(~int(a), types.result)
        case UnaryOperator.NEG:
            return _settle(-a, types.result)
        case UnaryOperator.ABS:
            return _settle(abs(a), types.result)
    assert_never(op)


def _shift_signature(op: Operator, left: DType, right: DType, amount: int | None) -> Signature | None:
    if is_float(left) or is_float(right) or (amount is not None and amount < 0):
        return None
    if left == right == index:
        return Signature(index, index)
    grown = amount if op is Operator.SHL and amount is not None else 0
    return _same(_integer(left.bits + grown, signed=is_signed(left)))


def _float_signature(op: Operator, left: DType, right: DType) -> Signature | None:
    """At least one is a float; `//` and `%` of 16-bit floats take several steps, done in float32 as NumPy does."""
    common = common_type(left, right)
    if common is None or op in BITWISE:
        return None
    if op in COMPARISONS:
        return Signature(common, bool_)
    if op in (Operator.FLOORDIV, Operator.MOD) and common.bits < float32.bits:
        return Signature(float32, common)
    return Signature(common, common)


def _integer_signature(op: Operator, left: DType, right: DType) -> Signature | None:
    """Everything but shifts, comparisons, `Index` with itself; the working type of a division holds its quotient."""
    common = _common_width(left, right)
    signed = is_signed(left) or is_signed(right)
    quotient = left.bits + is_signed(right)
    match op:
        case Operator.ADD:
            return _same(_integer(common + 1, signed=signed))
        case Operator.SUB:
            return _same(_integer(common + 1, signed=True))
        case Operator.MUL:
            return _same(_integer(left.bits + right.bits, signed=signed))
        case Operator.DIV | Operator.FLOORDIV:
            return _via(_integer(max(common, quotient), signed=signed), _integer(quotient, signed=signed))
        case Operator.MOD:
            return _via(_integer(max(common, quotient), signed=signed), _integer(right.bits, signed=is_signed(right)))
        case _:
            return _same(common_type(left, right))


def _same(dtype: DType | None) -> Signature | None:
    return _via(dtype, dtype)


def _via(working: DType | None, result: DType | None) -> Signature | None:
    return None if working is None or result is None else Signature(working, result)


def _keeps_width(dtype: DType) -> bool:
    return isinstance(dtype, Float | Index)


def _integer(width: int, *, signed: bool) -> Int | UInt | None:
    if width > MAX_WIDTH:
        return None
    return Int(width) if signed else UInt(width)


def _common_width(left: DType, right: DType) -> int:
    """Bits that hold both integers; an unsigned one beside a signed one needs a bit for the sign."""
    signed = is_signed(left) or is_signed(right)
    return max(dtype.bits + (signed and not is_signed(dtype)) for dtype in (left, right))


def _common_float(left: Float, right: Float) -> Float:
    return next(
        dtype
        for dtype in (float16, bfloat16, float32, float64)
        if dtype.precision >= max(left.precision, right.precision)
        and dtype.exponent_bits >= max(left.exponent_bits, right.exponent_bits)
    )


_COMPARE: dict[Operator, Callable[[Value, Value], bool]] = {
    Operator.LT: operator.lt,
    Operator.LE: operator.le,
    Operator.GT: operator.gt,
    Operator.GE: operator.ge,
    Operator.EQ: operator.eq,
    Operator.NE: operator.ne,
}

_INTEGER: dict[Operator, Callable[[int, int], int]] = {
    Operator.ADD: operator.add,
    Operator.SUB: operator.sub,
    Operator.MUL: operator.mul,
    Operator.DIV: lambda a, b: a // b if (a < 0) == (b < 0) else -(-a // b),
    Operator.FLOORDIV: operator.floordiv,
    Operator.MOD: operator.mod,
    Operator.AND: operator.and_,
    Operator.OR: operator.or_,
    Operator.XOR: operator.xor,
    Operator.MIN: min,
    Operator.MAX: max,
}

# Rounding a float64 outcome once more is as if rounded once: 53 >= 2 * 24 + 2 (Figueroa, "When is double rounding
# innocuous?", 1995).
_FLOAT: dict[Operator, Callable[[Float, float, float], float]] = {
    Operator.ADD: lambda dtype, a, b: round_to(dtype, a + b),
    Operator.SUB: lambda dtype, a, b: round_to(dtype, a - b),
    Operator.MUL: lambda dtype, a, b: round_to(dtype, a * b),
    Operator.DIV: lambda dtype, a, b: round_to(dtype, divide(a, b)),
    Operator.FLOORDIV: floor_divide,
    Operator.MOD: modulo,
    Operator.MIN: lambda dtype, a, b: minimum(a, b),
    Operator.MAX: lambda dtype, a, b: maximum(a, b),
}


def _compute_integer(op: Operator, width: int, a: int, b: int) -> int:
    if op not in SHIFTS:
        return _INTEGER[op](a, b)
    distance = b if 0 <= b < width else width
    return a << distance if op is Operator.SHL else a >> distance


def _settle(value: Value, dtype: DType) -> Value:
    """`value` as `dtype` holds it; what is exact stays the same."""
    return convert(value, dtype, dtype)
