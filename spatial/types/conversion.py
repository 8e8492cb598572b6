"""Turns a value of one type into a value of another."""

import math
from typing import assert_never

from spatial.types.dtype import Bool, DType, Float, Index, Int, UInt, is_signed
from spatial.types.rounding import limits, round_integer, round_to, saturate, wrap

__all__ = ["Value", "convert", "fits"]

Value = int | float
"""How Python holds a value: an int for integers, 0 or 1 for `Bool`, an exactly representable float for `Float`."""


def convert(value: Value, source: DType, target: DType) -> Value:
    """The cast every engine makes, for a `value` of type `source`.

    To `Bool`: whether it differs from zero. Integer to integer (`Index` too) wraps. Float to integer
    truncates toward zero, saturates, and turns NaN into 0. To a float rounds once, to nearest even.
    """
    match target:
        case Bool():
            return int(value != 0)
        case Float():
            return round_to(target, value) if isinstance(source, Float) else round_integer(target, int(value))
        case Int() | UInt() | Index() if isinstance(source, Float):
            return saturate(target.bits, is_signed(target), value)
        case Int() | UInt() | Index():
            return wrap(target.bits, is_signed(target), int(value))
    assert_never(target)


def fits(value: int | float | bool, dtype: DType) -> bool:
    """Whether a literal may stand where `dtype` is expected.

    True and False fit everything. Another int fits an integer type that holds it. A float fits no
    integer type. Any number fits a float type, to which it is rounded, unless that makes it infinite.
    """
    if isinstance(value, bool):
        return True
    if isinstance(dtype, Float):
        return _fits_float(value, dtype)
    least, greatest = limits(dtype.bits, is_signed(dtype))
    return isinstance(value, int) and least <= value <= greatest


def _fits_float(value: int | float, dtype: Float) -> bool:
    if isinstance(value, int):
        return math.isfinite(round_integer(dtype, value))
    return not math.isfinite(value) or math.isfinite(round_to(dtype, value))
