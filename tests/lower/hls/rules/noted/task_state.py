"""Kernels that run for ever keep a sum, a number and an array."""

import spatial as sp
from spatial import Stream, int32


@sp.region()
def program(A: int32[4], own: int32[2], n: int32, B: int32[4]):
    flow: Stream[int32, 2][3]
    sums: Stream[int32, 2]

    @sp.kernel(args=[A])
    def load(A: int32[4]):
        for k in range(4):
            flow[0].put(A[k])

    @sp.kernel(mapping=[2], args=[own, n])
    def add(own: int32[2], n: int32):
        p = sp.get_pid()
        while True:
            flow[p + 1].put(flow[p].get() * n + own[p])

    @sp.kernel()
    def accumulate():
        total: int32 = 0
        while True:
            total += flow[2].get()
            sums.put(total)

    @sp.kernel(args=[B])
    def store(B: int32[4]):
        for k in range(4):
            B[k] = sums.get()
