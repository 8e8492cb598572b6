"""The writer of a stream asks whether it is empty."""

import spatial as sp
from spatial import Stream, int32


@sp.region()
def program(A: int32[4], B: int32[4]):
    fifo: Stream[int32, 2]

    @sp.kernel(args=[A])
    def load(A: int32[4]):
        for k in range(4):
            if fifo.empty():
                fifo.put(A[k])

    @sp.kernel(args=[B])
    def store(B: int32[4]):
        for k in range(4):
            B[k] = fifo.get()
