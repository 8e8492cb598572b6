"""Casts and literals, against NumPy and ml_dtypes."""

import math

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.types.conversion import convert, fits
from spatial.types.dtype import (
    Int,
    UInt,
    bfloat16,
    bool_,
    float16,
    float32,
    float64,
    index,
    int8,
    int16,
    int32,
    int64,
    uint8,
    uint64,
)
from tests.types.numbers import same

NUMPY = {float16: np.float16, bfloat16: ml_dtypes.bfloat16, float32: np.float32, float64: np.float64}
FLOATS = list(NUMPY)
INTEGERS = [int8, int16, int64, uint8, uint64, Int(1), Int(13), UInt(3), Int(200), UInt(1024), index]

big = st.integers() | st.integers(-(2**130), 2**130)


def every_value(dtype):
    """What each of the 65,536 bit patterns means, in order."""
    with np.errstate(invalid="ignore"):  # signalling NaN
        return np.arange(1 << 16, dtype=np.uint16).view(NUMPY[dtype]).astype(np.float64)


def holds(dtype, n):
    signed = dtype == index or isinstance(dtype, Int)
    return -(1 << dtype.bits - 1) <= n < 1 << dtype.bits - 1 if signed else 0 <= n < 1 << dtype.bits


@pytest.mark.parametrize("target", INTEGERS, ids=str)
@settings(max_examples=50)
@given(n=big)
def test_integers_wrap(target, n):
    result = convert(n, Int(1024), target)
    assert holds(target, result)
    assert (result - n) % (1 << target.bits) == 0


@pytest.mark.parametrize("target", [int8, uint8, int16, int32, uint64], ids=str)
@given(n=st.integers(-(2**63), 2**63 - 1))
def test_integers_wrap_as_numpy(target, n):
    assert convert(n, int64, target) == int(np.int64(n).astype(str(target)))


@pytest.mark.parametrize("target", INTEGERS, ids=str)
@settings(max_examples=50)
@given(x=st.floats() | st.floats(-300, 300))
def test_floats_truncate_then_saturate(target, x):
    result = convert(x, float64, target)
    assert type(result) is int
    assert holds(target, result)
    if math.isfinite(x) and holds(target, math.trunc(x)):
        assert result == math.trunc(x)
    elif math.isnan(x):
        assert result == 0
    else:
        assert not holds(target, result + (1 if x > 0 else -1))


@pytest.mark.parametrize("source", [float16, bfloat16], ids=str)
def test_every_16_bit_float_saturates_to_int8(source):
    values = every_value(source)
    expected = np.clip(np.trunc(np.where(np.isnan(values), 0, values)), -128, 127).astype(int).tolist()
    assert [convert(x, source, int8) for x in values.tolist()] == expected


@pytest.mark.parametrize(("source", "target"), [(float16, bfloat16), (bfloat16, float16)], ids=str)
def test_every_16_bit_float_rounds_to_the_other_format(source, target):
    values = every_value(source)
    with np.errstate(all="ignore"):
        expected = values.astype(np.float32).astype(NUMPY[target]).astype(np.float64).tolist()
    assert all(same(convert(x, source, target), y) for x, y in zip(values.tolist(), expected, strict=True))


@pytest.mark.parametrize("target", FLOATS, ids=str)
def test_int16_rounds_as_numpy(target):
    numbers = np.arange(-(2**15), 2**15, 5, dtype=np.int16)
    expected = numbers.astype(NUMPY[target]).astype(np.float64).tolist()
    assert [convert(n, int16, target) for n in numbers.tolist()] == expected


def test_floats_round_once():
    assert convert(1 + 2**-8 + 2**-40, float64, bfloat16) == 1 + 2**-7
    assert convert(1 + 2**-11 + 2**-40, float64, float16) == 1 + 2**-10
    assert convert(2**60 + 2**36 + 1, int64, float32) == 2.0**60 + 2.0**37
    assert same(convert(-(2.0**-30), float32, float16), -0.0)
    assert convert(70000, int32, float16) == math.inf


@given(x=st.floats(), n=big)
def test_bool_asks_whether_it_is_zero(x, n):
    assert convert(x, float64, bool_) == int(x != 0)
    assert convert(n, Int(200), bool_) == int(n != 0)
    assert convert(-0.0, float64, bool_) == 0
    assert convert(math.nan, float64, bool_) == 1


@pytest.mark.parametrize("target", INTEGERS[6:] + FLOATS, ids=str)
def test_bool_becomes_zero_or_one(target):
    assert [convert(b, bool_, target) for b in (0, 1)] == [0, 1]
    assert type(convert(1, bool_, target)) is (float if target in FLOATS else int)


@pytest.mark.parametrize("dtype", INTEGERS, ids=str)
@settings(max_examples=50)
@given(n=big)
def test_ints_fit_the_integers_that_hold_them(dtype, n):
    assert fits(n, dtype) == holds(dtype, n)
    assert fits(True, dtype)
    assert not fits(1.0, dtype)


def test_zero_or_one_fit_bool():
    assert [fits(value, bool_) for value in (0, 1, True, False, 2, -1, 1.0)] == [True] * 4 + [False] * 3


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_numbers_fit_floats_unless_they_overflow(dtype):
    assert all(fits(value, dtype) for value in (0, 0.1, -1e-300, 2049, True, math.inf, -math.inf, math.nan))
    assert fits(65519, dtype)
    assert fits(65519.9, dtype)
    assert fits(65520, dtype) == fits(-65520.0, dtype) == (dtype != float16)
    assert fits(1e200, dtype) == fits(10**200, dtype) == (dtype == float64)
    assert not fits(1 << 1024, dtype)
