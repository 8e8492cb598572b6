"""The table of arithmetic, against Python's integers and the floats of NumPy and ml_dtypes."""

import operator

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.source.errors import InternalError
from spatial.types.arithmetic import (
    Operator,
    Signature,
    UnaryOperator,
    apply,
    apply_unary,
    common_type,
    signature,
    unary_signature,
)
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
    int64,
    is_float,
    uint8,
    uint16,
    uint64,
)
from spatial.types.rounding import round_to, wrap
from tests.types.numbers import bounds, same

O, U = Operator, UnaryOperator  # noqa: E741
NUMPY = {float16: np.float16, bfloat16: ml_dtypes.bfloat16, float32: np.float32, float64: np.float64}
FLOATS = list(NUMPY)
SHIFTS = [O.SHL, O.SHR]
BITWISE = [O.AND, O.OR, O.XOR]
COMPARISONS = {O.LT: operator.lt, O.LE: operator.le, O.GT: operator.gt}
COMPARISONS |= {O.GE: operator.ge, O.EQ: operator.eq, O.NE: operator.ne}
EXACT = COMPARISONS | {
    O.ADD: operator.add,
    O.SUB: operator.sub,
    O.MUL: operator.mul,
    O.DIV: lambda a, b: abs(a) // abs(b) * (1 if a * b > 0 else -1),
    O.FLOORDIV: operator.floordiv,
    O.MOD: operator.mod,
    O.MIN: min,
    O.MAX: max,
    O.AND: operator.and_,
    O.OR: operator.or_,
    O.XOR: operator.xor,
}
DIVISIONS = [O.DIV, O.FLOORDIV, O.MOD]

widths = st.integers(1, 10) | st.integers(1, 300)
int_types = st.builds(Int, widths) | st.builds(UInt, widths) | st.sampled_from([bool_, int8, uint8, int64, uint64])


def holds(dtype, n):
    least, greatest = bounds(dtype)
    return least <= n <= greatest


def values(dtype):
    """Ends of the range as often as its middle."""
    least, greatest = bounds(dtype)
    return st.sampled_from([least, greatest, max(least, -1), min(greatest, 1)]) | st.integers(least, greatest)


@st.composite
def operands(draw, types=int_types):
    left, right = draw(types), draw(types)
    return left, draw(values(left)), right, draw(values(right))


@pytest.mark.parametrize("op", EXACT, ids=str)
@settings(max_examples=40)
@given(given_operands=operands())
def test_integer_results_are_exact(op, given_operands):
    left, a, right, b = given_operands
    types = signature(op, left, right)
    if op in DIVISIONS and b == 0:
        with pytest.raises(ZeroDivisionError):
            apply(op, left, a, right, b)
        return
    result = apply(op, left, a, right, b)
    assert type(result) is int
    assert result == EXACT[op](a, b)
    assert holds(types.result, result)
    assert holds(types.working, a)
    assert holds(types.working, b)
    assert op in COMPARISONS or holds(types.working, result)


