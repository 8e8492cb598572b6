"""A product of matrices on PEs that each keep one element, rows coming from the left and columns from the top."""

import spatial as sp
from spatial import Stream, int8, int32

M, N, K = 2, 2, 3


@sp.region()
def program(A: int8[M, K], B: int8[K, N], C: int32[M, N]):
    right: Stream[int8, 2][M, N + 1]
    down: Stream[int8, 2][M + 1, N]

    @sp.kernel(mapping=[M])
    def rows(A: int8[M, K]):
        i = sp.get_pid()
        for k in range(K):
            right[i, 0].put(A[i, k])

    @sp.kernel(mapping=[N])
    def columns(B: int8[K, N]):
        j = sp.get_pid()
        for k in range(K):
            down[0, j].put(B[k, j])

    @sp.kernel(mapping=[M, N])
    def pe(C: int32[M, N]):
        i, j = sp.get_pid()
        total: int32 = 0
        for k in range(K):
            a: int8 = right[i, j].get()
            b: int8 = down[i, j].get()
            total += a * b
            right[i, j + 1].put(a)
            down[i + 1, j].put(b)
        C[i, j] = total

    @sp.kernel(mapping=[M])
    def drain_rows():
        i = sp.get_pid()
        for k in range(K):
            last: int8 = right[i, N].get()

    @sp.kernel(mapping=[N])
    def drain_columns():
        j = sp.get_pid()
        for k in range(K):
            last: int8 = down[M, j].get()
