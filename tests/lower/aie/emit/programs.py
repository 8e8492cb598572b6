"""Programs whose designs are written by hand."""

import spatial as sp
from spatial import Stream, int8, int32

__all__ = ["gemm_program", "vector_program"]


def vector_program(size, block):
    @sp.region()
    def vadd(A: int32[size], B: int32[size], C: int32[size]):
        fa: Stream[int32[block], 2]
        fb: Stream[int32[block], 2]
        fc: Stream[int32[block], 2]

        @sp.kernel(args=[A, B])
        def load(A: int32[size], B: int32[size]):
            for i in range(size // block):
                fa.put(A[i * block : (i + 1) * block])
                fb.put(B[i * block : (i + 1) * block])

        @sp.kernel()
        def add():
            for _i in range(size // block):
                a = fa.get()
                b = fb.get()
                c: int32[block] = 0
                for j in range(block):
                    c[j] = a[j] + b[j]
                fc.put(c)

        @sp.kernel(args=[C])
        def store(C: int32[size]):
            for i in range(size // block):
                C[i * block : (i + 1) * block] = fc.get()

    return vadd


def gemm_program(size, tile):
    @sp.region()
    def gemm(A: int8[size, size], B: int8[size, size], C: int32[size, size]):
        fa: Stream[int8[tile, tile], 2][2, 2]
        fb: Stream[int8[tile, tile], 2][2, 2]
        fc: Stream[int32[tile, tile], 2][2, 2]

        @sp.kernel(mapping=[2], args=[A])
        def load_a(A: int8[size, size]):
            r = sp.get_pid()
            for k in range(size // tile):
                block = A[r * tile : (r + 1) * tile, k * tile : (k + 1) * tile]
                fa[r, 0].put(block)
                fa[r, 1].put(block)

        @sp.kernel(mapping=[2], args=[B])
        def load_b(B: int8[size, size]):
            c = sp.get_pid()
            for k in range(size // tile):
                block = B[k * tile : (k + 1) * tile, c * tile : (c + 1) * tile]
                fb[0, c].put(block)
                fb[1, c].put(block)

        @sp.kernel(mapping=[2, 2])
        def pe():
            i, j = sp.get_pid()
            acc: int32[tile, tile] = 0
            for _k in range(size // tile):
                a = fa[i, j].get()
                b = fb[i, j].get()
                for x in range(tile):
                    for y in range(tile):
                        for z in range(tile):
                            acc[x, y] += a[x, z] * b[z, y]
            fc[i, j].put(acc)

        @sp.kernel(mapping=[2, 2], args=[C])
        def store(C: int32[size, size]):
            i, j = sp.get_pid()
            C[i * tile : (i + 1) * tile, j * tile : (j + 1) * tile] = fc[i, j].get()

    return gemm
