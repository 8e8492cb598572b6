"""Multiplies matrices that are larger than the array: the PEs work through the result tile by tile.

The array is the output-stationary one (see `output_stationary.py`), with `rows` x `columns` PEs. All of them walk over
the same sequence of tiles: the borders send the rows of A and the columns of B that belong to a tile, the PEs sum up,
store their element, and start again at zero. A tile follows the one before it without a gap.

Run it: `python -m examples.systolic.tiled`
"""

import numpy as np

import spatial as sp
from spatial import Stream, int8, int32

__all__ = ["tiled"]


def tiled(M, N, K, rows, columns, element=int8, accumulator=int32, depth=2):
    """A region `gemm(A, B, C)` that computes C = A @ B on `rows` x `columns` PEs, which divide M and N."""
    if M % rows or N % columns:
        raise ValueError(f"tiles of {rows} x {columns} do not fill a matrix of {M} x {N}: pad it")

    @sp.region()
    def gemm(A: element[M, K], B: element[K, N], C: accumulator[M, N]):
        fifo_A: Stream[element, depth][rows + 2, columns + 2]
        fifo_B: Stream[element, depth][rows + 2, columns + 2]

        @sp.kernel(mapping=[rows + 2, columns + 2], args=[A, B, C])
        def pe(A: element[M, K], B: element[K, N], C: accumulator[M, N]):
            i, j = sp.get_pid()
            with sp.meta_if(i in {0, rows + 1} and j in {0, columns + 1}):  # a corner has nothing to do
                pass
            with sp.meta_elif(j == 0):  # the left border loads a row of A for each tile
                for m, n, k in sp.grid(M // rows, N // columns, K):
                    fifo_A[i, j + 1].put(A[m * rows + i - 1, k])
            with sp.meta_elif(i == 0):  # the top border loads a column of B for each tile
                for m, n, k in sp.grid(M // rows, N // columns, K):
                    fifo_B[i + 1, j].put(B[k, n * columns + j - 1])
            with sp.meta_elif(j == columns + 1):  # the right border drains what has passed all PEs of its row
                for m, n, k in sp.grid(M // rows, N // columns, K):
                    a: element = fifo_A[i, j].get()
            with sp.meta_elif(i == rows + 1):  # the bottom border drains its column
                for m, n, k in sp.grid(M // rows, N // columns, K):
                    b: element = fifo_B[i, j].get()
            with sp.meta_else():
                for m, n in sp.grid(M // rows, N // columns):
                    acc: accumulator = 0
                    for k in range(K):
                        a: element = fifo_A[i, j].get()
                        b: element = fifo_B[i, j].get()
                        acc += a * b
                        fifo_A[i, j + 1].put(a)
                        fifo_B[i + 1, j].put(b)
                    C[m * rows + i - 1, n * columns + j - 1] = acc

    return gemm


def main():
    M, N, K = 12, 8, 16
    random = np.random.default_rng(seed=0)
    A = random.integers(-128, 128, (M, K), dtype=np.int8)
    B = random.integers(-128, 128, (K, N), dtype=np.int8)
    C = np.zeros((M, N), dtype=np.int32)

    run = sp.simulate(tiled(M, N, K, rows=4, columns=4), A, B, C)

    print(run)
    assert np.array_equal(C, A.astype(np.int32) @ B.astype(np.int32))
    print("C equals A @ B in NumPy")


if __name__ == "__main__":
    main()
