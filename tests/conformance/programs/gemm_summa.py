"""C = A @ B by SUMMA on P x P PEs that each keep a T x T block of A, of B and of C.

In step k the PEs of column k send their blocks of A to all others of their row, those of row k their blocks of B to
all others of their column. Every PE then adds the product of the two blocks it has to its block of C.
"""

import spatial as sp
from spatial import Stream, int8, int32
from tests.conformance.matrices import int8_operands, integer_product
from tests.conformance.program import Program


def make(P, T, depth=2):
    size = P * T

    @sp.region()
    def summa(A: int8[size, size], B: int8[size, size], C: int32[size, size]):
        along: Stream[int8, depth][P, P, P]  # along[i, k, j]: from PE (i, k) to PE (i, j)
        down: Stream[int8, depth][P, P, P]  # down[k, j, i]: from PE (k, j) to PE (i, j)

        @sp.kernel(mapping=[P, P], args=[A, B, C])
        def pe(A: int8[size, size], B: int8[size, size], C: int32[size, size]):
            i, j = sp.get_pid()
            a: int8[T, T]
            b: int8[T, T]
            total: int32[T, T]
            for k in sp.meta_for(P):
                for r, c in sp.grid(T, T):
                    with sp.meta_if(j == k):
                        a[r, c] = A[i * T + r, j * T + c]
                        for other in sp.meta_for(P):
                            with sp.meta_if(other != j):
                                along[i, k, other].put(a[r, c])
                    with sp.meta_else():
                        a[r, c] = along[i, k, j].get()
                    with sp.meta_if(i == k):
                        b[r, c] = B[i * T + r, j * T + c]
                        for other in sp.meta_for(P):
                            with sp.meta_if(other != i):
                                down[k, j, other].put(b[r, c])
                    with sp.meta_else():
                        b[r, c] = down[k, j, i].get()
                for r, c, t in sp.grid(T, T, T):
                    total[r, c] += a[r, t] * b[t, c]
            C[i * T : i * T + T, j * T : j * T + T] = total

    return summa


PROGRAM = Program(
    name="gemm_summa",
    make=make,
    sizes=((1, 2), (2, 3), (3, 2)),
    inputs=lambda random, P, T: int8_operands(random, P * T, P * T, P * T),
    reference=integer_product,
)
