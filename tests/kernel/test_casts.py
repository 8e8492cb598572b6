"""Casts to types that are made where they stand."""

import numpy as np

import spatial as sp
from spatial import UInt, int16, uint8

WIDTH = 4


@sp.region()
def squares(A: int16[4], B: uint8[4]):
    @sp.kernel()
    def pe(A: int16[4], B: uint8[4]):
        for k in range(4):
            low = UInt(WIDTH)(A[k])
            B[k] = low * low + UInt(2)(7)


def test_a_cast_to_a_type_made_in_place_wraps():
    A, B = np.array([3, 17, -1, 255], dtype=np.int16), np.zeros(4, dtype=np.uint8)
    sp.simulate(squares, A, B)
    assert B.tolist() == [(a % 16) ** 2 + 3 for a in A.tolist()]
