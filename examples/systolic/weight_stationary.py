"""Multiplies matrices on a grid of PEs that each keep one weight.

               weights, then zeros
                |  |  |
    A[:,0] ->  PE PE PE  -> drained
    A[:,1] ->  PE PE PE  -> drained
                |  |  |
               C[m,:]

First the weights B come down from the top; every PE keeps the first that reaches it and passes the others on. Then
the activations A stream through from the left, row after row of A, while partial sums flow down: PE (i, j) adds its
product and passes the sum on. A finished sum leaves at the bottom. The weights are loaded once for all M rows.

Run it: `python -m examples.systolic.weight_stationary`
"""

import numpy as np

import spatial as sp
from spatial import Stream, int8, int32

__all__ = ["weight_stationary"]


def weight_stationary(M, N, K, element, accumulator, depth=2):
    """A region `gemm(A, B, C)` that computes C = A @ B on K x N PEs.

    Every sum starts at zero on top and takes its K products from the first row down, so in order, each rounded or
    wrapped to `accumulator`: the same additions as the output-stationary array makes.
    """

    @sp.region()
    def gemm(A: element[M, K], B: element[K, N], C: accumulator[M, N]):
        fifo_A: Stream[element, depth][K + 2, N + 2]  # activations, to the right
        fifo_B: Stream[element, depth][K + 2, N + 2]  # weights, down
        fifo_C: Stream[accumulator, depth][K + 2, N + 2]  # partial sums, down

        @sp.kernel(mapping=[K + 2, N + 2], args=[A, B, C])
        def pe(A: element[M, K], B: element[K, N], C: accumulator[M, N]):
            i, j = sp.get_pid()
            with sp.meta_if(i in {0, K + 1} and j in {0, N + 1}):  # a corner has nothing to do
                pass
            with sp.meta_elif(i == 0):  # the top border sends a column of weights, then the zeros that sums start at
                for k in range(K):
                    fifo_B[i + 1, j].put(B[k, j - 1])
                for m in range(M):
                    fifo_C[i + 1, j].put(0)
            with sp.meta_elif(j == 0):  # the left border sends a column of A
                for m in range(M):
                    fifo_A[i, j + 1].put(A[m, i - 1])
            with sp.meta_elif(j == N + 1):  # the right border drains what has passed all PEs of its row
                for m in range(M):
                    a: element = fifo_A[i, j].get()
            with sp.meta_elif(i == K + 1):  # the bottom border collects a column of C
                for m in range(M):
                    C[m, j - 1] = fifo_C[i, j].get()
            with sp.meta_else():
                weight: element = fifo_B[i, j].get()
                with sp.meta_if(i < K):
                    for below in range(K - i):
                        fifo_B[i + 1, j].put(fifo_B[i, j].get())
                for m in range(M):
                    a: element = fifo_A[i, j].get()
                    partial: accumulator = fifo_C[i, j].get()
                    partial += a * weight
                    fifo_A[i, j + 1].put(a)
                    fifo_C[i + 1, j].put(partial)

    return gemm


def main():
    M, N, K = 16, 3, 3
    random = np.random.default_rng(seed=0)
    A = random.integers(-128, 128, (M, K), dtype=np.int8)
    B = random.integers(-128, 128, (K, N), dtype=np.int8)
    C = np.zeros((M, N), dtype=np.int32)

    run = sp.simulate(weight_stationary(M, N, K, int8, int32), A, B, C)

    print(run)
    assert np.array_equal(C, A.astype(np.int32) @ B.astype(np.int32))
    print("C equals A @ B in NumPy")


if __name__ == "__main__":
    main()
