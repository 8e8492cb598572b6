"""Arrays change their element type only where nothing is lost."""

import math

import ml_dtypes
import numpy as np
import pytest

from spatial.types.exact import converted, holds_all

INTEGERS = [np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64]
FLOATS = [np.float16, ml_dtypes.bfloat16, np.float32, np.float64]
SMALL = [0, 1, -1, 127, 128, -128, -129, 255, 256]
EDGES = [*SMALL, 2**24, 2**24 + 1, 2**31, 2**53, 2**53 + 1, -(2**63), 2**63, 2**64 - 1]


def held(value, dtype):
    """Whether one Python number has an exact form, by Python's own arithmetic."""
    if np.dtype(dtype) in map(np.dtype, INTEGERS):
        info = np.iinfo(dtype)
        return math.isfinite(value) and value == int(value) and info.min <= value <= info.max
    with np.errstate(all="ignore"):
        as_float = float(np.array([float(value)]).astype(dtype)[0])
    return as_float == value or (math.isnan(as_float) and math.isnan(value))


@pytest.mark.parametrize("wanted", [*INTEGERS, *FLOATS])
@pytest.mark.parametrize("source", INTEGERS)
def test_integers_convert_exactly_or_not_at_all(source, wanted):
    info = np.iinfo(source)
    for value in (edge for edge in EDGES if info.min <= edge <= info.max):
        array = np.array([0, value], source)
        if held(value, wanted):
            made = converted(array, np.dtype(wanted))
            assert made.dtype == wanted
            assert made.tolist()[1] == value
        else:
            with pytest.raises(ValueError, match=r"the element at \[1\] is"):
                converted(array, np.dtype(wanted))


@pytest.mark.parametrize("wanted", [*INTEGERS, *FLOATS])
@pytest.mark.parametrize("source", FLOATS)
def test_floats_convert_exactly_or_not_at_all(source, wanted):
    for value in (0.0, 1.0, -2.0, 0.5, 300.0, 65504.0, 1e38, 1e-40, math.inf, math.nan, 2.0**63, 2.0**64):
        with np.errstate(all="ignore"):
            array = np.array([0, value]).astype(source)
        if held(float(array[1]), wanted):
            made = converted(array, np.dtype(wanted))
            assert float(made[1]) == float(array[1]) or math.isnan(float(array[1]))
        else:
            with pytest.raises(ValueError, match=r"the element at \[1\] is"):
                converted(array, np.dtype(wanted))


def test_python_integers_convert_where_they_fit():
    assert converted(np.array([1, 2**70], object), np.dtype(np.float64))[1] == 2.0**70
    with pytest.raises(ValueError, match=r"\[1\]"):
        converted(np.array([1, 2**70], object), np.dtype(np.int64))
    assert converted(np.array([3, 4], np.uint8), np.dtype(object)).tolist() == [3, 4]


@pytest.mark.parametrize("array", [np.array(["a"]), np.array([1j]), np.array([None], object), np.zeros(1, "i4,f4")])
def test_what_is_no_number_does_not_convert(array):
    with pytest.raises(TypeError):
        converted(array, np.dtype(np.int32))


@pytest.mark.parametrize(
    ("target", "source", "holds"),
    [
        (np.int64, np.int32, True),
        (np.int32, np.uint32, False),
        (np.float64, np.int32, True),
        (np.float64, np.int64, False),
        (np.float32, np.int32, False),
        (np.float32, np.float16, True),
        (np.float16, ml_dtypes.bfloat16, False),
        (np.int8, np.bool_, True),
        (np.bool_, np.int8, False),
        (object, np.int64, True),
        (np.int32, np.float32, False),
    ],
)
def test_a_type_holds_another_where_it_has_every_value(target, source, holds):
    assert holds_all(np.dtype(target), np.dtype(source)) is holds


def test_an_array_of_the_type_is_given_back_itself():
    array = np.zeros(3, np.int8)
    assert converted(array, np.dtype(np.int8)) is array
