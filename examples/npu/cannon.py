"""Cannon's product of matrices: blocks of both factors go round a torus of cores.

Run it: `python -m examples.npu.cannon --type int8 --cores 4x4 --device npu1`

Core (r, c) of p x p begins with block (r, r + c) of A and block (r + c, c) of B, numbers modulo p. In each of p steps
it multiplies its blocks, gives that of A to the core on its left and that of B to the one above, and takes those of the
cores on its right and below. A core has two channels of DMA into its memory and two out of it, so that it cannot also
fetch blocks and store results by DMA. But neighbours share memory; what DMA carries is

- the links that close a row or a column: out of column 0 and row 0, into the last column and the last row;
- blocks of A into column 0 and blocks of B into row 0, from where they go to their places round the torus;
- results out of the last row: they go down through the cores of their column.

No core has more than two of these in either direction. Blocks come in the order in which they lie in memory. Of those
that reach it a core keeps the one behind `earlier` others, and passes on the rest.
"""

import numpy as np

import spatial as sp
from examples.npu.asked import asked
from examples.npu.gemm import NUMPY, TYPES, draw
from examples.npu.told import told
from spatial import Stream, float32, int32

__all__ = ["TILES", "cannon", "earlier", "main", "product", "run"]

TILES = {"int8": (32, 32, 64), "int16": (32, 32, 32), "bf16": (32, 32, 32)}
"""Rows, depth and columns of the blocks: they are in a core's memory several times."""


def earlier(p, here, other):
    """How many blocks a core passes on before the one that it keeps, in column `here` of row `other`."""
    return here - 1 if 0 < here < p - other else (here + other) % p


def cannon(M, K, N, kind="int8", side=4):
    """`cannon(A, B, C)` with C = A B on side x side cores; sums are added up in the order in which blocks come."""
    dtype, result = TYPES[kind]
    total = float32 if kind == "bf16" else int32
    m, k, n = TILES[kind]
    p = side
    P, T, Q = M // (p * m), K // (p * k), N // (p * n)
    if (P * p * m, T * p * k, Q * p * n) != (M, K, N):
        raise ValueError(f"{M} x {K} x {N} is no multiple of {p * m} x {p * k} x {p * n}")

    @sp.region()
    def cannon(A: dtype[M, K], B: dtype[K, N], C: result[M, N]):
        enter_A: Stream[dtype[m, k], 1][p]
        enter_B: Stream[dtype[k, n], 1][p]
        left: Stream[dtype[m, k], 1][p, p]
        up: Stream[dtype[k, n], 1][p, p]
        down: Stream[result[m, n], 1][p, p]

        @sp.kernel(mapping=[p])
        def send_A(A: dtype[M, K]):
            r = sp.get_pid()
            for i in range(P):
                top = (i * p + p - 1 - r) * m
                for _j in range(Q):
                    for x in range(T * p):
                        enter_A[r].put(A[top : top + m, x * k : (x + 1) * k])

        @sp.kernel(mapping=[p])
        def send_B(B: dtype[K, N]):
            c = sp.get_pid()
            for _i in range(P):
                for j in range(Q):
                    for x in range(T * p):
                        enter_B[c].put(B[x * k : (x + 1) * k, (j * p + c) * n : (j * p + c + 1) * n])

        @sp.kernel(mapping=[p, p])
        def multiply():
            r, c = sp.get_pid()

            def next_A():
                with sp.meta_if(c == 0):
                    return enter_A[r].get()
                return left[r, c].get()

            def next_B():
                with sp.meta_if(r == 0):
                    return enter_B[c].get()
                return up[r, c].get()

            def pass_on(blocks_A, blocks_B):
                for _each in range(blocks_A):
                    left[r, (c - 1) % p].put(next_A())
                for _each in range(blocks_B):
                    up[(r - 1) % p, c].put(next_B())

            a: dtype[m, k]
            b: dtype[k, n]
            before_A, before_B = earlier(p, c, r), earlier(p, r, c)
            for _block in range(P * Q):
                made: total[m, n] = 0
                for _t in range(T):
                    pass_on(before_A, 0)
                    a[:] = next_A()
                    pass_on((c - 1) % p - before_A, before_B)
                    b[:] = next_B()
                    pass_on(0, (r - 1) % p - before_B)
                    for step in range(p):
                        if step < p - 1:
                            left[r, (c - 1) % p].put(a)
                            up[(r - 1) % p, c].put(b)
                        for i in range(m):
                            for j in range(n):
                                for d in range(k):
                                    one: total = a[i, d]
                                    other: total = b[d, j]
                                    made[i, j] += one * other
                        if step < p - 1:
                            a[:] = left[r, c].get()
                            b[:] = up[r, c].get()
                with sp.meta_if(kind == "bf16"):
                    narrow: result[m, n] = 0
                    for i in range(m):
                        for j in range(n):
                            narrow[i, j] = made[i, j]
                    down[r, c].put(narrow)
                with sp.meta_else():
                    down[r, c].put(made)
                with sp.meta_if(r > 0):
                    for _above in range(r):
                        down[r, c].put(down[r - 1, c].get())

        @sp.kernel(mapping=[p])
        def receive_C(C: result[M, N]):
            c = sp.get_pid()
            for i in range(P):
                for j in range(Q):
                    for s in range(p):
                        top = (i * p + s) * m
                        C[top : top + m, (j * p + c) * n : (j * p + c + 1) * n] = down[p - 1, c].get()

    return cannon


def product(kind, A, B, side=4):
    """What NumPy makes of it, with sums of the same type in the same order."""
    _, result = TYPES[kind]
    kept = np.float32 if kind == "bf16" else np.int32
    (m, k, n), A, B = TILES[kind], A.astype(kept), B.astype(kept)
    sums = np.zeros((len(A), len(B[0])), kept)
    for i, j in np.ndindex(len(A) // m, len(B[0]) // n):
        rows, columns = slice(i * m, (i + 1) * m), slice(j * n, (j + 1) * n)
        first = side - 1 - i % side + j % side
        for x in range(len(B) // k):
            block = x // side * side + (first + x) % side
            for d in range(block * k, (block + 1) * k):
                sums[rows, columns] += np.outer(A[rows, d], B[d, columns])
    return sums.astype(NUMPY[result])


def usual(kind, side):
    """The sizes of a product of which each core has two blocks each way."""
    return tuple(2 * side * each for each in TILES[kind])


def run(kind="int8", side=4, device="npu1", sizes=None):
    """Builds a product and compares what it computes; the placed design."""
    M, K, N = sizes or usual(kind, side)
    module = sp.build(cannon(M, K, N, kind, side), target="aie", device=device)
    A, B = draw(kind, M, K, N)
    C = np.zeros((M, N), NUMPY[TYPES[kind][1]])
    module(A, B, C)
    assert np.array_equal(C, product(kind, A, B, side)), "the design computes something else"
    return module


def main(given=None):
    of = "M x K x N of the product, by default two blocks a core each way"
    wanted = asked(__doc__, given, cores="4x4", size="256x256x512", of=of, types=TYPES, usual=False)
    rows, columns = wanted.cores
    if rows != columns:
        raise SystemExit("a torus has as many rows of cores as columns, as 4x4")
    M, K, N = sizes = wanted.size or usual(wanted.type, rows)
    try:
        module = run(wanted.type, rows, wanted.device, sizes)
    except ValueError as error:
        raise SystemExit(str(error)) from None
    print(told(module, 2 * M * K * N))


if __name__ == "__main__":
    main()
