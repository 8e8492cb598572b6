"""Products of matrices with vectors: bicg, mvt.

Each PE has rows (or columns) of the matrix and keeps a sum for each. The vector comes in blocks; a block is multiplied
with the same part of all its rows, in turn, so that no sum waits for the adder.
"""

import spatial as sp
from examples.polybench.parts import across, along, filled, part_of
from spatial import Stream, float32

__all__ = ["bicg", "mvt", "times_columns", "times_rows"]

MVT = (400,)


def times_rows(M, length, PEs, lanes):
    """A region `product(A, x, y)` that computes y = A x, on `PEs` that divide M, of `lanes` products a cycle each."""
    rows, N = M // PEs, filled(length, lanes)

    @sp.region()
    def product(A: float32[M, N], x: float32[N], y: float32[M]):
        parts: Stream[float32[lanes], 2][PEs]

        @sp.kernel(args=[x])
        def feed(x: float32[N]):
            for k in range(0, N, lanes):
                part: float32[lanes]
                part_of(part, x, k, lanes)
                for p in sp.meta_for(PEs):
                    parts[p].put(part)

        @sp.kernel(mapping=[PEs], args=[A, y])
        def pe(A: float32[M, N], y: float32[M]):
            p = sp.get_pid()
            part: float32[lanes]
            sums: float32[rows]
            for k in range(0, N, lanes):
                for n in range(rows):
                    if n == 0:
                        part = parts[p].get()
                    before: float32 = sums[n]
                    total: float32 = (before if k > 0 else 0.0) + along(part, A, p * rows + n, k, lanes)
                    sums[n] = total
                    if k + lanes >= N:
                        y[p * rows + n] = total

    return product


def times_columns(length, N, PEs, lanes):
    """A region `product(A, x, y)` that computes y = x A, on `PEs` that divide N, of `lanes` products a cycle each."""
    columns, M = N // PEs, filled(length, lanes)

    @sp.region()
    def product(A: float32[M, N], x: float32[M], y: float32[N]):
        parts: Stream[float32[lanes], 2][PEs]

        @sp.kernel(args=[x])
        def feed(x: float32[M]):
            for k in range(0, M, lanes):
                part: float32[lanes]
                part_of(part, x, k, lanes)
                for p in sp.meta_for(PEs):
                    parts[p].put(part)

        @sp.kernel(mapping=[PEs], args=[A, y])
        def pe(A: float32[M, N], y: float32[N]):
            p = sp.get_pid()
            part: float32[lanes]
            sums: float32[columns]
            for k in range(0, M, lanes):
                for n in range(columns):
                    if n == 0:
                        part = parts[p].get()
                    before: float32 = sums[n]
                    total: float32 = (before if k > 0 else 0.0) + across(part, A, k, p * columns + n, lanes)
                    sums[n] = total
                    if k + lanes >= M:
                        y[p * columns + n] = total

    return product


def bicg(M, N, rows, columns):
    """A region `bicg(A1, A2, r, p, s, q)`: s = r A1 and q = A2 p, both M x N, side by side.

    `rows` are the PEs and lanes of the product with rows of A2, `columns` those of the other.
    """
    q_of, s_of = times_rows(M, N, *rows), times_columns(M, N, *columns)
    wide, long = filled(N, rows[1]), filled(M, columns[1])

    @sp.region()
    def bicg(
        A1: float32[long, N], A2: float32[M, wide], r: float32[long], p: float32[wide], s: float32[N], q: float32[M]
    ):
        s_of(A1, r, s)
        q_of(A2, p, q)

    return bicg


def mvt(N, PEs, lanes):
    """A region `mvt(A1, A2, y1, y2, x1, x2)`: x1 = A1 y1 and x2 = y2 A2, side by side."""
    rows, columns = times_rows(N, N, PEs, lanes), times_columns(N, N, PEs, lanes)
    long = filled(N, lanes)

    @sp.region()
    def mvt(
        A1: float32[N, long], A2: float32[long, N], y1: float32[long], y2: float32[long], x1: float32[N], x2: float32[N]
    ):
        rows(A1, y1, x1)
        columns(A2, y2, x2)

    return mvt
