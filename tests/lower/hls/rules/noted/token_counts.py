"""A kernel takes fewer tokens than it is given."""

import spatial as sp
from spatial import Stream, int32


@sp.region()
def program(A: int32[4], B: int32[3]):
    fifo: Stream[int32, 2]

    @sp.kernel(args=[A])
    def load(A: int32[4]):
        for k in range(4):
            fifo.put(A[k])

    @sp.kernel(args=[B])
    def store(B: int32[3]):
        for k in range(3):
            B[k] = fifo.get()
