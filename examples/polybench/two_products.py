"""2mm: D = 0.5 A B C + 0.1 D, on a chain of PEs that each keep some rows of A B and of D.

First blocks of B pass all PEs, as in `gemm.py`, then blocks of C. For the second product a PE needs only rows of the
first that it has itself, and uses the lanes of the first again.
"""

import spatial as sp
from examples.polybench.parts import along, column_block, filled
from spatial import Stream, float32

__all__ = ["two_products"]


def two_products(M, N, length, L, PEs, first, second):
    """A region `k2mm(A, B, C, D)`, A of M x `length`, B of `length` x N, C of N x L.

    `PEs` divide M; the lanes of a PE are the greater of `first` and `second`, those used by the two products.
    """
    rows, K, kept = M // PEs, filled(length, first), filled(N, second)

    @sp.region()
    def k2mm(A: float32[M, K], B: float32[K, N], C: float32[kept, L], D: float32[M, L]):
        product: float32[M, kept]
        chain_B: Stream[float32[first], 2][PEs]
        chain_C: Stream[float32[second], 2][PEs]

        @sp.kernel(args=[B])
        def feed_B(B: float32[K, N]):
            for k in range(0, K, first):
                for j in range(N):
                    block: float32[first]
                    column_block(block, B, k, j, first)
                    chain_B[0].put(block)

        @sp.kernel(args=[C])
        def feed_C(C: float32[kept, L]):
            for k in range(0, kept, second):
                for j in range(L):
                    block: float32[second]
                    column_block(block, C, k, j, second)
                    chain_C[0].put(block)

        @sp.kernel(mapping=[PEs], args=[A, D, product])
        def pe(A: float32[M, K], D: float32[M, L], product: float32[M, kept]):
            p = sp.get_pid()
            b: float32[first]
            c: float32[second]
            sums: float32[max(N, L), rows]
            for k in range(0, K, first, name="first"):
                for j in range(N):
                    for n in range(rows):
                        if n == 0:
                            b = chain_B[p].get()
                            with sp.meta_if(p < PEs - 1):
                                chain_B[p + 1].put(b)
                        before: float32 = sums[j, n]
                        total: float32 = (before if k > 0 else 0.0) + along(b, A, p * rows + n, k, first)
                        sums[j, n] = total
                        if k + first >= K:
                            product[p * rows + n, j] = total
            for k in range(0, kept, second, name="second"):
                for j in range(L):
                    for n in range(rows):
                        i = p * rows + n
                        if n == 0:
                            c = chain_C[p].get()
                            with sp.meta_if(p < PEs - 1):
                                chain_C[p + 1].put(c)
                        before: float32 = sums[j, n]
                        total: float32 = (before if k > 0 else 0.0) + along(c, product, i, k, second)
                        sums[j, n] = total
                        if k + second >= kept:
                            D[i, j] = 0.5 * total + 0.1 * D[i, j]

    return k2mm
