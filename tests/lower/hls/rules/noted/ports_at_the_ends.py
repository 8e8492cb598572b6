"""Kernels in the middle read and write arrays of their own."""

import spatial as sp
from spatial import Stream, int32


@sp.region()
def program(A: int32[4], B: int32[4], C: int32[4]):
    there: Stream[int32, 2]
    on: Stream[int32, 2]

    @sp.kernel(args=[A, C])
    def first(A: int32[4], C: int32[4]):
        for k in range(4):
            C[k] = A[k]
            there.put(A[k])

    @sp.kernel(args=[B])
    def add(B: int32[4]):
        for k in range(4):
            on.put(there.get() + B[k])

    @sp.kernel()
    def drain():
        for k in range(4):
            n: int32 = on.get()
