"""Counts how often each of B values occurs among P * S, by P PEs that count S values each.

A PE counts in local memory, at an address that is the value itself. Then the counts pass through the chain of PEs,
each adding its own, and the last one stores them. Cycles: S to count, then B counts pass P PEs.
"""

import numpy as np

import spatial as sp
from spatial import Stream, int32, uint8
from tests.conformance.program import Program


def make(B, P, S, depth=2):
    @sp.region()
    def histogram(X: uint8[P * S], counts: int32[B]):
        sums: Stream[int32, depth][P]

        @sp.kernel(mapping=[P], args=[X, counts])
        def pe(X: uint8[P * S] @ sp.S(0), counts: int32[B]):
            p = sp.get_pid()
            own: int32[B]
            for s in range(S):
                own[X[s]] += 1
            for b in range(B):
                total: int32 = own[b]
                with sp.meta_if(p > 0):
                    total += sums[p - 1].get()
                with sp.meta_if(p + 1 < P):
                    sums[p].put(total)
                with sp.meta_else():
                    counts[b] = total

    return histogram


PROGRAM = Program(
    name="histogram",
    make=make,
    sizes=((2, 1, 8), (4, 3, 10), (10, 4, 16)),
    inputs=lambda random, B, P, S: (random.integers(0, B, P * S, dtype=np.uint8),),
    reference=lambda size, X: np.bincount(X, minlength=size[0]).astype(np.int32),
    cycles=lambda B, P, S: S + B + P - 1,
)
