"""Sum, smallest and largest of each of B blocks of N numbers, by three actors that see the same stream.

`sp.fork` gives each of them a stream of its own with every number. Their results are gathered: one token of each makes
a block of three. Cycles: a number passes two channels to the actors, which put a result behind each N numbers; it
passes two more, and three numbers are stored.
"""

import numpy as np

import spatial as sp
from spatial import Stream, int32
from tests.conformance.program import Program

FOLDS = (lambda a, b: a + b, min, max)


def make(B, N, depth=2):
    @sp.region()
    def statistics(X: int32[B, N], Y: int32[B, len(FOLDS)]):
        numbers: Stream[int32, depth]
        results: Stream[int32, depth][len(FOLDS)]

        @sp.kernel(args=[X])
        def source(X: int32[B, N]):
            for b, n in sp.grid(B, N):
                numbers.put(X[b, n])

        copies = sp.fork(numbers, copies=len(FOLDS), depth=depth)
        for fold, copy, result in zip(FOLDS, copies, [results[k] for k in range(len(FOLDS))], strict=True):

            @sp.kernel()
            def reduce():
                for b in range(B):
                    made: int32 = copy.get()
                    for n in range(1, N):
                        made = fold(made, copy.get())
                    result.put(made)

        triples = sp.gather(results, depth=depth)

        @sp.kernel(args=[Y])
        def sink(Y: int32[B, len(FOLDS)]):
            for b in range(B):
                Y[b] = triples.get()

    return statistics


PROGRAM = Program(
    name="statistics",
    make=make,
    sizes=((1, 2), (3, 4), (4, 9)),
    inputs=lambda random, B, N: (random.integers(-99, 100, (B, N), dtype=np.int32),),
    cycles=lambda B, N: B * (N + 1) + 7,
    reference=lambda size, X: np.stack([X.sum(axis=1, dtype=np.int32), X.min(axis=1), X.max(axis=1)], axis=1),
)
