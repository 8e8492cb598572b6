"""Regions that functions make are called by kernels."""

import numpy as np

import spatial as sp
from spatial import Stream, int32


def streaming(n):
    """A region whose kernels know their places and use streams, as a function of its size."""

    @sp.region()
    def doubled(X: int32[n], by: int32):
        link: Stream[int32, 2][2]

        @sp.kernel(mapping=[2], args=[X])
        def send(part: int32[n] @ [sp.S(0)]):
            i = sp.get_pid()
            for k in range(n // 2):
                link[i].put(int32(part[k] * 2))

        @sp.kernel(mapping=[2], args=[X, by])
        def store(part: int32[n] @ [sp.S(0)], by: int32):
            i = sp.get_pid()
            for k in range(n // 2):
                part[k] = link[i].get() + by

    return doubled


def test_kernels_call_regions_that_functions_make_whatever_is_in_them():
    def chosen(n):
        return streaming(n)

    @sp.region()
    def program(A: int32[8]):
        @sp.kernel(mapping=[2], args=[A])
        def pe(tile: int32[8] @ [sp.S(0)]):
            p = sp.get_pid()
            for t in range(2):
                streaming(4)(tile, t + p)
            chosen(2)(tile[1:3], 10)

    A = np.ones(8, dtype=np.int32)
    sp.simulate(program, A)
    assert A.tolist() == [5, 20, 20, 5, 8, 26, 26, 8]
