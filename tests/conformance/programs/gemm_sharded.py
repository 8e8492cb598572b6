"""C = A @ B on P x Q x L PEs: rows, columns and the inner dimension are cut over the three axes.

Nobody writes an index of the whole matrices: each parameter says how it is cut, and the body sees its part. A PE
multiplies its blocks of A and B. The partial products are then summed up along the third axis, where each PE adds its
own and hands on, and the last one stores the block of C. Cycles: one for each product of a block, then one for each
element, and each PE on the third axis is one behind the one before.
"""

import spatial as sp
from spatial import S, Stream, int8, int32
from tests.conformance.matrices import int8_operands, integer_product
from tests.conformance.program import Program


def make(P, Q, L, rows, columns, inner, depth=2):
    M, N, K = P * rows, Q * columns, L * inner

    @sp.region()
    def gemm(A: int8[M, K], B: int8[K, N], C: int32[M, N]):
        sums: Stream[int32, depth][P, Q, L]

        @sp.kernel(mapping=[P, Q, L], args=[A, B, C])
        def pe(A: int8[M, K] @ [S(0), S(2)], B: int8[K, N] @ [S(2), S(1)], C: int32[M, N] @ [S(0), S(1)]):
            p, q, s = sp.get_pid()
            block: int32[rows, columns] = A @ B
            for i, j in sp.grid(rows, columns):
                total: int32 = block[i, j]
                with sp.meta_if(s > 0):
                    total += sums[p, q, s - 1].get()
                with sp.meta_if(s + 1 < L):
                    sums[p, q, s].put(total)
                with sp.meta_else():
                    C[i, j] = total

    return gemm


PROGRAM = Program(
    name="gemm_sharded",
    make=make,
    sizes=((1, 1, 1, 2, 3, 4), (2, 1, 3, 2, 3, 2), (2, 2, 2, 2, 3, 2)),
    inputs=lambda random, P, Q, L, rows, columns, inner: int8_operands(random, P * rows, Q * columns, L * inner),
    reference=integer_product,
    cycles=lambda P, Q, L, rows, columns, inner: rows * columns * (inner + 1) + L - 1,
)
