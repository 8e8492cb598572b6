"""A kernel that runs for ever reads an array."""

import spatial as sp
from spatial import Stream, int32


@sp.region()
def program(A: int32[4], table: int32[4], B: int32[4]):
    numbers: Stream[int32, 2]
    found: Stream[int32, 2]

    @sp.kernel(args=[A])
    def load(A: int32[4]):
        for k in range(4):
            numbers.put(A[k])

    @sp.kernel(args=[table])
    def look_up(table: int32[4]):
        while True:
            found.put(table[numbers.get() % 4])

    @sp.kernel(args=[B])
    def store(B: int32[4]):
        for k in range(4):
            B[k] = found.get()
