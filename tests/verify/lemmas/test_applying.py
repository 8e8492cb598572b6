"""Lemmas say in a verification that two ways to compute something are one."""

import numpy as np
import pytest

import spatial as sp
from spatial import Int, Stream, int8, int16, int32, uint8
from spatial.verify.kinds import Kind

M, N, K = 2, 4, 3
SQUARES = np.array([i * i for i in range(256)], np.int32)


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


def square(x: uint8) -> int32:
    return x * x


def looked_up(x: uint8) -> int32:
    return SQUARES[x]


def matmul_with(both):
    def matmul(A: int8[M, K], B: int8[K, N], C: int32[M, N]):
        for i, j in sp.grid(M, N // 2):
            left: int32 = 0
            right: int32 = 0
            for k in range(K):
                x, y = both(B[k, 2 * j], B[k, 2 * j + 1], A[i, k])
                left += x
                right += y
            C[i, 2 * j] = left
            C[i, 2 * j + 1] = right

    return matmul


def array_with(both):
    """A row of PEs that each compute two columns."""

    @sp.region()
    def array(A: int8[M, K], B: int8[K, N], C: int32[M, N]):
        right: Stream[int8, 2][N // 2 + 1]

        @sp.kernel()
        def load(A: int8[M, K]):
            for i, k in sp.grid(M, K):
                right[0].put(A[i, k])

        @sp.kernel(mapping=[N // 2])
        def pe(B: int8[K, N], C: int32[M, N]):
            j = sp.get_pid()
            for i in range(M):
                one: int32 = 0
                other: int32 = 0
                for k in range(K):
                    a: int8 = right[j].get()
                    x, y = both(B[k, 2 * j], B[k, 2 * j + 1], a)
                    one += x
                    other += y
                    right[j + 1].put(a)
                C[i, 2 * j] = one
                C[i, 2 * j + 1] = other

        @sp.kernel()
        def drain():
            for n in range(M * K):
                last: int8 = right[N // 2].get()

    return array


def squares_with(function):
    def total(X: uint8[K], Y: int32[K]):
        for k in range(K):
            Y[k] = function(X[k]) + 1

    return total


@pytest.fixture(scope="module")
def packing():
    return sp.lemma(separate, packed)


@pytest.mark.parametrize("mode", ["exact", "ring"])
@pytest.mark.parametrize("second", [matmul_with, array_with])
def test_a_lemma_makes_two_ways_one(packing, second, mode):
    one, other = matmul_with(separate), second(packed)
    assert sp.verify(one, other, mode=mode, explain=False).kind is Kind.DIFFERENT
    found = sp.verify(one, other, mode=mode, lemmas=[packing])
    assert found.kind is Kind.EQUAL, str(found)
    assert "note: `separate` = `packed` by lemma, in 1 and 1 places" in str(found)


def test_a_schedule_of_the_fast_way_is_the_plain_one(packing):
    s = sp.customize(matmul_with(packed))
    s.reorder("j", "i")
    assert sp.verify(matmul_with(separate), s, lemmas=[packing])


def test_a_lemma_does_not_hide_another_mistake(packing):
    def crossed(a: int8, b: int8, c: int8) -> tuple[int16, int16]:
        high, low = packed(a, b, c)
        return low, high

    for wrong in (naive, crossed):
        found = sp.verify(matmul_with(separate), matmul_with(wrong), lemmas=[packing])
        assert found.kind is Kind.DIFFERENT


def test_a_lemma_about_a_table_is_about_that_table():
    other = SQUARES + 1

    def shifted(x: uint8) -> int32:
        return other[x]

    known = sp.lemma(square, looked_up)
    assert sp.verify(squares_with(square), squares_with(looked_up), lemmas=[known])
    assert not sp.verify(squares_with(square), squares_with(shifted), lemmas=[known], explain=False)


def test_several_lemmas_are_told_apart(packing):
    table = sp.lemma(square, looked_up)
    assert sp.verify(matmul_with(separate), matmul_with(packed), lemmas=[table, packing])
    assert sp.verify(squares_with(square), squares_with(looked_up), lemmas=[packing, table])


def test_the_swap_of_operands_is_seen_through_a_lemma(packing):
    def swapped(a: int8, b: int8, c: int8) -> tuple[int16, int16]:
        return packed(b, a, c)

    assert not sp.verify(matmul_with(separate), matmul_with(swapped), lemmas=[packing], explain=False)


def positive(a: int8, b: int8, c: int8) -> bool:
    return b >= 0


def arrays(x: int8[2]) -> int8:
    return x[0]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (lambda: sp.lemma(separate, naive), "is not proven"),
        (lambda: sp.lemma(separate, packed, where=positive), "is known where `positive` holds"),
        (lambda: sp.lemma(arrays, arrays), "is about arrays"),
        (lambda: "packing", "is no lemma"),
    ],
)
def test_what_says_nothing_of_calls_is_refused(given, told):
    with pytest.raises(sp.ProgramError, match=told):
        sp.verify(matmul_with(separate), matmul_with(packed), lemmas=[given()])
