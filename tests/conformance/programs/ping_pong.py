"""Transposes a sequence of matrices through two buffers: one is filled while the other is emptied.

Both actors work on the same memory, declared in the region. A token on `full` hands a buffer to the reader, one on
`empty` gives it back; two of those are there from the start. Whoever touches a buffer without its token is reported as
a race. Cycles: N * N elements and two tokens for each of T matrices, and the reader is one matrix behind.
"""

import numpy as np

import spatial as sp
from spatial import Stream, bool_, int32
from tests.conformance.program import Program


def make(T, N, depth=2):
    @sp.region()
    def transpose(X: int32[T, N, N], Y: int32[T, N, N]):
        buffers: int32[2, N, N]
        full: Stream[bool_, depth]
        empty = sp.pipe(dtype=bool_, depth=max(depth, 2), initial=[True, True])

        @sp.kernel(args=[X, buffers])
        def fill(X: int32[T, N, N], buffers: int32[2, N, N]):
            for t in range(T):
                empty.get()
                for r, c in sp.grid(N, N):
                    buffers[t % 2, r, c] = X[t, r, c]
                full.put(True)

        @sp.kernel(args=[buffers, Y])
        def drain(buffers: int32[2, N, N], Y: int32[T, N, N]):
            for t in range(T):
                full.get()
                for r, c in sp.grid(N, N):
                    Y[t, r, c] = buffers[t % 2, c, r]
                empty.put(True)

    return transpose


PROGRAM = Program(
    name="ping_pong",
    make=make,
    sizes=((1, 2), (4, 3), (5, 5)),
    inputs=lambda random, T, N: (random.integers(-99, 100, (T, N, N), dtype=np.int32),),
    cycles=lambda T, N: (T + 1) * (N * N + 2),
    reference=lambda size, X: X.transpose(0, 2, 1),
)
