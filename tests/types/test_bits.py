"""The bits of values, and values of bits."""

import math

import ml_dtypes
import numpy as np
import pytest

from spatial.types.bits import from_bits, nan_bits, to_bits
from spatial.types.dtype import (
    Fixed,
    Int,
    UInt,
    bfloat16,
    bool_,
    float8_e4m3fn,
    float8_e5m2,
    float16,
    float32,
    float64,
)
from spatial.types.rounding import round_to

SMALL = {
    float8_e4m3fn: (ml_dtypes.float8_e4m3fn, np.uint8),
    float8_e5m2: (ml_dtypes.float8_e5m2, np.uint8),
    float16: (np.float16, np.uint16),
    bfloat16: (ml_dtypes.bfloat16, np.uint16),
}


@pytest.mark.parametrize("dtype", SMALL, ids=str)
def test_every_pattern_of_a_small_float_is_the_value_numpy_reads(dtype):
    form, integer = SMALL[dtype]
    patterns = np.arange(1 << dtype.bits).astype(integer)
    with np.errstate(invalid="ignore"):
        values = patterns.view(form).astype(np.float64).tolist()
    for pattern, value in zip(patterns.tolist(), values, strict=True):
        found = from_bits(pattern, dtype)
        if math.isnan(value):
            assert math.isnan(found)
            assert to_bits(found, dtype) == nan_bits(dtype)
        else:
            assert (found, math.copysign(1, found)) == (value, math.copysign(1, value))
            assert to_bits(value, dtype) == pattern
            assert math.isinf(value) or round_to(dtype, value) == value


@pytest.mark.parametrize("dtype", [*SMALL, float32, float64], ids=str)
def test_every_nan_has_the_bits_of_the_quiet_one(dtype):
    assert math.isnan(from_bits(nan_bits(dtype), dtype))
    assert to_bits(-math.nan, dtype) == nan_bits(dtype)


def test_integers_are_read_as_twos_complement():
    assert to_bits(-1, Int(12)) == 4095
    assert from_bits(4095, Int(12)) == -1
    assert from_bits(4095, UInt(12)) == 4095
    assert from_bits(200, Fixed(8, 4)) == -56
    assert to_bits(1, bool_) == 1
    assert to_bits(1.0, float32) == 0x3F800000
    assert from_bits(0xC000000000000000, float64) == -2.0
