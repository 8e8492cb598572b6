"""Lemmas: proven, refuted, or undecided, by trying all inputs or by the solver."""

import importlib
import sys

import numpy as np
import pytest

import spatial as sp
from spatial import Int, UInt, float16, float32, int8, int16, int32, uint8
from spatial.build.lemmas.driver import lemma
from spatial.verify.lemmas.solver import solver

SQUARES = np.array([i * i for i in range(256)], np.int32)
WRONG_SQUARES = np.array([i * i + (i == 200) for i in range(256)], np.int32)


def separate(a: int8, b: int8, c: int8) -> tuple[int16, int16]:
    return a * c, b * c


def packed(a: int8, b: int8, c: int8) -> tuple[int16, int16]:
    word: Int(27) = (Int(27)(a) << 18) + b
    product: Int(45) = word * c
    low: int16 = product
    high: int16 = product >> 18
    if low < 0:
        high = high + 1
    return high, low


def naive(a: int8, b: int8, c: int8) -> tuple[int16, int16]:
    word: Int(27) = (Int(27)(a) << 18) + b
    product: Int(45) = word * c
    low: int16 = product
    high: int16 = product >> 18
    return high, low


def separate_sums(a: int8, b: int8, c: int8, d: int8) -> tuple[Int(17), Int(17)]:
    return a * c + a * d, b * c + b * d


def packed_sums(a: int8, b: int8, c: int8, d: int8) -> tuple[Int(17), Int(17)]:
    word: Int(27) = (Int(27)(a) << 18) + b
    total: Int(48) = word * c + word * d
    low: Int(18) = total
    high: Int(17) = total >> 18
    if low < 0:
        high = high + 1
    return high, low


def naive_sums(a: int8, b: int8, c: int8, d: int8) -> tuple[Int(17), Int(17)]:
    word: Int(27) = (Int(27)(a) << 18) + b
    total: Int(48) = word * c + word * d
    low: Int(18) = total
    return total >> 18, low


def narrow_sums(a: int8, b: int8, c: int8, d: int8) -> tuple[Int(17), Int(17)]:
    word: Int(24) = (Int(24)(a) << 16) + b
    total: Int(48) = word * c + word * d
    low: Int(16) = total
    high: Int(17) = total >> 16
    if low < 0:
        high = high + 1
    return high, low


def twice(x: int32) -> int32:
    return x * 2


def shifted(x: int32) -> int32:
    return x << 1


def quarter(x: int16) -> int16:
    return x // 4


def quarter_shifted(x: int16) -> int16:
    return x >> 2


def quarter_toward_zero(x: int16) -> int16:
    return x / 4


def wide_quarter(x: int32) -> int32:
    return x // 4


def wide_quarter_toward_zero(x: int32) -> int32:
    return x / 4


def positive(x: int16) -> bool:
    return x >= 0


def wide_positive(x: int32) -> bool:
    return x >= 0


def square(x: uint8) -> int32:
    return x * x


def square_looked_up(x: uint8) -> int32:
    return SQUARES[x]


def square_wrongly_looked_up(x: uint8) -> int32:
    return WRONG_SQUARES[x]


def square_and_more(x: uint8, y: int32) -> int32:
    return x * x + y


def square_looked_up_and_more(x: uint8, y: int32) -> int32:
    return SQUARES[x] + y


def square_wrongly_looked_up_and_more(x: uint8, y: int32) -> int32:
    return WRONG_SQUARES[x] + y


