"""Functions that call functions."""

import spatial as sp
from spatial import int32


def gemm(A: int32[4, 8], B: int32[8, 4], C: int32[4, 4]):
    for i, j in sp.grid(4, 4):
        acc: int32 = 0
        for k in range(8):
            acc += A[i, k] * B[k, j]
        C[i, j] = acc


def relu(C: int32[4, 4]) -> int32[4, 4]:
    Z: int32[4, 4] = 0
    for i, j in sp.grid(4, 4):
        Z[i, j] = max(C[i, j], 0)
    return Z


def layer(A: int32[4, 8], B: int32[8, 4], bias: int32):
    C: int32[4, 4] = 0
    gemm(A, B, C)
    D = relu(C)
    D += bias
    return D


def top(A: int32[4, 8], B: int32[8, 4]):
    X = layer(A, B, 3)
    for _ in range(3):
        gemm(A, B, X)
    return relu(X)


def largest(A: int32[8], count: int32) -> int32:
    best: int32 = A[0]
    for i in range(count):
        best = max(best, A[i])
    return best


def clear(A: int32[8], count: int32):
    for i in range(count):
        A[i] = 0


def counted(A: int32[8], n: int32):
    m: int32 = largest(A, n)
    clear(A, n)
    A[7] = m


def row(A: int32[8], f: int32):
    for i in range(8):
        A[i] = f * A[i]


def rows(M: int32[2, 8]):
    for r in range(2):
        row(M[r], r + 2)


def twice_in_one(A: int32[8]):
    def inner(B: int32[8]):
        total: int32 = 0
        for i in range(8):
            total += A[i]
            B[i] = total

    inner(A)
    inner(A)


def swap(A: int32[8], B: int32[8]):
    for i in range(8):
        kept: int32 = A[i]
        A[i] = B[i] + 1
        B[i] = kept


def same_array(A: int32[8]):
    swap(A, A)


def search(A: int32[8], limit: int32):
    for i in range(8):
        if A[i] > limit:
            A[i] = limit
            return


def searched(A: int32[8], limit: int32):
    search(A, limit)
    search(A, limit)


def vector(N, f):
    def scaled(A: int32[N]):
        for i in range(N):
            A[i] = f * A[i]

    return scaled


double, double_long = vector(4, 2), vector(8, 2)


def shapes(A: int32[4], B: int32[8]):
    double(A)
    double_long(B)
    double(A)
