"""3mm: G = (A B) (C D), on a chain of PEs that each keep some columns of all three products.

Blocks of rows of A pass all PEs, then those of C: after that each PE has columns of E = A B and F = C D. While F is
computed, `collect` gets the elements of E and sends blocks of its rows through the chain, for G = E F.
"""

import spatial as sp
from examples.polybench.parts import across, filled, row_block
from spatial import Stream, float32

__all__ = ["three_products"]


def three_products(M, N, length, L, other, PEs, lanes):
    """A region `k3mm(A, B, C, D, G)`, A of M x K, B of K x N, C of N x Q, D of Q x L.

    Each PE keeps as many columns as are needed for `PEs` to have them all.
    """
    K, Q, kept = (filled(extent, lanes) for extent in (length, other, N))
    own, columns = -(-N // PEs), -(-L // PEs)
    width = 1 << (max(own, columns) - 1).bit_length()  # so that addresses take no multiplier

    @sp.region()
    def k3mm(
        A: float32[M, K],
        B: float32[K, PEs * own],
        C: float32[N, Q],
        D: float32[Q, PEs * columns],
        G: float32[M, PEs * columns],
    ):
        E: float32[M, max(kept, PEs * own)]
        F: float32[PEs, kept, width]
        chain_A: Stream[float32[lanes], 2][PEs]
        chain_C: Stream[float32[lanes], 2][PEs]
        chain_E: Stream[float32[lanes], 2][PEs]
        found: Stream[float32, PEs][PEs]

        @sp.kernel(args=[A])
        def feed_A(A: float32[M, K]):
            for k in range(0, K, lanes):
                for i in range(M):
                    block: float32[lanes]
                    row_block(block, A, i, k, lanes)
                    chain_A[0].put(block)

        @sp.kernel(args=[C])
        def feed_C(C: float32[N, Q]):
            for k in range(0, Q, lanes):
                for i in range(N):
                    block: float32[lanes]
                    row_block(block, C, i, k, lanes)
                    chain_C[0].put(block)

        @sp.kernel(args=[E])
        def collect(E: float32[M, max(kept, PEs * own)]):
            for i in range(M):
                for n in range(own):
                    for p in sp.meta_for(PEs):
                        E[i, p * own + n] = found[p].get()
            for k in range(0, kept, lanes):
                for i in range(M):
                    block: float32[lanes]
                    row_block(block, E, i, k, lanes)
                    chain_E[0].put(block)

        @sp.kernel(mapping=[PEs], args=[B, D, F, G])
        def pe(
            B: float32[K, PEs * own],
            D: float32[Q, PEs * columns],
            F: float32[PEs, kept, width],
            G: float32[M, PEs * columns],
        ):
            p = sp.get_pid()
            block: float32[lanes]
            sums: float32[max(M, N), width]
            for k in range(0, K, lanes, name="first"):
                for i in range(M):
                    for n in range(own):
                        if n == 0:
                            block = chain_A[p].get()
                            with sp.meta_if(p < PEs - 1):
                                chain_A[p + 1].put(block)
                        before: float32 = sums[i, n]
                        total: float32 = (before if k > 0 else 0.0) + across(block, B, k, p * own + n, lanes)
                        sums[i, n] = total
                        if k + lanes >= K:
                            found[p].put(total)
            for k in range(0, Q, lanes, name="second"):
                for i in range(N):
                    for n in range(columns):
                        if n == 0:
                            block = chain_C[p].get()
                            with sp.meta_if(p < PEs - 1):
                                chain_C[p + 1].put(block)
                        before: float32 = sums[i, n]
                        total: float32 = (before if k > 0 else 0.0) + across(block, D, k, p * columns + n, lanes)
                        sums[i, n] = total
                        if k + lanes >= Q:
                            F[p, i, n] = total
            for k in range(0, kept, lanes, name="third"):
                for i in range(M):
                    for n in range(columns):
                        if n == 0:
                            block = chain_E[p].get()
                            with sp.meta_if(p < PEs - 1):
                                chain_E[p + 1].put(block)
                        before: float32 = sums[i, n]
                        total: float32 = (before if k > 0 else 0.0) + across(block, F[p], k, n, lanes)
                        sums[i, n] = total
                        if k + lanes >= kept:
                            G[i, p * columns + n] = total

    return k3mm
