"""Two kernels get from one stream."""

import spatial as sp
from spatial import Stream, int32


@sp.region()
def program(A: int32[4], B: int32[4], C: int32[4]):
    fifo: Stream[int32, 2]

    @sp.kernel(args=[A])
    def load(A: int32[4]):
        for k in range(4):
            fifo.put(A[k])

    @sp.kernel(args=[B])
    def left(B: int32[4]):
        for k in range(2):
            B[k] = fifo.get()

    @sp.kernel(args=[C])
    def right(C: int32[4]):
        for k in range(2):
            C[k] = fifo.get()
