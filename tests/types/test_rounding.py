"""Rounding, wrapping and saturating, against exact fractions."""

import bisect
import itertools
import math
from fractions import Fraction

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.types.dtype import bfloat16, float16, float32, float64
from spatial.types.rounding import limits, round_integer, round_to, saturate, wrap
from tests.types.numbers import same

NUMPY = {float16: np.float16, bfloat16: ml_dtypes.bfloat16, float32: np.float32, float64: np.float64}
FLOATS = list(NUMPY)
SMALL = [float16, bfloat16]


def every_value(dtype):
    """What each of the 65,536 bit patterns means, in order."""
    with np.errstate(invalid="ignore"):  # signalling NaN
        return np.arange(1 << 16, dtype=np.uint16).view(NUMPY[dtype]).astype(np.float64).tolist()


def positive_values(dtype):
    """Every finite value from 0 up, each `n`th having the bits `n`, then the power of two at which infinity starts."""
    finite = [x for x in every_value(dtype)[: 1 << 15] if math.isfinite(x)]
    return [*finite, 2.0 ** math.frexp(finite[-1])[1]]


VALUES = {dtype: positive_values(dtype) for dtype in SMALL}


def nearest(dtype, x):
    """The oracle: of the two neighbours the nearer, of equally near ones that with even bits; `x` >= 0 is exact."""
    values = VALUES[dtype]
    above = bisect.bisect_left(values, x)
    if above == len(values):
        return math.inf
    below = max(above - 1, 0)
    down, up = x - Fraction(values[below]), Fraction(values[above]) - x
    chosen = above if up < down or (up == down and above % 2 == 0) else below
    return math.inf if chosen == len(values) - 1 else values[chosen]


doubles = st.floats() | st.floats(width=32) | st.floats(-1e6, 1e6) | st.floats(-1e-5, 1e-5)


@st.composite
def near_ties(draw, dtype):
    """Doubles on, just above and just below the middle of two neighbours, where rounding twice goes wrong."""
    values = VALUES[dtype]
    n = draw(st.integers(0, len(values) - 2))
    middle = (values[n] + values[n + 1]) / 2
    toward = draw(st.sampled_from([0.0, middle, math.inf]))
    return math.nextafter(middle, toward) if toward != middle else middle


@pytest.mark.parametrize("dtype", SMALL, ids=str)
@given(data=st.data())
def test_16_bit_floats_round_to_the_nearest_even(dtype, data):
    x = data.draw(doubles | near_ties(dtype))
    if math.isnan(x):
        assert math.isnan(round_to(dtype, x))
    else:
        expected = math.inf if math.isinf(x) else nearest(dtype, Fraction(abs(x)))
        assert same(round_to(dtype, x), math.copysign(expected, x))


@given(doubles)
def test_float32_rounds_as_numpy(x):
    with np.errstate(all="ignore"):
        assert same(round_to(float32, x), float(np.float32(x)))


@given(doubles)
def test_float16_rounds_as_numpy(x):
    with np.errstate(all="ignore"):
        assert same(round_to(float16, x), float(np.float16(x)))


@given(st.floats(width=32))
def test_bfloat16_rounds_float32_as_ml_dtypes(x):
    assert same(round_to(bfloat16, x), float(np.array([x], np.float32).astype(ml_dtypes.bfloat16)[0]))


@pytest.mark.parametrize("dtype", SMALL, ids=str)
def test_every_16_bit_float_rounds_to_itself(dtype):
    for x in every_value(dtype):
        assert same(round_to(dtype, x), x)


@pytest.mark.parametrize("dtype", SMALL, ids=str)
def test_every_tie_goes_to_the_even_neighbour(dtype):
    values = VALUES[dtype]
    for n, (low, high) in enumerate(itertools.pairwise(values[:-1])):
        assert round_to(dtype, -(low + high) / 2) == -(high if n % 2 else low)


