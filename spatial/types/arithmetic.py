"""The one table of arithmetic: what an operation takes, works in, gives, means."""

import operator
from collections.abc import Callable
from typing import assert_never

from spatial.source.errors import InternalError
from spatial.types.bits import from_bits
from spatial.types.conversion import Value, convert, fits
from spatial.types.dtype import (
    DType,
    Fixed,
    Float,
    Index,
    Int,
    Struct,
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
from spatial.types.operators import (
    BITWISE,
    COMPARISONS,
    SHIFTS,
    Operator,
    Signature,
    UnaryOperator,
    common_width,
    integer,
)
from spatial.types.rounding import round_to, wrap
from spatial.types.scaling import as_fixed, common_fixed, fixed_of, fixed_signature

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


def common_type(left: DType, right: DType) -> DType | None:
    """The smallest type that holds the values of both, any number beside a float taking the float's type.

    None where that would have more than 1024 bits, or for different structs.
    """
    if left == right:
        return left
    match left, right:
        case (Struct(), _) | (_, Struct()):
            return None
        case Float(), Float():
            return _common_float(left, right)
        case (Float(), _) | (_, Float()):
            return left if isinstance(left, Float) else right
        case (Fixed(), _) | (_, Fixed()):
            return common_fixed(as_fixed(left), as_fixed(right))
        case _:
            return integer(common_width(left, right), signed=is_signed(left) or is_signed(right))


def signature(op: Operator, left: DType, right: DType, amount: int | None = None) -> Signature | None:
    """How `left op right` is computed; None where it is undefined or would need integers of more than 1024 bits.

    `amount` is the right operand of a shift where it is known at compile time: `<<` of an integer then widens by
    it (a negative one is undefined), while it otherwise keeps the left type. Integers are exact as in
    Vitis `ap_int` (UG1399): nothing wraps before an assignment. `Index` with `Index` stays `Index`. Fixed point is
    that of `ap_fixed`; beside it an integer has no fraction, beside a float it is converted. Structs are only
    compared for equality.
    """
    if isinstance(left, Struct) or isinstance(right, Struct):
        return Signature(left, bool_) if left == right and op in (Operator.EQ, Operator.NE) else None
    if op in SHIFTS:
        return _shift_signature(op, left, right, amount)
    if is_float(left) or is_float(right):
        return _float_signature(op, left, right)
    if isinstance(left, Fixed) or isinstance(right, Fixed):
        return fixed_signature(op, as_fixed(left), as_fixed(right))
    if op in COMPARISONS:
        return _via(common_type(left, right), bool_)
    if left == right == index:
        return Signature(index, index)
    return _integer_signature(op, left, right)


def unary_signature(op: UnaryOperator, operand: DType) -> Signature | None:
    """How `op operand` is computed; None where it is undefined or would need integers of more than 1024 bits."""
    if isinstance(operand, Struct):
        return None
    match op:
        case UnaryOperator.NOT:
            return Signature(operand, bool_)
        case UnaryOperator.INVERT:
            return None if is_float(operand) else Signature(operand, operand)
        case UnaryOperator.NEG if isinstance(operand, Fixed):
            return _same(fixed_of(operand.width - operand.fraction + 1, operand.fraction, signed=True))
        case UnaryOperator.ABS if isinstance(operand, Fixed):
            return Signature(operand, Fixed(operand.width, operand.fraction, signed=False))
        case UnaryOperator.NEG:
            return _same(operand if _keeps_width(operand) else integer(operand.bits + 1, signed=True))
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
    if isinstance(types.working, Struct):
        return int(_are_equal(types.working, int(a), int(b)) == (op is Operator.EQ))
    if types.aligned is not None:
        return _apply_fixed(op, types, types.aligned, convert(a, left, types.aligned[0]), b, right)
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


def _are_equal(dtype: Struct, a: int, b: int) -> bool:
    """Whether all fields are equal, each as its type compares."""
    equal, offset = True, 0
    for _, field in dtype.fields:
        mask = (1 << field.bits) - 1
        x, y = (from_bits(word >> offset & mask, field) for word in (a, b))
        equal &= bool(apply(Operator.EQ, field, x, field, y))
        offset += field.bits
    return equal


def _apply_fixed(
    op: Operator, types: Signature, aligned: tuple[Fixed, Fixed], x: Value, b: Value, right: DType
) -> Value:
    """An operation on raw integers."""
    y = convert(b, right, aligned[1])
    if op in COMPARISONS:
        return int(_COMPARE[op](x, y))
    return _compute_integer(op, types.working.bits, int(x), int(y))


def _shift_signature(op: Operator, left: DType, right: DType, amount: int | None) -> Signature | None:
    if is_float(left) or isinstance(right, Float | Fixed) or (amount is not None and amount < 0):
        return None
    if isinstance(left, Fixed):
        return Signature(left, left)
    if left == right == index:
        return Signature(index, index)
    grown = amount if op is Operator.SHL and amount is not None else 0
    return _same(integer(left.bits + grown, signed=is_signed(left)))


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
    common = common_width(left, right)
    signed = is_signed(left) or is_signed(right)
    quotient = left.bits + is_signed(right)
    match op:
        case Operator.ADD:
            return _same(integer(common + 1, signed=signed))
        case Operator.SUB:
            return _same(integer(common + 1, signed=True))
        case Operator.MUL:
            return _same(integer(left.bits + right.bits, signed=signed))
        case Operator.DIV | Operator.FLOORDIV:
            return _via(integer(max(common, quotient), signed=signed), integer(quotient, signed=signed))
        case Operator.MOD:
            return _via(integer(max(common, quotient), signed=signed), integer(right.bits, signed=is_signed(right)))
        case _:
            return _same(common_type(left, right))


def _same(dtype: DType | None) -> Signature | None:
    return _via(dtype, dtype)


def _via(working: DType | None, result: DType | None) -> Signature | None:
    return None if working is None or result is None else Signature(working, result)


def _keeps_width(dtype: DType) -> bool:
    return isinstance(dtype, Float | Index)


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
    if isinstance(dtype, Fixed):
        return wrap(dtype.width, dtype.signed, int(value))
    return convert(value, dtype, dtype)
