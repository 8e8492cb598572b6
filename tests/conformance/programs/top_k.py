"""The K largest of N numbers in order, kept by a chain of K PEs: a systolic priority queue.

Each PE keeps the largest number it has seen and hands on the other; so PE k sees what the k PEs before it did not want.
When the numbers are over every PE stores what it kept. Cycles: N numbers pass a source and K PEs.
"""

import numpy as np

import spatial as sp
from spatial import Stream, int32
from tests.conformance.program import Program


def make(K, N, depth=2):
    @sp.region()
    def top_k(X: int32[N], largest: int32[K]):
        passed: Stream[int32, depth][K]

        @sp.kernel(args=[X])
        def source(X: int32[N]):
            for n in range(N):
                passed[0].put(X[n])

        @sp.kernel(mapping=[K], args=[largest])
        def keep(largest: int32[K]):
            k = sp.get_pid()
            kept: int32 = -(2**31)
            for n in range(N):
                number = passed[k].get()
                with sp.meta_if(k + 1 < K):
                    passed[k + 1].put(min(kept, number))
                kept = max(kept, number)
            largest[k] = kept

    return top_k


def reference(size, X):
    return np.sort(X)[::-1][: size[0]]


PROGRAM = Program(
    name="top_k",
    make=make,
    sizes=((1, 4), (3, 9), (6, 24)),
    inputs=lambda random, K, N: (random.integers(-99, 100, N, dtype=np.int32),),
    reference=reference,
    cycles=lambda K, N: N + K,
)
