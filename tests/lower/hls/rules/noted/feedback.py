"""Kernels that feed each other as often as a number says."""

import spatial as sp
from spatial import Stream, int32


@sp.region()
def program(rounds: int32, B: int32[1]):
    there: Stream[int32, 2]
    back: Stream[int32, 2]

    @sp.kernel(args=[rounds])
    def left(rounds: int32):
        for k in range(rounds):
            there.put(k)
            n: int32 = back.get()

    @sp.kernel(args=[rounds, B])
    def right(rounds: int32, B: int32[1]):
        for k in range(rounds):
            n: int32 = there.get()
            back.put(n + 1)
            B[0] = n
