"""Plain forms of what works on numbers one after the other."""

import numpy as np

import spatial as sp
from spatial import float32, float64, int8, int32
from tests.conformance.programs.mlp import SHIFT

__all__ = ["attention", "lu", "mlp", "prefix_sum", "spmv", "statistics", "top_k", "transposed"]


def attention(N, T, D):
    scale = np.float32(1 / np.sqrt(D))

    def nest(Q: float32[N, D], K: float32[T, D], V: float32[T, D], out: float32[N, D]):
        row: float32[D]
        for n in range(N):
            largest: float32 = float("-inf")
            total: float32 = 0
            for d in range(D):
                row[d] = 0
            for t in range(T):
                number: float32 = (Q[n] @ K[t]) * scale
                before: float32 = largest
                largest = max(largest, number)
                factor: float32 = sp.exp(before - largest)
                weight: float32 = sp.exp(number - largest)
                total = total * factor + weight
                for d in range(D):
                    row[d] = row[d] * factor + V[t, d] * weight
            for d in range(D):
                out[n, d] = row[d] / total

    return nest


def lu(N):
    def nest(A: float64[N, N], LU: float64[N, N]):
        for r, c in sp.grid(N, N):
            LU[r, c] = A[r, c]
        for k in range(N):
            for r in range(k + 1, N):
                LU[r, k] = LU[r, k] / LU[k, k]
                for c in range(k + 1, N):
                    LU[r, c] = LU[r, c] - LU[r, k] * LU[k, c]

    return nest


def mlp(B, inputs, hidden, outputs):
    def nest(W1: int8[hidden, inputs], W2: int8[outputs, hidden], X: int8[B, inputs], Y: int8[B, outputs]):
        units: int8[hidden]
        for b in range(B):
            for h in range(hidden):
                total: int32 = 0
                for n in range(inputs):
                    total += W1[h, n] * X[b, n]
                units[h] = min(max(total >> SHIFT, 0), 127)
            for o in range(outputs):
                total: int32 = 0
                for h in range(hidden):
                    total += W2[o, h] * units[h]
                Y[b, o] = min(max(total >> SHIFT, 0), 127)

    return nest


def prefix_sum(P, S):
    def nest(X: int32[P * S], Y: int32[P * S]):
        total: int32 = 0
        for n in range(P * S):
            total += X[n]
            Y[n] = total

    return nest


def spmv(M, N, E):
    def nest(starts: int32[M + 1], columns: int32[E], values: float32[E], x: float32[N], y: float32[M]):
        for m in range(M):
            total: float32 = 0
            for e in range(starts[m], starts[m + 1]):
                total += values[e] * x[columns[e]]
            y[m] = total

    return nest


def statistics(B, N):
    def nest(X: int32[B, N], Y: int32[B, 3]):
        for b in range(B):
            total: int32 = X[b, 0]
            least: int32 = X[b, 0]
            most: int32 = X[b, 0]
            for n in range(1, N):
                total = total + X[b, n]
                least = min(least, X[b, n])
                most = max(most, X[b, n])
            Y[b, 0] = total
            Y[b, 1] = least
            Y[b, 2] = most

    return nest


def top_k(K, N):
    def nest(X: int32[N], largest: int32[K]):
        for k in range(K):
            largest[k] = -(2**31)
        for n in range(N):
            number: int32 = X[n]
            for k in range(K):
                less: int32 = min(largest[k], number)
                largest[k] = max(largest[k], number)
                number = less

    return nest


def transposed(T, N):
    def nest(X: int32[T, N, N], Y: int32[T, N, N]):
        for t in range(T):
            for r, c in sp.grid(N, N):
                Y[t, r, c] = X[t, c, r]

    return nest
