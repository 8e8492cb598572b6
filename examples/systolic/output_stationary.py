"""Multiplies matrices on a grid of PEs that each keep one element of the result.

    A[0,:] ->  PE PE PE  -> drained
    A[1,:] ->  PE PE PE  -> drained
                |  |  |
               drained

Rows of A enter from the left and columns of B from the top. In every step a PE takes one element of each, adds their
product to its sum, and passes both on. PE (i, j) starts i + j steps late and then works in every cycle.

Run it: `python -m examples.systolic.output_stationary`
"""

import numpy as np

import spatial as sp
from spatial import Stream, int8, int32

__all__ = ["output_stationary"]


def output_stationary(M, N, K, element, accumulator, depth=2):
    """A region `gemm(A, B, C)` that computes C = A @ B on M x N PEs.

    Every sum starts at zero and takes its K products in order, each rounded or wrapped to `accumulator`. The FIFOs
    hold `depth` tokens: 1 is enough to be right, 2 to take a new token in every cycle.
    """

    @sp.region()
    def gemm(A: element[M, K], B: element[K, N], C: accumulator[M, N]):
        fifo_A: Stream[element, depth][M + 2, N + 2]
        fifo_B: Stream[element, depth][M + 2, N + 2]

        @sp.kernel(mapping=[M + 2, N + 2], args=[A, B, C])
        def pe(A: element[M, K], B: element[K, N], C: accumulator[M, N]):
            i, j = sp.get_pid()
            with sp.meta_if(i in {0, M + 1} and j in {0, N + 1}):  # a corner has nothing to do
                pass
            with sp.meta_elif(j == 0):  # the left border loads a row of A
                for k in range(K):
                    fifo_A[i, j + 1].put(A[i - 1, k])
            with sp.meta_elif(i == 0):  # the top border loads a column of B
                for k in range(K):
                    fifo_B[i + 1, j].put(B[k, j - 1])
            with sp.meta_elif(j == N + 1):  # the right border drains what has passed all PEs of its row
                for k in range(K):
                    a: element = fifo_A[i, j].get()
            with sp.meta_elif(i == M + 1):  # the bottom border drains its column
                for k in range(K):
                    b: element = fifo_B[i, j].get()
            with sp.meta_else():
                acc: accumulator = 0
                for k in range(K):
                    a: element = fifo_A[i, j].get()
                    b: element = fifo_B[i, j].get()
                    acc += a * b
                    fifo_A[i, j + 1].put(a)
                    fifo_B[i + 1, j].put(b)
                C[i - 1, j - 1] = acc

    return gemm


def main():
    M, N, K = 3, 3, 16
    random = np.random.default_rng(seed=0)
    A = random.integers(-128, 128, (M, K), dtype=np.int8)
    B = random.integers(-128, 128, (K, N), dtype=np.int8)
    C = np.zeros((M, N), dtype=np.int32)

    run = sp.simulate(output_stationary(M, N, K, int8, int32), A, B, C)

    print(run)
    assert np.array_equal(C, A.astype(np.int32) @ B.astype(np.int32))
    print("C equals A @ B in NumPy")


if __name__ == "__main__":
    main()
