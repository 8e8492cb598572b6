"""A kernel takes a token if there is one."""

import spatial as sp
from spatial import Stream, int32


@sp.region()
def program(A: int32[4], B: int32[4]):
    fifo: Stream[int32, 2]

    @sp.kernel(args=[A])
    def load(A: int32[4]):
        for k in range(4):
            fifo.put(A[k])

    @sp.kernel(args=[B])
    def store(B: int32[4]):
        k: int32 = 0
        while k < 4:
            ok, number = fifo.try_get()
            if ok:
                B[k] = number
                k += 1
