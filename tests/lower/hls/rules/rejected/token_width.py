"""A token of more than 4096 bits."""

import spatial as sp
from spatial import Stream, int32


@sp.region()
def program(A: int32[32, 8], B: int32[32, 8]):
    blocks: Stream[int32[32, 8], 2]

    @sp.kernel(args=[A])
    def load(A: int32[32, 8]):
        blocks.put(A)

    @sp.kernel(args=[B])
    def store(B: int32[32, 8]):
        B[:, :] = blocks.get()
