"""atax: y = (A x) A, the second product behind the first by a group of rows.

The PEs of the first product have rows of A, group after group. When a group is done they hand their sums to `gather`,
one of each PE at a time, which gives them to the PEs of the second: these have columns of A, and add what the rows
contribute.
"""

import spatial as sp
from examples.polybench.parts import along, filled, part_of
from spatial import Stream, float32

__all__ = ["atax"]


def atax(M, width, groups, first, lanes, second):
    """A region `atax(A, x, y)`.

    `first` PEs of `lanes` products a cycle for A x, a multiple of which `groups` divide M; `second` PEs of `first`
    products a cycle, which divide `width`, for what follows.
    """
    rows, columns, N = M // groups // first, width // second, filled(width, lanes)

    @sp.region()
    def atax(A: float32[M, N], x: float32[N], y: float32[width]):
        parts: Stream[float32[lanes], 2][first]
        done: Stream[float32, rows + 2][first]
        sums_of: Stream[float32[first], 2][second]

        @sp.kernel(args=[x])
        def feed(x: float32[N]):
            for g in range(groups):
                for k in range(0, N, lanes):
                    part: float32[lanes]
                    part_of(part, x, k, lanes)
                    for p in sp.meta_for(first):
                        parts[p].put(part)

        @sp.kernel(mapping=[first], args=[A])
        def times_rows(A: float32[M, N]):
            p = sp.get_pid()
            part: float32[lanes]
            sums: float32[rows]
            for g in range(0, M, first * rows):
                for k in range(0, N, lanes):
                    for n in range(rows):
                        i = g + p * rows + n
                        if n == 0:
                            part = parts[p].get()
                        before: float32 = sums[n]
                        total: float32 = (before if k > 0 else 0.0) + along(part, A, i, k, lanes)
                        sums[n] = total
                        if k + lanes >= N:
                            done[p].put(total)

        @sp.kernel()
        def gather():
            for n in range(groups * rows):
                token: float32[first]
                for p in sp.meta_for(first):
                    token[p] = done[p].get()
                for q in sp.meta_for(second):
                    sums_of[q].put(token)

        @sp.kernel(mapping=[second], args=[A, y])
        def times_columns(A: float32[M, N], y: float32[width]):
            q = sp.get_pid()
            token: float32[first]
            sums: float32[columns]

            def term(base, j, low, count):
                with sp.meta_if(count == 1):
                    return token[low] * A[base + low * rows, j]
                half = count // 2
                return term(base, j, low, half) + term(base, j, low + half, count - half)

            for g in range(0, M, first * rows):
                for m in range(rows):
                    for n in range(columns):
                        j = q * columns + n
                        if n == 0:
                            token = sums_of[q].get()
                        before: float32 = sums[n]
                        first_one = g == 0 and m == 0
                        total: float32 = (0.0 if first_one else before) + term(g + m, j, 0, first)
                        sums[n] = total
                        if g + first * rows == M and m == rows - 1:
                            y[j] = total

    return atax
