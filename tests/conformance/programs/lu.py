"""A = L @ U without pivoting: a chain of PEs, each of which eliminates one column.

The matrix passes through row by row. PE k keeps the first row it gets, which is row k of U. From every row behind it
subtracts so much of that row that the first element becomes zero: the factor is an element of L, the rest goes to the
next PE. L, without its diagonal of ones, and U are stored in one matrix.
"""

import numpy as np

import spatial as sp
from spatial import Stream, float64
from tests.conformance.program import Program


def make(N, depth=2):
    @sp.region()
    def lu(A: float64[N, N], LU: float64[N, N]):
        flow: Stream[float64, depth][N]

        @sp.kernel(args=[A])
        def source(A: float64[N, N]):
            for r, c in sp.grid(N, N):
                flow[0].put(A[r, c])

        @sp.kernel(mapping=[N], args=[LU])
        def eliminate(LU: float64[N, N]):
            k = sp.get_pid()
            pivot: float64[N]
            for c in range(k, N):
                pivot[c] = flow[k].get()
                LU[k, c] = pivot[c]
            with sp.meta_if(k + 1 < N):
                for r in range(k + 1, N):
                    factor = flow[k].get() / pivot[k]
                    LU[r, k] = factor
                    for c in range(k + 1, N):
                        flow[k + 1].put(flow[k].get() - factor * pivot[c])

    return lu


def inputs(random, N):
    return (random.normal(size=(N, N)) + 4 * np.eye(N),)


def reference(size, A):
    A = A.copy()
    for k in range(len(A)):
        A[k + 1 :, k] /= A[k, k]
        A[k + 1 :, k + 1 :] -= np.outer(A[k + 1 :, k], A[k, k + 1 :])
    return A


PROGRAM = Program(name="lu", make=make, sizes=((1,), (3,), (6,)), inputs=inputs, reference=reference)
