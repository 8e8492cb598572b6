"""Nobody puts what a kernel gets."""

import spatial as sp
from spatial import Stream, int32


@sp.region()
def program(A: int32[4]):
    fifo: Stream[int32, 2]

    @sp.kernel(args=[A])
    def store(A: int32[4]):
        for k in range(4):
            A[k] = fifo.get()
