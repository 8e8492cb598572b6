"""Programs whose memory is rewritten: each a region of one kernel, but for `shared` and `ordered`."""

import spatial as sp
from spatial import Stream, int8, int16, int32

M, N, K = 4, 4, 8
H, W = 5, 20


@sp.region()
def matmul(A: int8[M, K], B: int8[K, N], C: int16[M, N]):
    @sp.kernel()
    def body(A: int8[M, K], B: int8[K, N], C: int16[M, N]):
        for i, j in sp.grid(M, N, name="PE"):
            for k in range(K):
                C[i, j] += A[i, k] * B[k, j]


@sp.region()
def convolution(A: int32[H, W], F: int32[3, 3], C: int32[H - 2, W - 2]):
    @sp.kernel()
    def body(A: int32[H, W], F: int32[3, 3], C: int32[H - 2, W - 2]):
        for y, x in sp.grid(H - 2, W - 2):
            total: int32 = 0
            for r, c in sp.grid(3, 3):
                total += A[y + r, x + c] * F[r, c]
            C[y, x] = total


@sp.region()
def blur(A: int32[3 * W], C: int32[W]):
    @sp.kernel()
    def body(A: int32[3 * W], C: int32[W]):
        for i in range(W - 1):
            C[i] = A[2 * i] + A[2 * i + 1] * 2 + A[2 * i + 3]


@sp.region()
def local(A: int32[8, 4], C: int32[8, 4]):
    @sp.kernel()
    def body(A: int32[8, 4], C: int32[8, 4]):
        buf: int32[8, 4] = 0
        one: int32 = 3
        for i, j in sp.grid(8, 4):
            buf[i, j] = A[i, j] * one
        for i, j in sp.grid(8, 4):
            C[i, j] = buf[7 - i, j] - buf[i, 3 - j]


@sp.region()
def rows(A: int32[4, 8], C: int32[4, 8]):
    @sp.kernel()
    def body(A: int32[4, 8], C: int32[4, 8]):
        for i in range(4):
            for j in range(8):
                C[i, j] = A[i, j] * 2
            for j in range(1, 8):
                C[i, j] += C[i, j - 1]


@sp.region()
def guarded(A: int32[8], C: int32[8]):
    @sp.kernel()
    def body(A: int32[8], C: int32[8]):
        for i in range(8):
            for t in range(2):
                if A[i] > t:
                    C[i] += A[i]
                if i > 0:
                    C[i] += A[i - 1]


@sp.region()
def looked_up(A: int32[8], C: int32[8]):
    @sp.kernel()
    def body(A: int32[8], C: int32[8]):
        for i in range(8):
            for t in range(2):
                C[i] += A[(A[i] + t) % 8]


@sp.region()
def crossed(A: int32[8, 8], C: int32[8]):
    @sp.kernel()
    def body(A: int32[8, 8], C: int32[8]):
        for i in range(8):
            for j in range(8):
                for k in range(2):
                    C[i] += A[i, j] * A[j, i]


@sp.region()
def shared(A: int32[8], C: int32[8]):
    @sp.kernel(mapping=[2])
    def body(A: int32[8], C: int32[8]):
        p = sp.get_pid()
        for i in range(2):
            for j in range(2):
                C[4 * i + 2 * j + p] = A[4 * i + 2 * j + p]


@sp.region()
def ordered(A: int32[8], C: int32[8]):
    done: Stream[int32, 2]

    @sp.kernel()
    def reader(A: int32[8], C: int32[8]):
        for i in range(2):
            n = done.get()
            for j in range(4):
                C[4 * i + j] = A[4 * i + j] + n

    @sp.kernel()
    def writer(A: int32[8]):
        for i in range(2):
            for j in range(4):
                A[4 * i + j] = j
            done.put(i)


@sp.region()
def searched(A: int32[8], C: int32[8]):
    @sp.kernel()
    def body(A: int32[8], C: int32[8]):
        n: int32 = 0
        while n < 8:
            C[n] = A[n]
            n += 1


@sp.region()
def wide(A: int8[256, 256]):
    @sp.kernel()
    def body(A: int8[256, 256]):
        for i, j in sp.grid(256, 256):
            A[i, j] = 1
