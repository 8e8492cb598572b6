"""A kernel that runs for ever keeps a sum, others do so on purpose or have an array."""

import spatial as sp
from spatial import Stream, int32


@sp.region()
def program(A: int32[4], own: int32[2], B: int32[4]):
    flow: Stream[int32, 2][3]
    sums: Stream[int32, 2]

    @sp.kernel(args=[A])
    def load(A: int32[4]):
        for k in range(4):
            flow[0].put(A[k])

    @sp.kernel(mapping=[2], args=[own])
    def count(own: int32[2]):
        p = sp.get_pid()
        seen: int32 @ sp.Stateful = 0
        while True:
            seen += 1
            flow[p + 1].put(flow[p].get() + seen * own[p])

    @sp.kernel()
    def accumulate():
        total: int32 = 0
        while True:
            total += flow[2].get()
            sums.put(total)

    @sp.kernel(args=[B])
    def store(B: int32[4]):
        for k in range(4):
            B[k] = sums.get()
