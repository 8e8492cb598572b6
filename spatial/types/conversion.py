"""Turns a value of one type into a value of another."""

import math
from typing import assert_never

from spatial.source.errors import InternalError
from spatial.types.dtype import Bool, DType, Fixed, Float, Index, Int, Struct, UInt, is_float, is_signed
from spatial.types.fixed import as_float, as_whole, from_float, quantized, rounds_into
from spatial.types.rounding import limits, round_integer, round_to, saturate, wrap

__all__ = ["Value", "convert", "fits"]

Value = int | float
"""How Python holds a value: an int for integers, 0 or 1 for `Bool`, an exactly representable float for `Float`.

A `Fixed` is its raw integer, a `Struct` all its bits as an unsigned one.
"""


def convert(value: Value, source: DType, target: DType) -> Value:
    """The cast every engine makes, for a `value` of type `source`.

    To `Bool`: whether it differs from zero. Integer to integer (`Index` too) wraps. Float to integer
    truncates toward zero, saturates, and turns NaN into 0; fixed point to integer truncates toward zero and
    wraps. To a float rounds once, to nearest even, but fixed point of more than 53 bits rounds to float64 first.
    To fixed point rounds and brings into range as that type says.
    """
    match target:
        case Bool():
            return int(value != 0)
        case Float():
            return _to_float(value, source, target)
        case Fixed() if source != target:
            return _to_fixed(value, source, target)
        case Int() | UInt() | Index():
            return _to_integer(value, source, target)
        case Struct() | Fixed() if source == target:
            return value
        case Struct() | Fixed():
            raise InternalError(f"nobody refused to make a {target} of a {source}")
    assert_never(target)


def fits(value: int | float | bool, dtype: DType) -> bool:
    """Whether a literal may stand where `dtype` is expected.

    True and False fit everything but a struct. Another int fits an integer type that holds it. A float fits no
    integer type. Any finite number fits a float type, to which it is rounded, unless that makes it infinite; and a
    fixed-point type, to which it is rounded too, where that is in range.
    """
    if isinstance(dtype, Struct):
        return False
    if isinstance(dtype, Fixed):
        return rounds_into(value, dtype)
    if isinstance(value, bool):
        return True
    if isinstance(dtype, Float):
        return _fits_float(value, dtype)
    least, greatest = limits(dtype.bits, is_signed(dtype))
    return isinstance(value, int) and least <= value <= greatest


def _to_float(value: Value, source: DType, target: Float) -> float:
    if isinstance(source, Fixed):
        return round_to(target, as_float(int(value), source))
    return round_to(target, value) if isinstance(source, Float) else round_integer(target, int(value))


def _to_fixed(value: Value, source: DType, target: Fixed) -> int:
    if isinstance(source, Float):
        return from_float(value, target)
    return quantized(int(value), source.fraction if isinstance(source, Fixed) else 0, target)


def _to_integer(value: Value, source: DType, target: Int | UInt | Index) -> int:
    if is_float(source):
        return saturate(target.bits, is_signed(target), value)
    whole = as_whole(int(value), source) if isinstance(source, Fixed) else int(value)
    return wrap(target.bits, is_signed(target), whole)


def _fits_float(value: int | float, dtype: Float) -> bool:
    if isinstance(value, int):
        return math.isfinite(round_integer(dtype, value))
    if math.isinf(value):
        return not dtype.finite
    return math.isnan(value) or math.isfinite(round_to(dtype, value))
