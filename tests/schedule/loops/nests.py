"""The programs whose schedules are shown and refused."""

import spatial as sp
from spatial import Stream, float32, int8, int16, int32

__all__ = [
    "again",
    "distances",
    "lower",
    "matmul",
    "rows",
    "sawtooth",
    "searched",
    "shifted",
    "streamed",
    "sums",
    "told",
    "triangle",
    "two",
]


@sp.region()
def matmul(A: int8[4, 8], B: int8[8, 6], C: int32[4, 6]):
    @sp.kernel(args=[A, B, C])
    def matmul(A: int8[4, 8], B: int8[8, 6], C: int32[4, 6]):
        for i in range(4):
            for j in range(6):
                for k in range(8):
                    C[i, j] += A[i, k] * B[k, j]


@sp.region()
def sums(A: float32[4, 8], y: float32[4]):
    @sp.kernel(args=[A, y])
    def sums(A: float32[4, 8], y: float32[4]):
        for i in range(4):
            for k in range(8):
                y[i] += A[i, k]


@sp.region()
def rows(A: int16[4, 8], y: int16[4]):
    @sp.kernel(args=[A, y])
    def rows(A: int16[4, 8], y: int16[4]):
        for i in range(4):
            total: int32 = 0
            for k in range(8):
                total += A[i, k]
            y[i] = total


@sp.region()
def shifted(A: int16[6, 6], B: int16[6]):
    @sp.kernel(args=[A, B])
    def shifted(A: int16[6, 6], B: int16[6]):
        for i in range(1, 6):
            for j in range(5):
                A[i, j] = A[i - 1, j + 1]
            B[i] = A[i, 0]


@sp.region()
def two(A: int16[8], B: int16[8], C: int16[8]):
    @sp.kernel(args=[A, B, C])
    def two(A: int16[8], B: int16[8], C: int16[8]):
        for i in range(7):
            B[i] = A[i] + 1
        for j in range(7):
            C[j] = B[j]
        for k in range(7):
            A[k] = C[k + 1]


@sp.region()
def triangle(A: int16[6, 6]):
    @sp.kernel(args=[A])
    def triangle(A: int16[6, 6]):
        for i in range(6):
            for j in range(i + 1):
                A[i, j] = 0
            for k in range(6):
                while A[i, k] > 0:
                    A[i, k] -= 1


@sp.region()
def streamed(A: int16[4, 4]):
    fifo: Stream[int16, 4]

    @sp.kernel(args=[A])
    def streamed(A: int16[4, 4]):
        for i in range(4):
            for j in range(4):
                fifo.put(A[i, j])

    @sp.kernel()
    def sink():
        for n in range(16):
            x: int16 = fifo.get()


@sp.region()
def distances(A: int16[4, 4], B: int16[4, 4]):
    @sp.kernel(args=[A, B])
    def distances(A: int16[4, 4], B: int16[4, 4]):
        for i in range(4):
            for j in range(4):
                A[i, j] = i - j
            for k in range(4):
                B[i, k] = A[i, k]


@sp.region()
def again(A: int16[8], B: int16[8], C: int16[8]):
    @sp.kernel(args=[A, B, C])
    def again(A: int16[8], B: int16[8], C: int16[8]):
        for i in range(7):
            B[i + 1] = A[i] * A[i] + 3
            C[i] = B[i + 1] + A[i] * A[i]
            B[i + 1] = C[i]


@sp.region()
def told(A: int16[8], B: int16[8]):
    fifo: Stream[int16, 4]

    @sp.kernel(args=[A, B])
    def told(A: int16[8], B: int16[8]):
        for k in range(8):
            B[k] = A[k]
            fifo.put(0)
            B[k] += A[k]

    @sp.kernel()
    def sink():
        for n in range(8):
            x: int16 = fifo.get()


@sp.region()
def searched(A: int16[8], B: int16[1]):
    @sp.kernel(args=[A, B])
    def searched(A: int16[8], B: int16[1]):
        for n in range(8):
            if A[n] == 3:
                break
            B[0] = A[n]


@sp.region()
def lower(A: int16[6, 6], B: int16[6]):
    @sp.kernel(args=[A, B])
    def lower(A: int16[6, 6], B: int16[6]):
        for i in range(6):
            for j in range(i + 1):
                A[i, j] += B[j]


@sp.region()
def sawtooth(A: int16[6, 6], B: int16[6]):
    @sp.kernel(args=[A, B])
    def sawtooth(A: int16[6, 6], B: int16[6]):
        for i in range(6):
            for j in range(i % 3 + 1):
                A[i, j] += B[j]
