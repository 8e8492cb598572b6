"""C = A @ B on a row of N PEs that each keep one column of B.

    A ->  PE -> PE -> PE

The elements of A pass all PEs, row after row; PE j sums up the products with its column, one element of C for each row
of A. Cycles: K to load the columns, M * K products, and the last PE is N - 1 behind the first.
"""

import spatial as sp
from spatial import Stream, int8, int32
from tests.conformance.matrices import int8_operands, integer_product
from tests.conformance.program import Program


def make(M, N, K, depth=2):
    @sp.region()
    def gemm(A: int8[M, K], B: int8[K, N], C: int32[M, N]):
        right: Stream[int8, depth][N]

        @sp.kernel(args=[A])
        def load(A: int8[M, K]):
            for m, k in sp.grid(M, K):
                right[0].put(A[m, k])

        @sp.kernel(mapping=[N], args=[B, C])
        def pe(B: int8[K, N], C: int32[M, N]):
            j = sp.get_pid()
            column: int8[K] = B[:, j]
            for m in range(M):
                total: int32 = 0
                for k in range(K):
                    a = right[j].get()
                    total += a * column[k]
                    with sp.meta_if(j + 1 < N):
                        right[j + 1].put(a)
                C[m, j] = total

    return gemm


PROGRAM = Program(
    name="gemm_systolic_1d",
    make=make,
    sizes=((1, 1, 1), (3, 4, 5), (4, 8, 6)),
    inputs=int8_operands,
    reference=integer_product,
    cycles=lambda M, N, K: K + M * K + N - 1,
)
