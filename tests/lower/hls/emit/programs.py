"""Small regions whose emitted text is looked at."""

import spatial as sp
from spatial import Stream, int8, int32

M, N, K = 4, 4, 8


@sp.region()
def systolic(A: int8[M, K], B: int8[K, N], C: int32[M, N]):
    fifo_A: Stream[int8, 4][M, N + 1]
    fifo_B: Stream[int8, 4][M + 1, N]

    @sp.kernel(mapping=[M], args=[A])
    def load_A(A: int8[M, K]):
        i = sp.get_pid()
        for k in range(K):
            fifo_A[i, 0].put(A[i, k])

    @sp.kernel(mapping=[N], args=[B])
    def load_B(B: int8[K, N]):
        j = sp.get_pid()
        for k in range(K):
            fifo_B[0, j].put(B[k, j])

    @sp.kernel(mapping=[M, N], args=[C])
    def pe(C: int32[M, N]):
        i, j = sp.get_pid()
        acc: int32 = 0
        for k in range(K):
            a: int8 = fifo_A[i, j].get()
            b: int8 = fifo_B[i, j].get()
            acc += a * b
            with sp.meta_if(j + 1 < N):
                fifo_A[i, j + 1].put(a)
            with sp.meta_if(i + 1 < M):
                fifo_B[i + 1, j].put(b)
        C[i, j] = acc
