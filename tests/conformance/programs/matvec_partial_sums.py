"""y = A @ x by P PEs that share every row: each multiplies a slice of it and adds to the sum of those before.

Every PE has S columns: how A and x are cut is written in their types. For every row a PE computes its partial sum,
takes that of the PE before it, and hands on both together; the last one stores the result. Cycles, for three PEs or a
single row: S + 2 for each row of an inner PE, which computes, takes and hands on, and two for each PE that follows.
"""

import numpy as np

import spatial as sp
from spatial import Stream, int8, int32
from tests.conformance.program import Program


def make(M, P, S, depth=2):
    @sp.region()
    def matvec(A: int8[M, P * S], x: int8[P * S], y: int32[M]):
        sums: Stream[int32, depth][P]

        @sp.kernel(mapping=[P], args=[A, x, y])
        def pe(A: int8[M, P * S] @ [sp.R, sp.S(0)], x: int8[P * S] @ sp.S(0), y: int32[M]):
            p = sp.get_pid()
            for m in range(M):
                total: int32 = A[m] @ x
                with sp.meta_if(p > 0):
                    total += sums[p - 1].get()
                with sp.meta_if(p + 1 < P):
                    sums[p].put(total)
                with sp.meta_else():
                    y[m] = total

    return matvec


def inputs(random, M, P, S):
    return random.integers(-128, 128, (M, P * S), dtype=np.int8), random.integers(-128, 128, P * S, dtype=np.int8)


def reference(size, A, x):
    return A.astype(np.int32) @ x.astype(np.int32)


PROGRAM = Program(
    name="matvec_partial_sums",
    make=make,
    sizes=((1, 2, 1), (4, 3, 5), (6, 4, 8)),
    inputs=inputs,
    reference=reference,
    cycles=lambda M, P, S: (M - 1) * (S + 2) + S + 2 * (P - 1),
)
