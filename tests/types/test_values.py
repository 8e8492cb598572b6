"""Arrays in, Python values out, and back."""

import math
import re

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.types.dtype import (
    Int,
    UInt,
    bfloat16,
    bool_,
    float8_e4m3fn,
    float8_e5m2,
    float16,
    float32,
    float64,
    index,
    int8,
    int16,
    int64,
    uint8,
    uint64,
)
from spatial.types.values import accepts, from_values, numpy_dtype, to_values, zero
from tests.types.numbers import bounds

FORMS = {
    int8: np.int8,
    int64: np.int64,
    uint64: np.uint64,
    Int(1): np.int8,
    UInt(4): np.uint8,
    Int(13): np.int16,
    UInt(33): np.uint64,
    Int(65): object,
    UInt(1024): object,
    float8_e4m3fn: ml_dtypes.float8_e4m3fn,
    float8_e5m2: ml_dtypes.float8_e5m2,
    float16: np.float16,
    float32: np.float32,
    float64: np.float64,
    bfloat16: ml_dtypes.bfloat16,
    bool_: np.bool_,
    index: np.int64,
}


@pytest.mark.parametrize("dtype", FORMS, ids=str)
def test_every_type_has_a_numpy_form(dtype):
    assert numpy_dtype(dtype) == np.dtype(FORMS[dtype])
    assert [form for form in set(FORMS.values()) if accepts(dtype, np.dtype(form))] == [FORMS[dtype]]


def test_four_bits_may_come_from_ml_dtypes():
    int4, uint4 = np.dtype(ml_dtypes.int4), np.dtype(ml_dtypes.uint4)
    assert accepts(Int(4), int4)
    assert accepts(UInt(4), uint4)
    assert not any((accepts(Int(4), uint4), accepts(UInt(4), int4), accepts(Int(3), int4), accepts(int8, int4)))
    assert to_values(np.array([-8, 7], int4), Int(4)) == [-8, 7]
    assert to_values(np.array([[0], [15]], uint4), UInt(4)) == [0, 15]


def test_another_byte_order_is_not_accepted():
    assert not accepts(int16, np.dtype(np.int16).newbyteorder())


def test_values_come_in_c_order():
    array = np.arange(6, dtype=np.int8).reshape(2, 3)
    assert to_values(array.T, int8) == [0, 3, 1, 4, 2, 5]
    assert to_values(array[:, ::-2], int8) == [2, 0, 5, 3]
    assert from_values([0, 3, 1, 4, 2, 5], int8, (3, 2)).tolist() == array.T.tolist()


@pytest.mark.parametrize("dtype", [d for d in FORMS if not str(d).startswith(("float", "bf"))], ids=str)
@settings(max_examples=25)
@given(data=st.data())
def test_integers_survive_the_round_trip(dtype, data):
    values = data.draw(st.lists(st.integers(*bounds(dtype)), min_size=1, max_size=6))
    array = from_values(values, dtype, (1, len(values)))
    assert array.dtype == numpy_dtype(dtype)
    assert array.shape == (1, len(values))
    back = to_values(array, dtype)
    assert back == values
    assert all(type(value) is int for value in back)


@pytest.mark.parametrize("dtype", [float16, bfloat16], ids=str)
def test_every_16_bit_float_survives_the_round_trip(dtype):
    bits = np.arange(1 << 16, dtype=np.uint16)
    values = to_values(bits.view(numpy_dtype(dtype)).reshape(256, 256), dtype)
    assert all(type(value) is float for value in values)
    back = from_values(values, dtype, (256, 256))
    assert back.dtype == numpy_dtype(dtype)
    number = [not math.isnan(value) for value in values]
    assert (back.view(np.uint16).ravel()[number] == bits[number]).all()
    assert np.isnan(back).sum() == number.count(False)


@pytest.mark.parametrize("dtype", [float32, float64], ids=str)
@settings(max_examples=25)
@given(data=st.data())
def test_floats_survive_the_round_trip(dtype, data):
    array = np.array(data.draw(st.lists(st.floats(width=dtype.bits), min_size=1)), numpy_dtype(dtype))
    back = from_values(to_values(array, dtype), dtype, array.shape)
    np.testing.assert_array_equal(back, array)
    number = ~np.isnan(array)
    np.testing.assert_array_equal(np.signbit(back)[number], np.signbit(array)[number])


@pytest.mark.parametrize("dtype", [float32, float64], ids=str)
def test_signalling_nan_passes_quietly(dtype):
    bits = np.array([{32: 0x7F800001, 64: 0x7FF0000000000001}[dtype.bits]], f"uint{dtype.bits}")
    assert np.isnan(from_values(to_values(bits.view(numpy_dtype(dtype)), dtype), dtype, (1,))).all()


@pytest.mark.parametrize(
    ("array", "dtype", "message"),
    [
        (np.array([[0, 4095], [4096, -5000]], np.int16), Int(13), "the element at [1, 0] is 4096, which Int(13)"),
        (np.array([7, 8], np.uint8), UInt(3), "the element at [1] is 8, which UInt(3)"),
        (np.array([1 << 64, -(1 << 64) - 1], object), Int(65), "the element at [0] is 18446744073709551616, which"),
        (np.array([[0, -1]], object), UInt(100), "the element at [0, 1] is -1, which UInt(100)"),
        (np.array([0, 1.5], object), Int(100), "the element at [1] is 1.5, which Int(100)"),
        (np.array(["x"], object), Int(100), "the element at [0] is 'x', which Int(100)"),
    ],
    ids=str,
)
def test_the_first_value_out_of_range_is_named(array, dtype, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        to_values(array, dtype)


def test_objects_may_be_numpy_integers():
    values = to_values(np.array([np.uint8(3), True, 1 << 70], object), Int(100))
    assert values == [3, 1, 1 << 70]
    assert all(type(value) is int for value in values)


def test_zero_has_the_type_of_the_values():
    assert [type(zero(dtype)) for dtype in (uint8, Int(200), bool_, index)] == [int] * 4
    assert [type(zero(dtype)) for dtype in (float16, bfloat16, float32, float64)] == [float] * 4
    assert {zero(dtype) for dtype in FORMS} == {0}
