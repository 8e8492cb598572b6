"""C = A @ B on G x G instances of an array that itself has T x T PEs.

The inner array is a region of its own: elements of A enter it from the west and leave it to the east, those of B go
from north to south, and it fills a block of C. The outer region makes a grid of such arrays, one's east being the next
one's west. Cycles: those of one output-stationary array of G * T x G * T PEs.
"""

import spatial as sp
from spatial import Stream, int8, int32
from tests.conformance.matrices import int8_operands, integer_product
from tests.conformance.program import Program


def block(K, T, depth):
    """An array of T x T PEs for a block of C."""

    @sp.region()
    def array(
        west: Stream[int8][T],
        north: Stream[int8][T],
        east: Stream[int8][T],
        south: Stream[int8][T],
        C: int32[T, T],
    ):
        right: Stream[int8, depth][T, T]
        down: Stream[int8, depth][T, T]

        @sp.kernel(mapping=[T, T], args=[C])
        def pe(C: int32[T, T]):
            i, j = sp.get_pid()
            left, above = (west[i] if j == 0 else right[i, j]), (north[j] if i == 0 else down[i, j])
            beside, below = (right[i, j + 1] if j + 1 < T else east[i]), (down[i + 1, j] if i + 1 < T else south[j])
            total: int32 = 0
            for k in range(K):
                a = left.get()
                b = above.get()
                total += a * b
                beside.put(a)
                below.put(b)
            C[i, j] = total

    return array


def make(G, T, K, depth=2):
    size = G * T

    @sp.region()
    def gemm(A: int8[size, K], B: int8[K, size], C: int32[size, size]):
        across: Stream[int8, depth][G + 1, size]  # across[J, i]: row i of A, entering block column J
        downward: Stream[int8, depth][G + 1, size]  # downward[I, j]: column j of B, entering block row I

        @sp.kernel(mapping=[size], args=[A, B])
        def load(A: int8[size, K], B: int8[K, size]):
            n = sp.get_pid()
            for k in range(K):
                across[0, n].put(A[n, k])
                downward[0, n].put(B[k, n])

        @sp.kernel(mapping=[size])
        def drain():
            n = sp.get_pid()
            for k in range(K):
                across[G, n].get()
                downward[G, n].get()

        array = block(K, T, depth)
        for row in range(G):
            for column in range(G):
                rows, columns = slice(row * T, row * T + T), slice(column * T, column * T + T)
                array(
                    across[column, rows],
                    downward[row, columns],
                    across[column + 1, rows],
                    downward[row + 1, columns],
                    C[rows, columns],
                )

    return gemm


PROGRAM = Program(
    name="gemm_hierarchical",
    make=make,
    sizes=((1, 2, 3), (2, 1, 4), (2, 2, 5)),
    inputs=lambda random, G, T, K: int8_operands(random, G * T, G * T, K),
    reference=integer_product,
    cycles=lambda G, T, K: K + 2 * G * T,
)
