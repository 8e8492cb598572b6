"""Values that are worth trying."""

import math

import numpy as np
import pytest

import spatial as sp
from spatial.types.bits import from_bits, to_bits
from spatial.verify.testing.values import FLAVOURS, edges, pool


@sp.struct
class Mixed:
    small: sp.Int(3)
    real: sp.float16
    flag: bool


TYPES = (
    sp.int8, sp.Int(1), sp.Int(5), sp.Int(70), sp.uint16, sp.UInt(1), sp.bool_, sp.index,
    sp.Fixed(8, 4), sp.UFixed(9, 2),
    sp.float16, sp.float32, sp.float64, sp.bfloat16, sp.float8_e4m3fn, sp.float8_e5m2, Mixed,
)  # fmt: skip


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("dtype", TYPES, ids=str)
def test_values_are_values_of_the_type(dtype, flavour):
    values = pool(dtype, flavour, 50, np.random.default_rng(1))
    assert len(values) == 50
    again = [from_bits(to_bits(value, dtype), dtype) for value in values]
    assert all(one == other or (one != one and other != other) for one, other in zip(values, again, strict=True))


@pytest.mark.parametrize("dtype", TYPES, ids=str)
def test_edges_are_values_of_the_type(dtype):
    for value in edges(dtype):
        again = from_bits(to_bits(value, dtype), dtype)
        assert again == value or (again != again and value != value)


@pytest.mark.parametrize(
    ("dtype", "wanted"),
    [
        (sp.int8, {0, 1, -1, -128, 127, -127, 126}),
        (sp.UInt(3), {0, 1, 7, 6}),
        (sp.bool_, {0, 1}),
        (sp.float16, {0.0, 1.0, 2.0**-24, 1023 * 2.0**-24, 2.0**-14, 65504.0, -65504.0, math.inf, -math.inf, 2048.0}),
        (sp.float8_e4m3fn, {2.0**-9, 448.0, -448.0}),
    ],
    ids=str,
)
def test_limits_and_what_lies_beside_them_are_edges(dtype, wanted):
    assert wanted <= set(edges(dtype))


@pytest.mark.parametrize("dtype", [each for each in TYPES if str(each).startswith(("float", "bfloat"))], ids=str)
def test_both_zeros_and_nan_are_edges_of_floats(dtype):
    found = edges(dtype)
    assert {math.copysign(1, value) for value in found if value == 0} == {1.0, -1.0}
    assert any(math.isnan(value) for value in found)


def test_any_bits_reach_both_halves_of_a_wide_type():
    values = pool(sp.Int(70), "any", 100, np.random.default_rng(1))
    assert max(values) > 1 << 67
    assert min(values) < -(1 << 67)
