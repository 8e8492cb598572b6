"""Multiplies matrices behind one loader per side: an array that deadlocks where its FIFOs are too shallow.

The array is the output-stationary one, but A has one memory port only, and so has B: one loader sends the rows of A
one after the other, another one the columns of B. The first PE passes its row on to a neighbour that waits for the
second column, which the loader sends only after the first column: the FIFOs must hold what arrives too early.

Run it: `python -m examples.systolic.row_by_row`
"""

import numpy as np

import spatial as sp
from spatial import Stream, int8, int32

__all__ = ["row_by_row"]


def row_by_row(M, N, K, element=int8, accumulator=int32, depth=2):
    """A region `gemm(A, B, C)` that computes C = A @ B on M x N PEs behind two loaders."""

    @sp.region()
    def gemm(A: element[M, K], B: element[K, N], C: accumulator[M, N]):
        fifo_A: Stream[element, depth][M, N]
        fifo_B: Stream[element, depth][M, N]

        @sp.kernel(args=[A])
        def load_A(A: element[M, K]):
            with sp.meta_for(M) as i:
                for k in range(K):
                    fifo_A[i, 0].put(A[i, k])

        @sp.kernel(args=[B])
        def load_B(B: element[K, N]):
            with sp.meta_for(N) as j:
                for k in range(K):
                    fifo_B[0, j].put(B[k, j])

        @sp.kernel(mapping=[M, N], args=[C])
        def pe(C: accumulator[M, N]):
            i, j = sp.get_pid()
            acc: accumulator = 0
            for k in range(K):
                a: element = fifo_A[i, j].get()
                b: element = fifo_B[i, j].get()
                acc += a * b
                with sp.meta_if(j + 1 < N):
                    fifo_A[i, j + 1].put(a)
                with sp.meta_if(i + 1 < M):
                    fifo_B[i + 1, j].put(b)
            C[i, j] = acc

    return gemm


def main():
    M, N, K = 2, 2, 8
    random = np.random.default_rng(seed=0)
    A = random.integers(-128, 128, (M, K), dtype=np.int8)
    B = random.integers(-128, 128, (K, N), dtype=np.int8)
    C = np.zeros((M, N), dtype=np.int32)

    try:
        sp.simulate(row_by_row(M, N, K, depth=2), A, B, C)
    except sp.Deadlock as deadlock:
        print(deadlock)

    run = sp.simulate(row_by_row(M, N, K, depth=K), A, B, C)

    print()
    print(run)
    assert np.array_equal(C, A.astype(np.int32) @ B.astype(np.int32))
    print("C equals A @ B in NumPy")


if __name__ == "__main__":
    main()
