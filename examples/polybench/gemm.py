"""gemm: C = 0.5 A B + 0.1 C, on a chain of PEs that each keep some rows of C.

A block of a column of B passes all PEs. Each multiplies it with the same columns of its rows of A, adds the products
in a tree, and the sum to that of its element of C. Its elements take turns, so that no sum
waits for an adder.
"""

import spatial as sp
from examples.polybench.parts import along, column_block, filled
from spatial import Stream, float32

__all__ = ["gemm"]


def gemm(M, N, length, PEs, lanes):
    """A region `gemm(A, B, C)` on `PEs`, which divide M, of `lanes` products a cycle each; 7 elements each at least."""
    rows, K = M // PEs, filled(length, lanes)

    @sp.region()
    def gemm(A: float32[M, K], B: float32[K, N], C: float32[M, N]):
        chain: Stream[float32[lanes], 2][PEs]

        @sp.kernel(args=[B])
        def feed(B: float32[K, N]):
            for k in range(0, K, lanes):
                for j in range(N):
                    block: float32[lanes]
                    column_block(block, B, k, j, lanes)
                    chain[0].put(block)

        @sp.kernel(mapping=[PEs], args=[A, C])
        def pe(A: float32[M, K], C: float32[M, N]):
            p = sp.get_pid()
            block: float32[lanes]
            sums: float32[N, rows]
            for k in range(0, K, lanes):
                for j in range(N):
                    for n in range(rows):
                        i = p * rows + n
                        if n == 0:
                            block = chain[p].get()
                            with sp.meta_if(p < PEs - 1):
                                chain[p + 1].put(block)
                        before: float32 = sums[j, n]
                        total: float32 = (before if k > 0 else 0.0) + along(block, A, i, k, lanes)
                        sums[j, n] = total
                        if k + lanes >= K:
                            C[i, j] = 0.5 * total + 0.1 * C[i, j]

    return gemm
