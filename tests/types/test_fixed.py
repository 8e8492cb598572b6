"""Fixed point: types, rounding, range, arithmetic, against exact fractions."""

import math
import random
from fractions import Fraction

import numpy as np
import pytest

import spatial as sp
from spatial import Fixed, UFixed, float32, int8
from spatial.ir.dtypes import parse_type
from spatial.types.arithmetic import Operator, apply, common_type, convert, fits, signature, unary_signature
from spatial.types.arithmetic import UnaryOperator as Unary
from spatial.types.checks import OVERFLOWS, ROUNDINGS
from spatial.types.dtype import Int, UInt, bool_, float16, float64, index
from spatial.types.values import from_values, numpy_dtype, to_values
from tests.types.oracle import assigned, computed, limits, random_type, random_value

CASES = 4000


def raw(value, dtype):
    units = value * Fraction(2) ** dtype.fraction
    assert units.denominator == 1
    return int(units)


def test_a_type_reads_back_from_its_text():
    for rounding in ROUNDINGS:
        for overflow in OVERFLOWS:
            for dtype in (Fixed(16, 8, rounding=rounding, overflow=overflow), UFixed(8, -2, rounding=rounding)):
                assert parse_type(str(dtype)) == dtype
                assert parse_type(str(dtype[3, 4])) == dtype[3, 4]
    assert str(Fixed(16, 8)) == "Fixed(16, 8)"
    assert str(UFixed(8, 8, overflow="saturate")) == 'UFixed(8, 8, overflow="saturate")'


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Fixed(0, 0), "the width is an integer from 1 to 1024"),
        (lambda: UFixed(8, 1001), "from -1000 to 1000 fraction bits"),
        (lambda: Fixed(8, 0.5), "from -1000 to 1000 fraction bits"),
        (lambda: Fixed(8, 4, rounding="up"), "'up' is no rounding of fixed point"),
        (lambda: Fixed(8, 4, overflow="clip"), "'clip' is no overflow of fixed point"),
    ],
)
def test_what_is_no_type_is_told(make, told):
    with pytest.raises(sp.ProgramError, match=told):
        make()


@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_every_rounding_takes_ties_where_it_says(rounding):
    ties = {
        "floor": (-2, -1, 0, 1),
        "zero": (-1, 0, 0, 1),
        "half_up": (-1, 0, 1, 2),
        "half_down": (-2, -1, 0, 1),
        "half_zero": (-1, 0, 0, 1),
        "half_away": (-2, -1, 1, 2),
        "half_even": (-2, 0, 0, 2),
    }
    target = Fixed(8, 0, rounding=rounding)
    assert tuple(convert(x, float64, target) for x in (-1.5, -0.5, 0.5, 1.5)) == ties[rounding]
    assert tuple(convert(x, Fixed(8, 1), target) for x in (-3, -1, 1, 3)) == ties[rounding]


def test_every_overflow_does_what_it_says():
    found = {
        mode: [convert(x, Int(9), Fixed(8, 0, overflow=mode)) for x in (-129, -128, 127, 128)] for mode in OVERFLOWS
    }
    assert found == {
        "wrap": [127, -128, 127, -128],
        "saturate": [-128, -128, 127, 127],
        "symmetric": [-127, -127, 127, 127],
        "zero": [0, -128, 127, 0],
    }


def test_conversions_between_fixed_types_agree_with_fractions():
    draw = random.Random(1)
    for _ in range(CASES):
        source, target = random_type(draw), random_type(draw)
        value = random_value(draw, source)
        found = convert(raw(value, source), source, target)
        assert found == raw(assigned(value, target) if source != target else value, target), (value, source, target)


def test_floats_become_fixed_point_exactly():
    draw = random.Random(2)
    for _ in range(CASES):
        target = random_type(draw)
        unit = 2.0**-target.fraction
        x = (
            draw.choice([draw.gauss(0, 3), draw.randint(-9, 9) + draw.choice([0, 0.5, 0.25]), draw.gauss(0, 1e20)])
            * unit
        )
        assert convert(x, float64, target) == raw(assigned(Fraction(x), target), target), (x, target)


def test_what_is_no_number_becomes_zero_and_infinities_overflow():
    for overflow, greatest, least in (
        ("wrap", 0, 0),
        ("saturate", 127, -128),
        ("symmetric", 127, -127),
        ("zero", 0, 0),
    ):
        target = Fixed(8, 4, overflow=overflow)
        assert convert(math.nan, float64, target) == 0
        assert convert(math.inf, float64, target) == greatest
        assert convert(-math.inf, float64, target) == least


def test_fixed_point_becomes_integers_toward_zero_and_floats_rounded():
    source = Fixed(8, 2)
    assert [convert(x, source, Int(8)) for x in (-7, -4, 7, 127)] == [-1, -1, 1, 31]
    assert convert(-7, source, UInt(8)) == 255
    assert [convert(x, Fixed(8, -2), int8) for x in (1, -1, 100)] == [4, -4, wrapped(400)]
    assert convert(-7, source, float32) == -1.75
    assert convert(2**24 + 1, Fixed(32, 4), float32) == 2.0**20
    assert convert(2**16 - 1, UFixed(40, 20), float16) == 2.0**-4
    assert convert(1, source, bool_) == 1


def wrapped(n):
    return (n + 128) % 256 - 128


