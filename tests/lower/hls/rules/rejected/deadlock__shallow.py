"""A fork and a join whose one way is too shallow."""

import spatial as sp
from spatial import Stream, int32


@sp.region()
def program(A: int32[8], B: int32[8]):
    first: Stream[int32, 2]
    second: Stream[int32, 2]

    @sp.kernel(args=[A])
    def load(A: int32[8]):
        for k in range(8):
            first.put(A[k])
        for k in range(8):
            second.put(A[k])

    @sp.kernel(args=[B])
    def add(B: int32[8]):
        for k in range(8):
            B[k] = first.get() + second.get()