def dots(K):
    def forward(a: int8[K], b: int8[K]) -> int32:
        total: int32 = 0
        for k in range(K):
            total += a[k] * b[k]
        return total

    def halves(a: int8[K], b: int8[K]) -> int32:
        even: int32 = 0
        odd: int32 = 0
        for k in range(K // 2):
            even += a[2 * k] * b[2 * k]
            odd += a[2 * k + 1] * b[2 * k + 1]
        return even + odd

    def narrow(a: int8[K], b: int8[K]) -> int32:
        total: int16 = 0
        for k in range(K):
            total += a[k] * b[k]
        return total

    return forward, halves, narrow


PROVEN = [
    (separate, packed, None, "all 16777216 inputs"),
    (separate_sums, packed_sums, None, "z3"),
    (twice, shifted, None, "z3"),
    (quarter, quarter_shifted, None, "all 65536 inputs"),
    (quarter, quarter_toward_zero, positive, "32768 of 65536 inputs"),
    (wide_quarter, wide_quarter_toward_zero, wide_positive, "z3"),
    (square, square_looked_up, None, "all 256 inputs"),
    (square_and_more, square_looked_up_and_more, None, "z3"),
    (*dots(256)[:2], None, "z3"),
]
REFUTED = [
    (separate, naive, "all 16777216 inputs"),
    (separate_sums, naive_sums, "z3"),
    (separate_sums, narrow_sums, "z3"),
    (quarter, quarter_toward_zero, "all 65536 inputs"),
    (wide_quarter, wide_quarter_toward_zero, "z3"),
    (square, square_wrongly_looked_up, "all 256 inputs"),
    (square_and_more, square_wrongly_looked_up_and_more, "z3"),
    (dots(4)[0], dots(4)[2], "z3"),
]


@pytest.mark.parametrize(("first", "second", "where", "method"), PROVEN)
def test_equal_functions_are_proven_equal(first, second, where, method):
    found = lemma(first, second, where=where)
    assert found
    assert found.method == method
    premise = f"where `{where.__name__}` holds" if where else "for all inputs"
    assert str(found).startswith(f"lemma proven: `{first.__name__}` = `{second.__name__}` {premise} ({method}")


@pytest.mark.parametrize(("first", "second", "method"), REFUTED)
def test_functions_that_differ_are_refuted_with_inputs_on_which_they_do(first, second, method):
    found = lemma(first, second)
    assert not found
    assert found.method == method
    given = [np.asarray(value) for value in found.refutation.inputs.values()]
    types = [each.type for each in sp.check(first).asked]
    arguments = [
        each.astype(sp.numpy_dtype(getattr(type_, "element", type_))) if each.ndim else each.item()
        for each, type_ in zip(given, types, strict=True)
    ]
    one, other = (np.atleast_1d(sp.build(each)(*arguments)) for each in (first, second))
    assert not np.array_equal(one, other)
    assert one.tolist() == [int(value) for value in found.refutation.first.values()]
    assert other.tolist() == [int(value) for value in found.refutation.second.values()]
    assert "lemma refuted" in str(found)


def test_a_premise_that_no_input_meets_proves_nothing():
    def never(x: int16) -> bool:
        return x > 32000 and x < 5

    def wide_never(x: int32) -> bool:
        return (x & 1) * 2 == 1

    for found in (lemma(quarter, quarter_toward_zero, where=never), lemma(twice, shifted, where=wide_never)):
        assert not found
        assert found.refutation is None
        assert "no input meets the condition" in str(found)


def quotient(a: int8, b: int8) -> int8:
    return a // b


def wide_quotient(a: int32, b: int32) -> int32:
    return a // b


def not_zero(a: int32, b: int32) -> bool:
    return b != 0


@pytest.mark.parametrize("function", [quotient, wide_quotient])
def test_what_fails_refutes(function):
    found = lemma(function, function)
    assert not found
    assert found.refutation.inputs["b"] == 0
    assert "division by zero at " in str(found)


def test_what_fails_only_outside_of_the_premise_does_not():
    assert lemma(wide_quotient, wide_quotient, where=not_zero)


def beyond(x: uint8, y: int32) -> int32:
    return SQUARES[x + (1 if y == 12345 else 0)]


def test_an_index_out_of_range_refutes():
    found = lemma(beyond, beyond)
    assert not found
    assert "out of range" in str(found)
    assert found.refutation.inputs == {"x": 255, "y": 12345}


def test_nothing_is_known_when_time_is_over():
    def hard(a: int32, b: int32) -> Int(64):
        return (a ^ b) * (a ^ b)

    def other(a: int32, b: int32) -> Int(64):
        return ((a | b) - (a & b)) * ((a | b) - (a & b))

    found = lemma(hard, other, timeout=0.05)
    assert not found
    assert found.refutation is None
    assert "did not come to an end in 0.05 s" in str(found)


def half(x: float16) -> float16:
    return x / 2


def scaled(x: float16) -> float16:
    return x * 0.5


def third(x: float16) -> float16:
    return x / 3


def scaled_third(x: float16) -> float16:
    return x * (1 / 3)


def test_all_inputs_of_small_floats_are_tried_to_the_bit():
    assert lemma(half, scaled)
    assert not lemma(third, scaled_third)


def greater(x: float16) -> float16:
    return x if x > 0 else float16(0)


def kept_zero(x: float16) -> float16:
    return x if x >= 0 else float16(0)


def test_zeros_of_two_signs_are_told_apart():
    found = lemma(greater, kept_zero)
    assert str(found.refutation.inputs["x"]) == "-0.0"


def arithmetic(dtype, pad):
    """All operations of a type on small numbers, with more inputs so that the solver is asked."""

    def function(a: dtype, b: dtype, c: pad) -> tuple[Int(32), Int(32), Int(32), Int(32), Int(32), Int(32), Int(32)]:
        divisor: dtype = b
        if divisor == 0:
            divisor = 1
        quotient: Int(32) = a // divisor
        rest: Int(32) = a % divisor
        toward: Int(32) = a / divisor
        amount: UInt(3) = c
        left: Int(32) = a << amount
        right: Int(32) = a >> amount
        least: Int(32) = sp.minimum(a, b) if a != b else a
        most: Int(32) = abs(sp.maximum(a, b))
        return quotient, rest, toward, left, right, least, most

    return function


@pytest.mark.parametrize("dtype", [Int(5), UInt(5), int8, uint8], ids=str)
def test_the_solver_computes_what_the_engine_does(dtype):
    small, large = arithmetic(dtype, UInt(3)), arithmetic(dtype, UInt(20))
    run = sp.build(large)
    generator = np.random.default_rng(5)
    for _ in range(3):
        a, b = (int(each) for each in generator.integers(-16 if dtype == Int(5) else 0, 16, 2))
        c = int(generator.integers(0, 8))
        wanted = run(a, b, c)

        def pinned(x: dtype, y: dtype, z: UInt(20)) -> bool:
            return x == a and y == b and z == c

        def known(
            x: dtype, y: dtype, z: UInt(20)
        ) -> tuple[Int(32), Int(32), Int(32), Int(32), Int(32), Int(32), Int(32)]:
            return wanted[0], wanted[1], wanted[2], wanted[3], wanted[4], wanted[5], wanted[6]

        assert lemma(large, known, where=pinned)
    assert lemma(small, small)


def test_floats_of_many_bits_are_refused():
    def one(x: float32) -> float32:
        return x

    with pytest.raises(sp.ProgramError, match="verify/not-bits"):
        lemma(one, one)


def test_a_loop_that_an_input_ends_is_refused():
    def count(n: int32) -> int32:
        total: int32 = 0
        for i in range(n):
            total += 1
        return total

    with pytest.raises(sp.ProgramError, match="as often as an input says"):
        lemma(count, count)


@pytest.mark.parametrize(
    ("second", "where", "told"),
    [
        (shifted, positive, "says which inputs are meant"),
        (shifted, twice, "says which inputs are meant"),
        (quarter, None, "verify/parameters"),
        (5, None, "a lemma is about functions"),
    ],
)
def test_what_does_not_belong_together_is_refused(second, where, told):
    with pytest.raises(sp.ProgramError, match=told):
        lemma(twice, second, where=where)


def test_without_the_solver_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "z3", None)
    with pytest.raises(sp.ToolError, match=r"pip install 'spatial\[smt\]'"):
        lemma(twice, shifted)
    assert lemma(quarter, quarter_shifted)
    monkeypatch.undo()
    assert solver() is importlib.import_module("z3")
