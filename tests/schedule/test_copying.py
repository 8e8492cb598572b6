"""Arithmetic that nobody uses is erased once, however often it was used."""

import numpy as np

import spatial as sp
from spatial import int32


def test_an_index_that_an_access_uses_twice_is_erased_with_it():
    def diagonal(A: int32[9, 9], y: int32[8]):
        for i in range(8):
            y[i] = A[i + 1, i + 1] + A[i + 1, i]

    s = sp.customize(diagonal)
    s.simplify("i")
    s.cache_read(s.A, "i")
    A, y = np.arange(81, dtype=np.int32).reshape(9, 9), np.zeros(8, np.int32)
    sp.simulate(s, A, y)
    assert y.tolist() == [int(A[i + 1, i + 1] + A[i + 1, i]) for i in range(8)]
