"""Products of matrices with vectors: atax, bicg, mvt and gesummv. Lanes are elements of the result."""

import spatial as sp
from spatial import float32

__all__ = ["atax", "atax_schedule", "bicg", "bicg_schedule", "gesummv", "gesummv_schedule", "mvt", "mvt_schedule"]


def atax(M, N):
    """y = (A x) A."""

    def atax(A: float32[M, N], x: float32[N], y: float32[N]):
        tmp: float32[M]
        for j in range(N):
            y[j] = 0.0
        for i in sp.reduction(M):
            tmp[i] = 0.0
            for j in sp.reduction(N):
                tmp[i] += A[i, j] * x[j]
            for j in range(N):
                y[j] += A[i, j] * tmp[i]

    return atax


def atax_schedule(s):
    _, rows = s.distribute("i", "j_1")
    s.distribute(rows, "j_2")
    s.reorder("j_1", rows)
    for loop, lanes in (("i", 39), (rows, 39), ("j", 41), ("j_2", 41)):
        s.unroll(loop, lanes)
    for loop in (rows, "j_2"):
        s.simplify(loop)
    s.partition(s.A, "cyclic", dim=0, factor=39)
    s.partition(s.A, "cyclic", dim=1, factor=41)
    for vector, lanes in ((s.tmp, 39), (s.y, 41)):
        s.partition(vector, "cyclic", factor=lanes)


def bicg(M, N):
    """s = r A and q = A p."""

    def bicg(A: float32[M, N], r: float32[M], p: float32[N], s: float32[N], q: float32[M]):
        for j in range(N):
            s[j] = 0.0
        for i in sp.reduction(M):
            q[i] = 0.0
            for j in range(N):
                s[j] += r[i] * A[i, j]
            for j in sp.reduction(N):
                q[i] += A[i, j] * p[j]

    return bicg


def bicg_schedule(s):
    _, rows = s.distribute("i", "j_1")
    _, sums = s.distribute(rows, "j_2")
    s.reorder("j_2", sums)
    for loop, lanes in (("i", 41), ("j", 39), ("j_1", 39), (sums, 41)):
        s.unroll(loop, lanes)
    for loop in ("j_1", sums):
        s.simplify(loop)
    s.partition(s.A, "cyclic", dim=0, factor=41)
    s.partition(s.A, "cyclic", dim=1, factor=39)
    for vector, lanes in ((s.s, 39), (s.q, 41)):
        s.partition(vector, "cyclic", factor=lanes)


def mvt(N):
    """x1 += A y1 and x2 += y2 A."""

    def mvt(A: float32[N, N], y1: float32[N], y2: float32[N], x1: float32[N], x2: float32[N]):
        for i in range(N):
            for j in sp.reduction(N):
                x1[i] += A[i, j] * y1[j]
        for i in range(N):
            for j in sp.reduction(N):
                x2[i] += A[j, i] * y2[j]

    return mvt


def mvt_schedule(s):
    for i, j in (("i", "j"), ("i_1", "j_1")):
        s.reorder(j, i)
        s.unroll(i, 40)
        s.simplify(i)
    s.partition(s.A, "cyclic", dim=[0, 1], factor=20)
    for vector in (s.x1, s.x2):
        s.partition(vector, "cyclic", factor=40)


def gesummv(N):
    """y = 1.5 A x + 1.2 B x."""

    def gesummv(A: float32[N, N], B: float32[N, N], x: float32[N], y: float32[N]):
        tmp: float32[N]
        for i in range(N):
            tmp[i] = 0.0
            y[i] = 0.0
            for j in sp.reduction(N):
                tmp[i] += A[i, j] * x[j]
                y[i] += B[i, j] * x[j]
            y[i] = 1.5 * tmp[i] + 1.2 * y[i]

    return gesummv


def gesummv_schedule(s):
    zeros, rest = s.distribute("i", "j")
    sums, last = s.distribute(rest, "j", after=True)
    s.reorder("j", sums)
    for loop in (zeros, sums, last):
        s.unroll(loop, 25)
    s.simplify(sums)
    for array in (s.A, s.B, s.tmp, s.y):
        s.partition(array, "cyclic", dim=0, factor=25)
