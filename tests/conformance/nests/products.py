"""Plain products of matrices."""

import spatial as sp
from spatial import UInt, int8, int32

__all__ = ["added", "matvec", "product", "sparse"]


def product(M, N, K):
    """C = A @ B, each sum in the order of k."""

    def nest(A: int8[M, K], B: int8[K, N], C: int32[M, N]):
        for i, j in sp.grid(M, N):
            total: int32 = 0
            for k in range(K):
                total += A[i, k] * B[k, j]
            C[i, j] = total

    return nest


def added(size):
    """C += A @ B, for square matrices."""

    def nest(A: int8[size, size], B: int8[size, size], C: int32[size, size]):
        for i, j in sp.grid(size, size):
            for k in range(size):
                C[i, j] += A[i, k] * B[k, j]

    return nest


def matvec(M, K):
    """y = A @ x."""

    def nest(A: int8[M, K], x: int8[K], y: int32[M]):
        for m in range(M):
            total: int32 = 0
            for k in range(K):
                total += A[m, k] * x[k]
            y[m] = total

    return nest


def sparse(M, N, G):
    """C = A @ B, of whose columns two of each four elements are not zero, at positions of their own."""

    def nest(A: int8[M, 4 * G], values: int8[N, G, 2], positions: UInt(2)[N, G, 2], C: int32[M, N]):
        for m, n in sp.grid(M, N):
            total: int32 = 0
            for g in range(G):
                for k in range(2):
                    total += A[m, 4 * g + positions[n, g, k]] * values[n, g, k]
            C[m, n] = total

    return nest
