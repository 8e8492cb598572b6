"""A kernel that runs for ever reads a scalar."""

import spatial as sp
from spatial import Stream, int32


@sp.region()
def program(A: int32[4], n: int32, B: int32[4]):
    flow: Stream[int32, 2][3]

    @sp.kernel(args=[A])
    def load(A: int32[4]):
        for k in range(4):
            flow[0].put(A[k])

    @sp.kernel(mapping=[2], args=[n])
    def scale(n: int32):
        p = sp.get_pid()
        while True:
            flow[p + 1].put(flow[p].get() * n)

    @sp.kernel(args=[B])
    def store(B: int32[4]):
        for k in range(4):
            B[k] = flow[2].get()
