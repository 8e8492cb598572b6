"""A matrix times a vector: each core has rows of the matrix, the vector goes to all of them."""

import spatial as sp
from spatial import Stream, int8, int32

__all__ = ["gemv"]


def gemv(rows: int, columns: int, block: int = 16, cores: int = 4):
    """`gemv(A, x, y)` with y = A x: `A: int8[rows, columns]`, so many rows of it in a block."""
    share = rows // cores

    @sp.region()
    def gemv(A: int8[rows, columns], x: int8[columns], y: int32[rows]):
        vector: Stream[int8[columns], 2][cores]
        matrix: Stream[int8[block, columns], 2][cores]
        result: Stream[int32[block], 2][cores]

        @sp.kernel(args=[x])
        def load_vector(x: int8[columns]):
            for p in sp.meta_for(cores):
                vector[p].put(x[0:columns])

        @sp.kernel(mapping=[cores], args=[A])
        def load_matrix(A: int8[rows, columns]):
            p = sp.get_pid()
            for i in range(share // block):
                matrix[p].put(A[p * share + i * block : p * share + (i + 1) * block, :])

        @sp.kernel(mapping=[cores])
        def work():
            p = sp.get_pid()
            v = vector[p].get()
            for _ in range(share // block):
                a = matrix[p].get()
                sums: int32[block] = 0
                for i in range(block):
                    total: int32 = 0
                    for j in range(columns):
                        total += a[i, j] * v[j]
                    sums[i] = total
                result[p].put(sums)

        @sp.kernel(mapping=[cores], args=[y])
        def store(y: int32[rows]):
            p = sp.get_pid()
            for i in range(share // block):
                y[p * share + i * block : p * share + (i + 1) * block] = result[p].get()

    return gemv
