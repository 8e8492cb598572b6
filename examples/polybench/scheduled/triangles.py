"""Products with triangles of matrices: symm, syrk, syr2k and trmm."""

import spatial as sp
from spatial import float32

__all__ = ["symm", "symm_schedule", "syr2k", "syr2k_schedule", "syrk", "syrk_schedule", "trmm", "trmm_schedule"]


def symm(M, N):
    """C = 1.5 A B + 1.2 C, of a symmetric A only the lower triangle."""

    def symm(A: float32[M, M], B: float32[M, N], C: float32[M, N]):
        tmp: float32[N]
        for i in range(M):
            for j in range(N):
                tmp[j] = 0.0
            for k in sp.reduction(i):
                for j in range(N):
                    C[k, j] += 1.5 * B[i, j] * A[i, k]
                    tmp[j] += B[k, j] * A[i, k]
            for j in range(N):
                C[i, j] = 1.2 * C[i, j] + 1.5 * B[i, j] * A[i, i] + 1.5 * tmp[j]

    return symm


def symm_schedule(s):
    for j in ("j", "j_1", "j_2"):
        s.unroll(j, 10)
    for j in ("j_1", "j_2"):
        s.simplify(j)
    for array in (s.B, s.C):
        s.partition(array, "cyclic", dim=1, factor=10)
    s.partition(s.tmp, "cyclic", factor=10)


def syrk(M, N):
    """C = 1.5 A A^T + 1.2 C, of C the lower triangle."""

    def syrk(A: float32[N, M], C: float32[N, N]):
        for i in range(N):
            for j in range(i + 1):
                C[i, j] *= 1.2
            for k in sp.reduction(M):
                for j in range(i + 1):
                    C[i, j] += 1.5 * A[i, k] * A[j, k]

    return syrk


def syrk_schedule(s):
    _, rows = s.distribute("i", "k")
    outer, inner = s.split(rows, 10)
    s.reorder(outer, "j_1", "k", inner)
    s.split("j_1", 10)
    s.reorder("k", inner, "j_1.inner")
    s.unroll("j_1.inner")
    s.simplify(inner)
    s.reorder("j", "i")
    s.unroll("i", 20)
    for array, factor in ((s.A, [10, 1]), (s.C, [20, 10])):
        s.partition(array, "cyclic", dim=0, factor=factor[0])
        s.partition(array, "cyclic", dim=1, factor=factor[1])


def syr2k(M, N):
    """C = 1.5 (A B^T + B A^T) + 1.2 C, of C the lower triangle."""

    def syr2k(A: float32[N, M], B: float32[N, M], C: float32[N, N]):
        for i in range(N):
            for j in range(i + 1):
                C[i, j] *= 1.2
            for k in sp.reduction(M):
                for j in range(i + 1):
                    C[i, j] += 1.5 * A[j, k] * B[i, k] + 1.5 * B[j, k] * A[i, k]

    return syr2k


def syr2k_schedule(s):
    _, rows = s.distribute("i", "k")
    outer, inner = s.split(rows, 10)
    s.reorder(outer, "j_1", "k", inner)
    s.split("j_1", 10)
    s.reorder("k", inner, "j_1.inner")
    s.unroll("j_1.inner")
    s.simplify(inner)
    s.reorder("j", "i")
    s.unroll("i", 20)
    for array, dim, factor in ((s.A, 0, 10), (s.B, 0, 10), (s.C, 0, 20), (s.C, 1, 10)):
        s.partition(array, "cyclic", dim=dim, factor=factor)


def trmm(M, N):
    """B = 1.5 A^T B, of A the lower triangle with ones on its diagonal."""

    def trmm(A: float32[M, M], B: float32[M, N]):
        for i in range(M):
            for j in range(N):
                for k in sp.reduction(i + 1, M):
                    B[i, j] += A[k, i] * B[k, j]
                B[i, j] *= 1.5

    return trmm


def trmm_schedule(s):
    sums, last = s.distribute("j", "k", after=True)
    s.distribute("i", sums, after=True)
    s.reorder("k", sums)
    for j in (sums, last):
        s.unroll(j, 24)
    s.simplify(sums)
    s.partition(s.B, "cyclic", dim=1, factor=120)
