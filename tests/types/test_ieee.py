"""The float operations Python defines otherwise, against NumPy."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.types.dtype import float32, float64
from spatial.types.ieee import divide, floor_divide, maximum, minimum, modulo
from tests.types.numbers import same

SPECIAL = [0.0, -0.0, 1.0, -1.0, 3.5, math.inf, -math.inf, math.nan, 5e-324, 1.7976931348623157e308]

any_float = st.sampled_from(SPECIAL) | st.floats() | st.floats(-100, 100) | st.integers(-20, 20).map(float)


def numpy(function, kind, a, b):
    with np.errstate(all="ignore"):
        return float(function(kind(a), kind(b)))


@given(any_float, any_float)
def test_division_never_raises(a, b):
    assert same(divide(a, b), numpy(np.divide, np.float64, a, b))


@given(any_float, any_float)
def test_floor_division_is_numpys(a, b):
    assert same(floor_divide(float64, a, b), numpy(np.floor_divide, np.float64, a, b))


@given(any_float, any_float)
def test_modulo_is_numpys(a, b):
    assert same(modulo(float64, a, b), numpy(np.remainder, np.float64, a, b))


@given(any_float, any_float.filter(lambda b: b != 0))
def test_floor_division_with_modulo_is_pythons(a, b):
    quotient, remainder = divmod(a, b)
    assert same(floor_divide(float64, a, b), quotient)
    assert same(modulo(float64, a, b), remainder)


def test_floor_division_rounds_each_step_to_its_type():
    a, b = 16777215.0, 0.10000000149011612
    assert floor_divide(float32, a, b) == float(np.float32(a) // np.float32(b))
    assert floor_divide(float64, a, b) != floor_divide(float32, a, b)


@given(any_float, any_float)
def test_minimum_and_maximum_pass_nan_on(a, b):
    low, high = minimum(a, b), maximum(a, b)
    if a == b == 0:
        assert {low, high} == {0.0}
    else:
        assert same(low, numpy(np.minimum, np.float64, a, b))
        assert same(high, numpy(np.maximum, np.float64, a, b))


@pytest.mark.parametrize(("a", "b"), [(0.0, -0.0), (-0.0, 0.0)])
def test_negative_zero_lies_below_zero(a, b):
    assert same(minimum(a, b), -0.0)
    assert same(maximum(a, b), 0.0)
