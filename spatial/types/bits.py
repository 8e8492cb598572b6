"""The bits of a value, read as an unsigned integer, with the way back."""

import math
import struct
from typing import assert_never

import ml_dtypes
import numpy as np

from spatial.types.conversion import Value
from spatial.types.dtype import (
    Bool,
    DType,
    Fixed,
    Float,
    Index,
    Int,
    Struct,
    UInt,
    bfloat16,
    float8_e4m3fn,
    float8_e5m2,
    float16,
    float32,
    float64,
    is_signed,
)
from spatial.types.rounding import wrap

__all__ = ["from_bits", "nan_bits", "to_bits"]

PACKED = {float16: ("<e", "<H"), float32: ("<f", "<I"), float64: ("<d", "<Q")}
NARROW: dict[Float, np.dtype[np.generic]] = {
    float8_e4m3fn: np.dtype(ml_dtypes.float8_e4m3fn),
    float8_e5m2: np.dtype(ml_dtypes.float8_e5m2),
}


def nan_bits(dtype: Float) -> int:
    """The bits of every NaN: positive and quiet, nothing else set."""
    exponent = (1 << dtype.exponent_bits) - 1 << dtype.precision - 1
    return exponent | ((1 << dtype.precision - 1) - 1 if dtype.finite else 1 << dtype.precision - 2)


def to_bits(value: Value, dtype: DType) -> int:
    """The bits of a value; every NaN has the same ones."""
    match dtype:
        case Float():
            return nan_bits(dtype) if math.isnan(value) else _float_bits(value, dtype)
        case Int() | UInt() | Fixed() | Bool() | Index() | Struct():
            return int(value) & ((1 << dtype.bits) - 1)
    assert_never(dtype)


def from_bits(bits: int, dtype: DType) -> Value:
    """The value that has these bits."""
    match dtype:
        case Float():
            return _float_from(bits, dtype)
        case Int() | UInt() | Fixed() | Bool() | Index() | Struct():
            return wrap(dtype.bits, is_signed(dtype), bits)
    assert_never(dtype)


def _float_bits(value: float, dtype: Float) -> int:
    if dtype == bfloat16:
        return _float_bits(value, float32) >> 16
    if dtype in NARROW:
        return int(np.float64(value).astype(NARROW[dtype]).view(np.uint8))
    form, integer = PACKED[dtype]
    bits: int = struct.unpack(integer, struct.pack(form, value))[0]
    return bits


def _float_from(bits: int, dtype: Float) -> float:
    if dtype == bfloat16:
        return _float_from(bits << 16, float32)
    if dtype in NARROW:
        return float(np.uint8(bits).view(NARROW[dtype]))
    form, integer = PACKED[dtype]
    value: float = struct.unpack(form, struct.pack(integer, bits))[0]
    return math.nan if math.isnan(value) else value
