"""The largest of each K neighbouring numbers, by an actor that looks at K tokens and takes one.

The channel itself is the window: `peek(k)` waits until there are more than k tokens and leaves them where they are. So
it must hold K of them, and nothing is stored twice. Cycles: N numbers, one a cycle, pass two channels, if there is room
for the next number beside the window.
"""

import numpy as np

import spatial as sp
from spatial import Stream, int16
from tests.conformance.program import Program


def make(K, N, depth=2):
    @sp.region()
    def maximum(X: int16[N], Y: int16[N - K + 1]):
        numbers: Stream[int16, depth]
        largest: Stream[int16]

        @sp.kernel(args=[X])
        def source(X: int16[N]):
            for n in range(N):
                numbers.put(X[n])

        @sp.kernel()
        def window():
            for n in range(N - K + 1):
                found: int16 = numbers.peek(0)
                for k in sp.meta_for(1, K):
                    found = max(found, numbers.peek(k))
                largest.put(found)
                numbers.get()

        @sp.kernel(args=[Y])
        def sink(Y: int16[N - K + 1]):
            for n in range(N - K + 1):
                Y[n] = largest.get()

    return maximum


PROGRAM = Program(
    name="sliding_maximum",
    make=make,
    sizes=((1, 4), (3, 9), (5, 16)),
    inputs=lambda random, K, N: (random.integers(-99, 100, N, dtype=np.int16),),
    reference=lambda size, X: np.lib.stride_tricks.sliding_window_view(X, size[0]).max(axis=1),
    least_depth=lambda K, N: K,
    cycles=lambda K, N: N + 2,
    full_speed=6,
)
