"""Products of matrices: gemm, 2mm and 3mm. Lanes are columns of a result, which take turns at the adders."""

import spatial as sp
from spatial import float32

__all__ = ["gemm", "gemm_schedule", "three", "three_schedule", "two", "two_schedule"]


def gemm(M, N, K):
    """C = 0.5 A B + 0.1 C."""

    def gemm(A: float32[M, K], B: float32[K, N], C: float32[M, N]):
        for i in range(M):
            for j in range(N):
                C[i, j] *= 0.1
            for k in sp.reduction(K):
                for j in range(N):
                    C[i, j] += 0.5 * A[i, k] * B[k, j]

    return gemm


def gemm_schedule(s):
    s.distribute("i", "k")
    s.unroll("j", 20)
    s.unroll("j_1", 20)
    s.simplify("j_1")
    for array in (s.B, s.C):
        s.partition(array, "cyclic", dim=1, factor=20)


def two(M, N, K, L):
    """D = 0.5 A B C + 0.1 D."""

    def two(A: float32[M, K], B: float32[K, N], C: float32[N, L], D: float32[M, L]):
        tmp: float32[M, N]
        for i in range(M):
            for j in range(N):
                tmp[i, j] = 0.0
                for k in sp.reduction(K):
                    tmp[i, j] += 0.5 * A[i, k] * B[k, j]
        for i in range(M):
            for j in range(L):
                D[i, j] *= 0.1
                for k in sp.reduction(N):
                    D[i, j] += tmp[i, k] * C[k, j]

    return two


def two_schedule(s):
    for i, j, k, lanes in (("i", "j", "k", 19), ("i_1", "j_1", "k_1", 20)):
        _, sums = s.distribute(j, k)
        s.distribute(i, sums)
        s.reorder(k, sums)
        s.unroll(j, lanes)
        s.unroll(sums, lanes)
        s.simplify(sums)
    for array, lanes in ((s.B, 19), (s.tmp, 19), (s.C, 20), (s.D, 20)):
        s.partition(array, "cyclic", dim=1, factor=lanes)


def three(M, N, K, L, J):
    """G = (A B) (C D)."""

    def three(A: float32[M, K], B: float32[K, N], C: float32[N, J], D: float32[J, L], G: float32[M, L]):
        E: float32[M, N]
        F: float32[N, L]
        for i in range(M):
            for j in range(N):
                E[i, j] = 0.0
                for k in sp.reduction(K):
                    E[i, j] += A[i, k] * B[k, j]
        for i in range(N):
            for j in range(L):
                F[i, j] = 0.0
                for k in sp.reduction(J):
                    F[i, j] += C[i, k] * D[k, j]
        for i in range(M):
            for j in range(L):
                G[i, j] = 0.0
                for k in sp.reduction(N):
                    G[i, j] += E[i, k] * F[k, j]

    return three


def three_schedule(s):
    for i, j, k, lanes in (("i", "j", "k", 19), ("i_1", "j_1", "k_1", 21), ("i_2", "j_2", "k_2", 21)):
        _, sums = s.distribute(j, k)
        s.distribute(i, sums)
        s.reorder(k, sums)
        s.unroll(j, lanes)
        s.unroll(sums, lanes)
        s.simplify(sums)
    for array, lanes in ((s.B, 19), (s.E, 19), (s.D, 21), (s.F, 21), (s.G, 21)):
        s.partition(array, "cyclic", dim=1, factor=lanes)
