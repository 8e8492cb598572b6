"""Sorts blocks of N numbers in a tree of actors that each merge two sorted runs into one.

Level l has N / 2^(l + 1) actors, each with runs of 2^l numbers at its two inputs. Which input an actor takes from next
depends on the numbers: it holds one number of each run, hands on the smaller, and refills that side only. Blocks
follow one another through the tree.
"""

import numpy as np

import spatial as sp
from spatial import Stream, int32
from tests.conformance.program import Program


def make(B, N, depth=2):
    levels = N.bit_length() - 1

    @sp.region()
    def merge_sort(X: int32[B, N], Y: int32[B, N]):
        runs: Stream[int32, depth][levels + 1, N]

        @sp.kernel(mapping=[N], args=[X])
        def source(X: int32[B, N]):
            n = sp.get_pid()
            for b in range(B):
                runs[0, n].put(X[b, n])

        @sp.kernel(mapping=[levels, N // 2])
        def merge():
            level, n = sp.get_pid()
            length = 1 << level
            with sp.meta_if(n < N >> level + 1):
                left, right, out = runs[level, 2 * n], runs[level, 2 * n + 1], runs[level + 1, n]
                for b in range(B):
                    a: int32 = left.get()
                    c: int32 = right.get()
                    lefts: int32 = 1  # how many were taken
                    rights: int32 = 1
                    for k in range(2 * length):
                        if rights > length or (lefts <= length and a <= c):
                            out.put(a)
                            if lefts < length:
                                a = left.get()
                            lefts += 1
                        else:
                            out.put(c)
                            if rights < length:
                                c = right.get()
                            rights += 1

        @sp.kernel(args=[Y])
        def sink(Y: int32[B, N]):
            for b, n in sp.grid(B, N):
                Y[b, n] = runs[levels, 0].get()

    return merge_sort


PROGRAM = Program(
    name="merge_sort",
    make=make,
    sizes=((1, 2), (3, 4), (2, 16)),
    inputs=lambda random, B, N: (random.integers(-99, 100, (B, N), dtype=np.int32),),
    reference=lambda size, X: np.sort(X, axis=1),
)
