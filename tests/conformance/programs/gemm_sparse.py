"""C = A @ B for a B of which two of each four elements of a column are zero: a PE does half of the products.

Of every four elements of a column B has two values and their two positions, of 2 bits. The rows of A pass a row of N
PEs, four elements packed into a word of 32 bits. PE n has column n: it unpacks a word, and picks the two elements that
its positions name. Cycles: M * G words, and the last PE is N behind the source.
"""

import numpy as np

import spatial as sp
from spatial import Stream, UInt, int8, int32
from tests.conformance.program import Program


def make(M, N, G, depth=2):
    @sp.region()
    def gemm(A: int8[M, 4 * G], values: int8[N, G, 2], positions: UInt(2)[N, G, 2], C: int32[M, N]):
        words: Stream[UInt(32), depth][N]

        @sp.kernel(args=[A])
        def load(A: int8[M, 4 * G]):
            for m, g in sp.grid(M, G):
                words[0].put(sp.pack(A[m, 4 * g], A[m, 4 * g + 1], A[m, 4 * g + 2], A[m, 4 * g + 3]))

        @sp.kernel(mapping=[N], args=[values, positions, C])
        def pe(values: int8[N, G, 2], positions: UInt(2)[N, G, 2], C: int32[M, N]):
            n = sp.get_pid()
            for m in range(M):
                total: int32 = 0
                for g in range(G):
                    word = words[n].get()
                    with sp.meta_if(n + 1 < N):
                        words[n + 1].put(word)
                    for k in sp.meta_for(2):
                        at = positions[n, g, k] << 3
                        total += sp.bitcast(word[at : at + 8], int8) * values[n, g, k]
                C[m, n] = total

    return gemm


def inputs(random, M, N, G):
    A = random.integers(-128, 128, (M, 4 * G), dtype=np.int8)
    positions = np.sort(random.permuted(np.tile(np.arange(4, dtype=np.uint8), (N, G, 1)), axis=2)[:, :, :2], axis=2)
    return A, random.integers(-128, 128, (N, G, 2), dtype=np.int8), positions


def reference(size, A, values, positions):
    _, N, G = size
    B = np.zeros((N, G, 4), dtype=np.int32)
    np.put_along_axis(B, positions.astype(int), values.astype(np.int32), axis=2)
    return A.astype(np.int32) @ B.reshape(N, 4 * G).T


PROGRAM = Program(
    name="gemm_sparse",
    make=make,
    sizes=((1, 1, 1), (2, 3, 2), (3, 4, 5)),
    inputs=inputs,
    reference=reference,
    cycles=lambda M, N, G: M * G + N,
)
