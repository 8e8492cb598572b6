"""Two kernels that feed each other both begin with a get."""

import spatial as sp
from spatial import Stream, int32


@sp.region()
def program(B: int32[1]):
    there: Stream[int32, 2]
    back: Stream[int32, 2]

    @sp.kernel()
    def left():
        for k in range(4):
            there.put(back.get())

    @sp.kernel(args=[B])
    def right(B: int32[1]):
        for k in range(4):
            B[0] = there.get()
            back.put(k)
