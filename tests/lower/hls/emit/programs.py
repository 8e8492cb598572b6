"""Small regions whose emitted text is looked at."""

import spatial as sp
from spatial import Stream, UInt, float32, int8, int32

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


@sp.region()
def softplus(X: float32[64], Y: float32[64], n: int32):
    rows: Stream[float32[4], 2]
    codes: Stream[UInt(12), 8]

    @sp.kernel(args=[X, n])
    def source(X: float32[64], n: int32):
        for r, c in sp.grid(4, 4, name="tile"):
            row: float32[4] = X[16 * r + 4 * c : 16 * r + 4 * c + 4]
            rows.put(row * 2.0)
        i: int32 = 0
        while i < n:
            code: UInt(12) = i * 3 + 1
            if i % 2 == 0:
                code = code >> 1
            codes.put(code)
            i += 1

    @sp.kernel(args=[Y, n])
    def sink(Y: float32[64], n: int32):
        for r in range(16):
            row = rows.get()
            for c in range(4):
                Y[4 * r + c] = row[c] if row[c] > 0 else sp.exp(row[c])
        total: int32 = 0
        for i in range(n):
            total += codes.get()
        Y[0] = total


@sp.region()
def largest(X: int32[16], Y: int32[13]):
    numbers: Stream[int32, 4]
    found: Stream[int32, 2]

    @sp.kernel(args=[X])
    def source(X: int32[16]):
        for n in range(16):
            numbers.put(X[n])

    @sp.kernel()
    def window():
        while True:
            best: int32 = numbers.peek(0)
            for k in range(1, 4):
                best = max(best, numbers.peek(k))
            found.put(best)
            gone: int32 = numbers.get()

    @sp.kernel(args=[Y])
    def sink(Y: int32[13]):
        for n in range(13):
            Y[n] = found.get()