@given(operands())
def test_a_working_type_of_a_division_holds_the_quotient(given_operands):
    left, a, right, b = given_operands
    for op in DIVISIONS:
        assert b == 0 or holds(signature(op, left, right).working, a // b)


SMALL = [Int(1), Int(2), Int(3), UInt(1), UInt(2), UInt(3), bool_]


@pytest.mark.parametrize("left", SMALL, ids=str)
@pytest.mark.parametrize("right", SMALL, ids=str)
def test_small_integers_exhaustively(left, right):
    everything = [range(bounds(dtype)[0], bounds(dtype)[1] + 1) for dtype in (left, right)]
    for op, function in EXACT.items():
        result = signature(op, left, right).result
        for a in everything[0]:
            for b in everything[1]:
                if b or op not in DIVISIONS:
                    assert apply(op, left, a, right, b) == function(a, b)
                    assert holds(result, function(a, b))


I13, U13 = Int(13), UInt(13)


@pytest.mark.parametrize(
    ("left", "op", "right", "result"),
    [
        (int8, O.ADD, int16, Int(17)),
        (uint8, O.ADD, uint8, UInt(9)),
        (int8, O.ADD, uint8, Int(10)),
        (int16, O.ADD, uint8, Int(17)),
        (bool_, O.ADD, bool_, UInt(2)),
        (uint8, O.SUB, uint8, Int(9)),
        (int8, O.SUB, uint8, Int(10)),
        (bool_, O.SUB, bool_, Int(2)),
        (int8, O.MUL, int16, Int(24)),
        (uint8, O.MUL, uint16, UInt(24)),
        (uint8, O.MUL, int8, int16),
        (int8, O.DIV, int8, Int(9)),
        (uint8, O.DIV, uint8, uint8),
        (int8, O.DIV, uint8, int8),
        (uint8, O.FLOORDIV, int8, Int(9)),
        (int8, O.FLOORDIV, Int(100), Int(9)),
        (int8, O.MOD, I13, I13),
        (int8, O.MOD, uint16, uint16),
        (uint16, O.MOD, int8, int8),
        (int8, O.AND, int16, int16),
        (uint8, O.OR, U13, U13),
        (int8, O.XOR, uint8, Int(9)),
        (bool_, O.AND, bool_, bool_),
        (bool_, O.XOR, uint8, uint8),
        (int8, O.MIN, int16, int16),
        (uint8, O.MAX, int8, Int(9)),
        (bool_, O.MAX, bool_, bool_),
        (uint8, O.LT, int8, bool_),
        (int8, O.SHL, uint8, int8),
        (U13, O.SHR, int8, U13),
        (index, O.SHL, index, index),
        (index, O.ADD, index, index),
        (index, O.DIV, index, index),
        (index, O.LT, index, bool_),
        (index, O.ADD, int8, Int(65)),
        (uint8, O.MUL, index, Int(72)),
        (index, O.MIN, uint64, Int(65)),
        (float32, O.ADD, float32, float32),
        (float32, O.ADD, Int(200), float32),
        (bool_, O.MUL, float16, float16),
        (index, O.DIV, bfloat16, bfloat16),
        (float32, O.SUB, float64, float64),
        (float16, O.MAX, bfloat16, float32),
        (bfloat16, O.FLOORDIV, int8, bfloat16),
        (float16, O.MOD, float16, float16),
        (float64, O.NE, uint8, bool_),
    ],
    ids=str,
)
def test_result_types(left, op, right, result):
    assert signature(op, left, right).result == result


@pytest.mark.parametrize(
    ("op", "operand", "result"),
    [
        (U.NEG, int8, Int(9)),
        (U.NEG, uint8, Int(9)),
        (U.NEG, bool_, Int(2)),
        (U.NEG, index, index),
        (U.NEG, bfloat16, bfloat16),
        (U.INVERT, uint8, uint8),
        (U.INVERT, int8, int8),
        (U.INVERT, bool_, bool_),
        (U.INVERT, index, index),
        (U.ABS, int8, uint8),
        (U.ABS, U13, U13),
        (U.ABS, index, index),
        (U.ABS, float16, float16),
        (U.NOT, float32, bool_),
        (U.NOT, I13, bool_),
    ],
    ids=str,
)
def test_unary_result_types(op, operand, result):
    assert unary_signature(op, operand).result == result


def test_comparisons_work_in_the_common_type():
    assert signature(O.LT, int8, uint8) == Signature(Int(9), bool_)
    assert signature(O.EQ, int64, float32) == Signature(float32, bool_)


def test_16_bit_floats_divide_to_a_floor_in_float32():
    assert signature(O.FLOORDIV, float16, int8) == Signature(float32, float16)
    assert signature(O.MOD, bfloat16, bfloat16) == Signature(float32, bfloat16)
    assert signature(O.DIV, bfloat16, bfloat16) == Signature(bfloat16, bfloat16)


@pytest.mark.parametrize("other", [float32, int8, bool_, index], ids=str)
@pytest.mark.parametrize("op", [*BITWISE, *SHIFTS], ids=str)
def test_floats_have_no_bit_operations(op, other):
    assert signature(op, float32, other) is signature(op, other, float32) is None
    assert unary_signature(U.INVERT, float32) is None
    with pytest.raises(InternalError):
        apply(op, float32, 1.0, float32, 1.0)
    with pytest.raises(InternalError):
        apply_unary(U.INVERT, float32, 1.0)


def test_nothing_is_wider_than_1024_bits():
    wide, unsigned = Int(1024), UInt(1024)
    assert signature(O.ADD, wide, bool_) is signature(O.MUL, Int(512), Int(513)) is None
    assert signature(O.DIV, wide, wide) is signature(O.LT, wide, unsigned) is None
    assert signature(O.SHL, wide, uint8, amount=1) is unary_signature(U.NEG, wide) is None
    assert common_type(wide, unsigned) is None
    assert signature(O.MUL, Int(512), Int(512)).result == wide
    assert signature(O.DIV, unsigned, unsigned).result == signature(O.SHL, unsigned, uint8).result == unsigned
    assert unary_signature(U.ABS, wide).result == unsigned


@given(st.lists(int_types | st.sampled_from([index, *FLOATS]), min_size=2, max_size=2))
def test_a_common_type_is_the_least_that_holds_both(pair):
    left, right = pair
    common = common_type(left, right)
    assert common == common_type(right, left)
    if is_float(left) or is_float(right):
        assert common in FLOATS
        assert all(not is_float(d) or common.precision >= d.precision for d in pair)
        return
    ends = [end for dtype in pair for end in bounds(dtype)]
    assert all(holds(common, end) for end in ends)
    assert common in pair or not all(holds(Int(common.bits - 1), end) for end in ends)


def test_common_types_of_floats():
    assert common_type(float16, bfloat16) == common_type(float32, float16) == float32
    assert common_type(bfloat16, float64) == common_type(int64, float64) == float64
    assert common_type(float16, int64) == common_type(bool_, float16) == float16
    assert (common_type(bool_, bool_), common_type(index, index), common_type(index, int8)) == (bool_, index, int64)


@given(st.data(), int_types, st.integers(0, 40))
def test_a_constant_shift_to_the_left_is_exact(data, dtype, amount):
    a = data.draw(values(dtype))
    types = signature(O.SHL, dtype, uint8, amount)
    assert types.result.bits == dtype.bits + amount
    assert apply(O.SHL, dtype, a, uint8, amount, amount) == a << amount
    assert holds(types.result, a << amount)
    assert signature(O.SHL, dtype, uint8, -1) is signature(O.SHR, dtype, uint8, -1) is None


@given(st.data(), int_types, int_types)
def test_a_shift_at_run_time_keeps_the_type(data, left, right):
    a, b = data.draw(values(left)), data.draw(values(right))
    outside = not 0 <= b < left.bits
    kept = wrap(left.bits, isinstance(left, Int), a << b) if not outside else 0
    assert apply(O.SHL, left, a, right, b) == kept
    assert apply(O.SHR, left, a, right, b) == (a >> b if not outside else -1 if a < 0 else 0)


@given(st.data(), int_types)
def test_unary_integer_results_are_exact(data, dtype):
    a = data.draw(values(dtype))
    for op, expected in ((U.NEG, -a), (U.ABS, abs(a)), (U.NOT, int(a == 0))):
        assert apply_unary(op, dtype, a) == expected
        assert holds(unary_signature(op, dtype).result, expected)
    flipped = int(not a) if dtype == bool_ else wrap(dtype.bits, isinstance(dtype, Int), ~a)
    assert apply_unary(U.INVERT, dtype, a) == flipped


@pytest.mark.parametrize("op", EXACT, ids=str)
@settings(max_examples=15)
@given(st.data())
def test_index_wraps_at_64_bits(op, data):
    a, b = data.draw(values(index)), data.draw(values(index))
    if b or op not in DIVISIONS:
        assert apply(op, index, a, index, b) == wrap(64, True, EXACT[op](a, b))


def test_index_wraps_in_unary_operations():
    least = -(2**63)
    assert apply_unary(U.NEG, index, least) == apply_unary(U.ABS, index, least) == least
    assert apply_unary(U.INVERT, index, 5) == -6
    assert apply(O.SHL, index, 3, index, 63, 63) == least


FLOAT_OPERATIONS = {
    O.ADD: np.add,
    O.SUB: np.subtract,
    O.MUL: np.multiply,
    O.DIV: np.divide,
    O.FLOORDIV: np.floor_divide,
    O.MOD: np.remainder,
    O.MIN: np.minimum,
    O.MAX: np.maximum,
    O.LT: np.less,
    O.LE: np.less_equal,
    O.GT: np.greater,
    O.GE: np.greater_equal,
    O.EQ: np.equal,
    O.NE: np.not_equal,
}


def patterns(dtype, seed):
    """4,000 values: random bit patterns, small numbers, and the specials beside each other."""
    random = np.random.default_rng(seed)
    kind = NUMPY[dtype]
    bits = random.integers(0, 1 << dtype.bits, 2000, dtype=np.uint64).astype(f"uint{dtype.bits}").view(kind)
    small = (random.standard_normal(1200) * 10).astype(np.float32).astype(kind)
    tiny = random.integers(0, 64, 400).astype(f"uint{dtype.bits}").view(kind)
    special = random.choice(np.array([0.0, -0.0, 1.0, -1.0, 2.5, -3.0, np.inf, -np.inf, np.nan]), 400).astype(kind)
    return random.permutation(np.concatenate([bits, small, tiny, special]))


def floats(array):
    return array.astype(np.float64).tolist()


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
@pytest.mark.parametrize("op", FLOAT_OPERATIONS, ids=str)
def test_float_operations_equal_numpys_bit_for_bit(op, dtype):
    with np.errstate(all="ignore"):
        left, right = patterns(dtype, 1), patterns(dtype, 2)
        expected = floats(FLOAT_OPERATIONS[op](left, right))
        cases = zip(floats(left), floats(right), expected, strict=True)
    for a, b, answer in cases:
        result = apply(op, dtype, a, dtype, b)
        # NumPy leaves the sign of the least of 0.0 and -0.0 open.
        assert same(result, answer) or (op in (O.MIN, O.MAX) and a == b == result == 0), (a, b, result, answer)


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_unary_float_operations_keep_the_bits(dtype):
    with np.errstate(all="ignore"):
        array = patterns(dtype, 3)
        given_values, negated, absolute = floats(array), floats(-array), floats(abs(array))
    for a, minus, magnitude in zip(given_values, negated, absolute, strict=True):
        assert same(apply_unary(U.NEG, dtype, a), minus)
        assert same(apply_unary(U.ABS, dtype, a), magnitude)
        assert apply_unary(U.NOT, dtype, a) == int(a == 0)


@given(st.floats(width=32), st.integers(-(2**63), 2**63 - 1))
def test_an_integer_beside_a_float_is_rounded_first(x, n):
    with np.errstate(all="ignore"):
        expected = np.float32(x) * np.int64(n).astype(np.float32)
    assert same(apply(O.MUL, float32, x, int64, n), float(expected))
    assert apply(O.LE, int64, n, float32, x) == int(np.int64(n).astype(np.float32) <= np.float32(x))


@given(st.floats(width=16), st.floats(width=16))
def test_16_bit_formats_meet_in_float32(x, y):
    y = round_to(bfloat16, y)
    with np.errstate(all="ignore"):
        expected = float(np.float32(x) + np.float32(y))
    assert same(apply(O.ADD, float16, x, bfloat16, y), expected)
