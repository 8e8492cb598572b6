"""A product of matrices of small integers, added to a bias."""

import spatial as sp
from spatial import int8, int16, int32

M, N, K = 3, 2, 4


def program(A: int8[M, K], B: int8[K, N], bias: int16[N], C: int32[M, N]):
    for i, j in sp.grid(M, N):
        total: int32 = bias[j]
        for k in range(K):
            product: int16 = A[i, k] * B[k, j]
            total += product
        C[i, j] = total - A[i, 0]
