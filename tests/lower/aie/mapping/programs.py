"""Programs written for NPUs, which move blocks."""

import spatial as sp
from spatial import Stream, index, int8, int32
from spatial.region.definition import Region

__all__ = ["gemm", "vector_add"]


def vector_add(size: int, block: int, cores: int = 1) -> Region:
    """C = A + B, a block at a time, each core its part."""
    part = size // cores

    @sp.region()
    def add(A: int32[size], B: int32[size], C: int32[size]):
        a: Stream[int32[block], 2][cores]
        b: Stream[int32[block], 2][cores]
        c: Stream[int32[block], 2][cores]

        @sp.kernel(mapping=[cores], args=[A, B])
        def load(A: int32[size], B: int32[size]):
            i = sp.get_pid()
            for n in range(part // block):
                a[i].put(A[i * part + n * block : i * part + (n + 1) * block])
                b[i].put(B[i * part + n * block : i * part + (n + 1) * block])

        @sp.kernel(mapping=[cores])
        def core():
            i = sp.get_pid()
            for n in range(part // block):
                left: int32[block] = a[i].get()
                right: int32[block] = b[i].get()
                c[i].put(left + right)

        @sp.kernel(mapping=[cores], args=[C])
        def store(C: int32[size]):
            i = sp.get_pid()
            for n in range(part // block):
                C[i * part + n * block : i * part + (n + 1) * block] = c[i].get()

    return add


def gemm(P: int, M: int, N: int, K: int, T: int) -> Region:
    """C = A @ B on P x P cores, which take blocks of T x T: rows of them get those of A, columns those of B."""
    rows, columns, depth = M // (P * T), N // (P * T), K // T

    @sp.region()
    def gemm(A: int8[M, K], B: int8[K, N], C: int32[M, N]):
        right: Stream[int8[T, T], 2][P, P]
        down: Stream[int8[T, T], 2][P, P]
        out: Stream[int32[T, T], 2][P, P]

        @sp.kernel(mapping=[P], args=[A])
        def load_a(A: int8[M, K]):
            i = sp.get_pid()
            for r, again, k in sp.grid(rows, columns, depth):
                block: int8[T, T] = A[(r * P + i) * T : (r * P + i + 1) * T, k * T : (k + 1) * T]
                with sp.meta_for(P) as j:
                    right[i, j].put(block)

        @sp.kernel(mapping=[P], args=[B])
        def load_b(B: int8[K, N]):
            j = sp.get_pid()
            for again, c, k in sp.grid(rows, columns, depth):
                block: int8[T, T] = B[k * T : (k + 1) * T, (c * P + j) * T : (c * P + j + 1) * T]
                with sp.meta_for(P) as i:
                    down[i, j].put(block)

        @sp.kernel(mapping=[P, P])
        def pe():
            i, j = sp.get_pid()
            for t in range(rows * columns):
                c: int32[T, T] = 0
                for k in range(depth):
                    a: int8[T, T] = right[i, j].get()
                    b: int8[T, T] = down[i, j].get()
                    for x, y, z in sp.grid(T, T, T):
                        c[x, y] += a[x, z] * b[z, y]
                out[i, j].put(c)

        @sp.kernel(args=[C])
        def store(C: int32[M, N]):
            for r, c in sp.grid(rows, columns):
                for i, j in sp.meta_for([(i, j) for i in range(P) for j in range(P)]):
                    x: index = (r * P + i) * T
                    y: index = (c * P + j) * T
                    C[x : x + T, y : y + T] = out[i, j].get()

    return gemm