def test_bfloat16_does_not_round_through_float32():
    x = 1 + 2**-8 + 2**-40  # float32 would cut the last bit and leave a tie
    assert round_to(bfloat16, x) == 1 + 2**-7
    assert float(np.float32(x)) == 1 + 2**-8


@pytest.mark.parametrize(
    ("dtype", "greatest", "least"),
    [
        (float16, 65504.0, 2.0**-24),
        (bfloat16, (2 - 2**-7) * 2.0**127, 2.0**-133),
        (float32, (2 - 2**-23) * 2.0**127, 2.0**-149),
        (float64, (2 - 2**-52) * 2.0**1023, 5e-324),
    ],
    ids=str,
)
def test_the_ends_of_the_range(dtype, greatest, least):
    assert round_to(dtype, greatest) == greatest == round_integer(dtype, int(greatest))
    half = int(greatest) // ((1 << dtype.precision) - 1) // 2
    assert round_integer(dtype, int(greatest) + half - 1) == greatest
    assert round_integer(dtype, -int(greatest) - half) == -math.inf
    assert same(round_to(dtype, -least), -least)
    if dtype != float64:
        assert same(round_to(dtype, -least / 2), -0.0)
        assert round_to(dtype, math.nextafter(least / 2, 1)) == least
        assert round_to(dtype, greatest + half) == math.inf


def test_the_greatest_doubles_overflow_quietly():
    assert [round_to(dtype, -1.7976931348623157e308) for dtype in FLOATS[:3]] == [-math.inf] * 3


@pytest.mark.parametrize("dtype", SMALL, ids=str)
@given(data=st.data())
def test_integers_round_once_to_16_bit_floats(dtype, data):
    tie = st.integers(1, len(VALUES[dtype]) - 2).map(lambda n: int(VALUES[dtype][n] + VALUES[dtype][n - 1]) // 2)
    n = data.draw(st.integers() | tie | st.integers(0, 130).map(lambda bits: 1 << bits)) + data.draw(st.integers(-1, 1))
    assert same(round_integer(dtype, n), math.copysign(nearest(dtype, abs(n)), n) if n else 0.0)


@given(st.integers(-(2**63), 2**63 - 1) | st.integers(-63, 63).map(lambda n: (1 << 62) + n * (1 << 38)))
def test_int64_rounds_once_to_float32_as_numpy(n):
    assert round_integer(float32, n) == float(np.int64(n).astype(np.float32))


def test_int64_does_not_round_through_float64():
    n = 2**60 + 2**36 + 1  # float64 would cut the last bit and leave a tie
    assert round_integer(float32, n) == 2.0**60 + 2.0**37
    assert round_to(float32, float(n)) == 2.0**60


@given(st.integers(-(2**1030), 2**1030))
def test_integers_round_once_to_float64(n):
    try:
        expected = float(n)
    except OverflowError:
        expected = math.inf if n > 0 else -math.inf
    assert same(round_integer(float64, n), expected)


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_the_widest_integers_overflow_quietly(dtype):
    assert round_integer(dtype, 2**1024 - 1) == math.inf
    assert round_integer(dtype, -(2**1024)) == -math.inf
    assert same(round_integer(dtype, 0), 0.0)


@given(st.integers(1, 200), st.booleans(), st.integers() | st.integers(-(2**210), 2**210))
def test_wrapping_is_modulo_the_width(width, signed, n):
    least, greatest = limits(width, signed)
    assert least <= wrap(width, signed, n) <= greatest
    assert (wrap(width, signed, n) - n) % (1 << width) == 0
    assert greatest - least == (1 << width) - 1


@given(st.integers(1, 200), st.booleans(), st.floats())
def test_saturating_truncates_within_the_limits(width, signed, x):
    least, greatest = limits(width, signed)
    result = saturate(width, signed, x)
    if math.isnan(x):
        assert result == 0
    elif least <= x <= greatest:
        assert result == math.trunc(x)
    else:
        assert result == (greatest if x > 0 else least)
