"""A kernel that keeps values in a channel of its own."""

import spatial as sp
from spatial import Stream, int32


@sp.region()
def program(A: int32[4], B: int32[4]):
    kept: Stream[int32, 4]

    @sp.kernel(args=[A, B])
    def turn(A: int32[4], B: int32[4]):
        for k in range(4):
            kept.put(A[k])
        for k in range(4):
            B[k] = kept.get()
