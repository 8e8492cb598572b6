"""Kernels that do more than products: correlation and jacobi-2d."""

import math

import spatial as sp
from spatial import float32

__all__ = ["correlation", "correlation_schedule", "jacobi", "jacobi_schedule"]


def correlation(M, N):
    """The correlations of the M columns of a table with N rows, which is made to have mean 0 and deviation 1."""
    count, root = float(N), math.sqrt(N)

    def correlation(data: float32[N, M], corr: float32[M, M]):
        mean: float32[M] = 0.0
        stddev: float32[M] = 0.0
        sums: float32[M, M] = 0.0
        for i in sp.reduction(N):
            for j in range(M):
                mean[j] += data[i, j]
        for j in range(M):
            mean[j] /= count
        for i in sp.reduction(N):
            for j in range(M):
                far: float32 = data[i, j] - mean[j]
                stddev[j] += far * far
        for j in range(M):
            stddev[j] = sp.sqrt(stddev[j] / count)
            if stddev[j] <= 0.1:
                stddev[j] = 1.0
        for i in range(N):
            for j in range(M):
                data[i, j] = (data[i, j] - mean[j]) / (root * stddev[j])
        for i in range(M):
            for j in range(i):
                for k in sp.reduction(N):
                    sums[i, j] += data[k, i] * data[k, j]
        for i in range(M):
            for j in range(M):
                corr[i, j] = 1.0
                if j < i:
                    corr[i, j] = sums[i, j]
                if i < j:
                    corr[i, j] = sums[j, i]

    return correlation


def correlation_schedule(s):
    for j, lanes in (("loop_3", 20), ("j", 4), ("j_2", 2), ("j_4", 4), ("j_6", 20)):
        s.unroll(j, lanes)
    outer, inner = s.split("i_3", 8)
    s.reorder(outer, "j_5", "k", inner)
    s.split("j_5", 8)
    s.reorder("k", inner, "j_5.inner")
    s.unroll("j_5.inner", 4)
    s.simplify("j_5.inner")
    s.partition(s.data, "cyclic", dim=1, factor=8)
    s.partition(s.sums, "cyclic", dim=[0, 1], factor=20)
    for array, dim in ((s.mean, 0), (s.stddev, 0), (s.corr, 1)):
        s.partition(array, "cyclic", dim=dim, factor=20)


def jacobi(N, T):
    """T steps of relaxing a grid, each to the mean of five neighbours, from A to B and back."""

    def jacobi(A: float32[N, N], B: float32[N, N]):
        for t in range(T):
            for i in range(1, N - 1):
                for j in range(1, N - 1):
                    B[i, j] = 0.2 * (A[i, j] + A[i, j - 1] + A[i, j + 1] + A[i + 1, j] + A[i - 1, j])
            for i in range(1, N - 1):
                for j in range(1, N - 1):
                    A[i, j] = 0.2 * (B[i, j] + B[i, j - 1] + B[i, j + 1] + B[i + 1, j] + B[i - 1, j])

    return jacobi


def jacobi_schedule(s):
    for j in ("j", "j_1"):
        s.unroll(j, 8)
        s.simplify(j)
    for array in (s.A, s.B):
        s.partition(array, "cyclic", dim=0, factor=5)
        s.partition(array, "cyclic", dim=1, factor=10)
