"""The PEs of a kernel put into one stream."""

import spatial as sp
from spatial import Stream, int32


@sp.region()
def program(A: int32[4], B: int32[4]):
    fifo: Stream[int32, 2]

    @sp.kernel(mapping=[2], args=[A])
    def load(A: int32[4]):
        i = sp.get_pid()
        for k in range(2):
            fifo.put(A[2 * i + k])

    @sp.kernel(args=[B])
    def store(B: int32[4]):
        for k in range(4):
            B[k] = fifo.get()
