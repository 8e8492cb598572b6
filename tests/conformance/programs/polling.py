"""A consumer that polls P producers, each with a pace of its own, and takes whatever is there.

`try_get` never waits: it says whether there was a token. In which order the tokens come depends on the clock, so on the
device and the depths. What it makes of them does not: the sum of the tokens of each producer, and how many there were.
"""

import numpy as np

import spatial as sp
from spatial import Stream, int32
from tests.conformance.program import Program


def make(P, N, depth=2):
    @sp.region()
    def polling(X: int32[P, N], sums: int32[P], counts: int32[P]):
        numbers: Stream[int32, depth][P]

        @sp.kernel(mapping=[P], args=[X])
        def producer(X: int32[P, N]):
            p = sp.get_pid()
            for n in range(N):
                for wait in range(p):
                    pass
                numbers[p].put(X[p, n])

        @sp.kernel(args=[sums, counts])
        def consumer(sums: int32[P], counts: int32[P]):
            taken: int32 = 0
            while taken < P * N:
                for p in sp.meta_for(P):
                    ok, number = numbers[p].try_get()
                    if ok:
                        sums[p] += number
                        counts[p] += 1
                        taken += 1

    return polling


PROGRAM = Program(
    name="polling",
    make=make,
    sizes=((1, 5), (2, 6), (4, 9)),
    inputs=lambda random, P, N: (random.integers(-99, 100, (P, N), dtype=np.int32),),
    clock_dependent=True,
    reference=lambda size, X: (X.sum(axis=1, dtype=np.int32), np.full(size[0], size[1], dtype=np.int32)),
)
