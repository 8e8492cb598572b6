"""Numbers that branches give: of those that no register holds, the low bits that are asked for."""

import numpy as np
import pytest

import spatial as sp
from spatial import Int, int32
from tests.lower.aie.performed import performed


def test_a_conditional_expression_keeps_the_bits_that_are_asked_for():
    @sp.region()
    def design(A: int32[16], B: int32[16]):
        @sp.kernel(args=[A, B])
        def work(A: int32[16], B: int32[16]):
            for k in range(16):
                v: int32 = A[k]
                B[k] = 5 if v % 2 == 0 else (3 * v + 1 if v > 0 else v * v)

    a = np.array([0, 1, -1, 7, -7, 2, 2**31 - 1, -(2**31), *range(-51, -43)], np.int32)
    b = np.zeros(16, np.int32)
    performed(design, (a, b))
    np.testing.assert_array_equal(b, np.where(a % 2 == 0, 5, np.where(a > 0, 3 * a + 1, a * a)))


def test_one_of_which_all_bits_are_asked_for_is_refused():
    @sp.region()
    def design(A: int32[4], B: int32[4]):
        @sp.kernel(args=[A, B])
        def work(A: int32[4], B: int32[4]):
            for k in range(4):
                v: Int(70) = A[k] if A[k] > 0 else A[k] * A[k] * A[k]
                B[k] = 1 if v > 9 else 0

    with pytest.raises(sp.ProgramError, match="a number of more than 64 bits cannot run on a core"):
        sp.build(design, target="aie")