@pytest.mark.parametrize("operator", ["+", "-", "*", "/", "min", "max"])
def test_operators_agree_with_fractions(operator):
    draw = random.Random(operator)
    for _ in range(CASES // 4):
        left, right = random_type(draw), random_type(draw)
        a, b = random_value(draw, left), random_value(draw, right)
        if operator == "/" and b == 0:
            continue
        value, dtype = computed(operator, left, a, right, b)
        rule = signature(Operator(operator), left, right)
        assert rule is not None
        assert rule.result == dtype, (left, right)
        assert apply(Operator(operator), left, raw(a, left), right, raw(b, right)) == raw(value, dtype)
        least, greatest = limits(dtype)
        assert least <= value <= greatest


def test_comparisons_and_floored_division_agree_with_fractions():
    draw = random.Random(4)
    for _ in range(CASES // 4):
        left, right = random_type(draw), random_type(draw)
        a, b = random_value(draw, left), random_value(draw, right)
        x, y = raw(a, left), raw(b, right)
        assert apply(Operator.LT, left, x, right, y) == (a < b)
        assert apply(Operator.EQ, left, x, right, y) == (a == b)
        if b:
            for operator, wanted in ((Operator.FLOORDIV, a // b), (Operator.MOD, a % b)):
                rule = signature(operator, left, right)
                assert rule is not None
                assert apply(operator, left, x, right, y) == raw(Fraction(wanted), rule.result), (left, a, right, b)


def test_beside_an_integer_fixed_point_stays_beside_a_float_it_goes():
    assert signature(Operator.MUL, Fixed(16, 8), int8).result == Fixed(24, 8)
    assert signature(Operator.ADD, UFixed(8, 8), bool_).result == UFixed(10, 8)
    assert signature(Operator.ADD, Fixed(16, 8), index).result == Fixed(73, 8)
    assert signature(Operator.ADD, Fixed(16, 8), float32).result == float32
    assert common_type(Fixed(16, 8, overflow="saturate"), UFixed(10, 8)) == Fixed(16, 8)
    assert common_type(Fixed(16, 8, overflow="saturate"), Fixed(16, 8, overflow="saturate")).overflow == "saturate"


def test_shifts_and_inversion_keep_the_type():
    dtype = Fixed(8, 4, rounding="half_up", overflow="saturate")
    assert signature(Operator.SHL, dtype, int8, 2).result == dtype
    assert apply(Operator.SHL, dtype, 100, int8, 1, 1) == wrapped(200)
    assert apply(Operator.SHR, dtype, -5, int8, 1) == -3
    assert unary_signature(Unary.INVERT, dtype).result == dtype
    assert unary_signature(Unary.NEG, UFixed(8, 4)).result == Fixed(9, 4)
    assert unary_signature(Unary.ABS, dtype).result == UFixed(8, 4)
    assert signature(Operator.SHL, int8, Fixed(8, 0)) is None


def test_types_too_wide_or_too_fine_have_no_operator():
    assert signature(Operator.MUL, Fixed(600, 0), Fixed(600, 0)) is None
    assert signature(Operator.MUL, Fixed(8, 600), Fixed(8, 600)) is None
    assert signature(Operator.ADD, Fixed(8, 900), Fixed(8, -900)) is None
    assert signature(Operator.LT, Fixed(8, 900), Fixed(8, -900)) is None


def test_literals_fit_where_rounding_brings_them_into_range():
    assert fits(0.1, Fixed(8, 4))
    assert fits(-8, Fixed(8, 4))
    assert fits(7.99, Fixed(8, 4))
    assert not fits(8, Fixed(8, 4))
    assert not fits(7.99, Fixed(8, 4, rounding="half_up", overflow="saturate"))
    assert not fits(-0.01, UFixed(8, 4))
    assert not fits(math.nan, Fixed(8, 4))
    assert not fits(10**400, Fixed(8, 4))


def test_arrays_of_floats_hold_fixed_point_up_to_53_bits():
    assert numpy_dtype(Fixed(53, 60)) == np.float64
    assert numpy_dtype(Fixed(54, 8)) == np.dtype(object)
    values = [-8.0, 0.0625, 7.9375]
    assert to_values(np.array(values), Fixed(8, 4)) == [-128, 1, 127]
    assert from_values([-128, 1, 127], Fixed(8, 4), (3,)).tolist() == values
    wide = [Fraction(1, 2**60), Fraction(-3)]
    array = np.array(wide, dtype=object)
    assert from_values(to_values(array, Fixed(70, 60)), Fixed(70, 60), (2,)).tolist() == wide


@pytest.mark.parametrize("bad", [0.03, 8.0, math.inf, math.nan])
def test_a_value_that_is_not_one_of_the_type_is_told(bad):
    with pytest.raises(ValueError, match=r"the element at \[0, 1\] is .* `sp.quantize\(array, Fixed\(8, 4\)\)` rounds"):
        to_values(np.array([[1.0, bad]]), Fixed(8, 4))


def test_quantize_gives_what_an_assignment_gives():
    draw = random.Random(7)
    for _ in range(CASES // 4):
        dtype = random_type(draw)
        numbers = [Fraction(draw.randint(-(10**6), 10**6), draw.choice([1, 3, 7, 64, 1000])) for _ in range(3)]
        found = sp.quantize(np.array(numbers, dtype=object), dtype)
        assert [Fraction(x) for x in found.tolist()] == [assigned(x, dtype) for x in numbers], (numbers, dtype)
    assert sp.quantize(0.3, Fixed(8, 4)).tolist() == 0.25
    assert sp.quantize(np.array([1, -9], np.int8), Fixed(8, 4, overflow="saturate")).tolist() == [1.0, -8.0]
    with pytest.raises(sp.ProgramError, match="rounds to a fixed-point type"):
        sp.quantize([1.0], int8)
    with pytest.raises(sp.ProgramError, match="takes numbers"):
        sp.quantize(["a"], Fixed(8, 4))
