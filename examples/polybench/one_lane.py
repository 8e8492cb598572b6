"""The same kernels on one multiplier and one adder: a single PE whose loops run one after the other.

The loops are ordered so that sums take turns, which is all that keeps them from waiting for the adder.
"""

import spatial as sp
from spatial import float32

__all__ = ["atax_alone", "bicg_alone", "gemm_alone", "gesummv_alone", "mvt_alone", "two_products_alone"]


def multiply(A, B, C, M, N, K):
    """C = A B."""
    for k in range(K):
        for i in range(M):
            for j in range(N):
                before: float32 = C[i, j]
                C[i, j] = (before if k > 0 else 0.0) + A[i, k] * B[k, j]


def add_rows(A, x, y, M, N):
    """y += A x."""
    for j in range(N):
        for i in range(M):
            y[i] += A[i, j] * x[j]


def add_columns(A, x, y, M, N):
    """y += x A."""
    for i in range(M):
        for j in range(N):
            y[j] += A[i, j] * x[i]


def gemm_alone(M, N, K):
    """A region `gemm(A, B, C)`: C = 0.5 A B + 0.1 C."""

    @sp.region()
    def gemm(A: float32[M, K], B: float32[K, N], C: float32[M, N]):
        @sp.kernel()
        def pe(A: float32[M, K], B: float32[K, N], C: float32[M, N]):
            sums: float32[M, N]
            multiply(A, B, sums, M, N, K)
            for i in range(M):
                for j in range(N):
                    C[i, j] = 0.5 * sums[i, j] + 0.1 * C[i, j]

    return gemm


def two_products_alone(M, N, K, L):
    """A region `k2mm(A, B, C, D)`: D = 0.5 A B C + 0.1 D."""

    @sp.region()
    def k2mm(A: float32[M, K], B: float32[K, N], C: float32[N, L], D: float32[M, L]):
        @sp.kernel()
        def pe(A: float32[M, K], B: float32[K, N], C: float32[N, L], D: float32[M, L]):
            first: float32[M, N]
            second: float32[M, L]
            multiply(A, B, first, M, N, K)
            multiply(first, C, second, M, L, N)
            for i in range(M):
                for j in range(L):
                    D[i, j] = 0.5 * second[i, j] + 0.1 * D[i, j]

    return k2mm


def atax_alone(M, N):
    """A region `atax(A, x, y)`: y = (A x) A."""

    @sp.region()
    def atax(A: float32[M, N], x: float32[N], y: float32[N]):
        @sp.kernel()
        def pe(A: float32[M, N], x: float32[N], y: float32[N]):
            sums: float32[M] = 0
            y[:] = 0.0
            add_rows(A, x, sums, M, N)
            add_columns(A, sums, y, M, N)

    return atax


def bicg_alone(M, N):
    """A region `bicg(A1, A2, r, p, s, q)`: s = r A1, q = A2 p."""

    @sp.region()
    def bicg(A1: float32[M, N], A2: float32[M, N], r: float32[M], p: float32[N], s: float32[N], q: float32[M]):
        @sp.kernel()
        def pe(A1: float32[M, N], A2: float32[M, N], r: float32[M], p: float32[N], s: float32[N], q: float32[M]):
            s[:] = 0.0
            q[:] = 0.0
            add_columns(A1, r, s, M, N)
            add_rows(A2, p, q, M, N)

    return bicg


def gesummv_alone(N):
    """A region `gesummv(A, B, x, y)`: y = 1.5 A x + 1.2 B x."""

    @sp.region()
    def gesummv(A: float32[N, N], B: float32[N, N], x: float32[N], y: float32[N]):
        @sp.kernel()
        def pe(A: float32[N, N], B: float32[N, N], x: float32[N], y: float32[N]):
            scaled: float32[N]
            y[:] = 0.0
            for j in range(N):
                scaled[j] = 1.5 * x[j]
            add_rows(A, scaled, y, N, N)
            for j in range(N):
                scaled[j] = 1.2 * x[j]
            add_rows(B, scaled, y, N, N)

    return gesummv


def mvt_alone(N):
    """A region `mvt(A1, A2, y1, y2, x1, x2)`: x1 = A1 y1, x2 = y2 A2."""

    @sp.region()
    def mvt(A1: float32[N, N], A2: float32[N, N], y1: float32[N], y2: float32[N], x1: float32[N], x2: float32[N]):
        @sp.kernel()
        def pe(A1: float32[N, N], A2: float32[N, N], y1: float32[N], y2: float32[N], x1: float32[N], x2: float32[N]):
            x1[:] = 0.0
            x2[:] = 0.0
            add_rows(A1, y1, x1, N, N)
            add_columns(A2, y2, x2, N, N)

    return mvt
