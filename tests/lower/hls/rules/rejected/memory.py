"""A channel that no part holds."""

import spatial as sp
from spatial import Stream, int32


@sp.region()
def program(A: int32[4], B: int32[4]):
    fifo: Stream[int32, 1 << 30]

    @sp.kernel(args=[A])
    def load(A: int32[4]):
        for k in range(4):
            fifo.put(A[k])

    @sp.kernel(args=[B])
    def store(B: int32[4]):
        for k in range(4):
            B[k] = fifo.get()


device = sp.fpga("zcu102", mhz=200)
