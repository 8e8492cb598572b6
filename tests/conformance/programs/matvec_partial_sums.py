"""y = A @ x by P PEs that share every row: each multiplies a slice of it and adds to the sum of those before.

PE p has columns p * S up to (p + 1) * S. For every row it computes its partial sum, takes that of the PE before it, and
hands on both together; the last one stores the result.
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
        def pe(A: int8[M, P * S], x: int8[P * S], y: int32[M]):
            p = sp.get_pid()
            for m in range(M):
                total: int32 = 0
                for s in range(S):
                    total += A[m, p * S + s] * x[p * S + s]
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
)
