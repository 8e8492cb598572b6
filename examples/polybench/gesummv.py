"""gesummv: y = 1.5 A x + 1.2 B x, as the products of A with 1.5 x and of B with 1.2 x, summed in one.

A PE has some rows of both matrices. To scale x takes two products for each of its elements; to scale the results would
take as many for each of theirs, but all at once at the end.
"""

import spatial as sp
from examples.polybench.parts import along, filled
from spatial import Stream, float32

__all__ = ["gesummv"]


def gesummv(extent, PEs, lanes):
    """A region `gesummv(A, B, x, y)` on `PEs` of `lanes` products of each matrix a cycle."""
    M, N = filled(extent, PEs), filled(extent, lanes)
    rows = M // PEs
    width = 1 << (N - 1).bit_length()  # so that addresses take no multiplier

    @sp.region()
    def gesummv(A: float32[M, width], B: float32[M, width], x: float32[N], y: float32[M]):
        parts_A: Stream[float32[lanes], 2][PEs]
        parts_B: Stream[float32[lanes], 2][PEs]

        @sp.kernel(args=[x])
        def feed(x: float32[N]):
            for k in range(0, N, lanes, pipeline=max(2, rows // 2)):
                part_A: float32[lanes]
                part_B: float32[lanes]
                for u in range(lanes, unroll=True):
                    element: float32 = x[k + u]
                    part_A[u] = 1.5 * element
                    part_B[u] = 1.2 * element
                for p in sp.meta_for(PEs):
                    parts_A[p].put(part_A)
                    parts_B[p].put(part_B)

        @sp.kernel(mapping=[PEs], args=[A, B, y])
        def pe(A: float32[M, width], B: float32[M, width], y: float32[M]):
            p = sp.get_pid()
            part_A: float32[lanes]
            part_B: float32[lanes]
            sums: float32[rows]
            for k in range(0, N, lanes):
                for n in range(rows):
                    i = p * rows + n
                    if n == 0:
                        part_A = parts_A[p].get()
                        part_B = parts_B[p].get()
                    before: float32 = sums[n]
                    both: float32 = along(part_A, A, i, k, lanes) + along(part_B, B, i, k, lanes)
                    total: float32 = (before if k > 0 else 0.0) + both
                    sums[n] = total
                    if k + lanes >= N:
                        y[i] = total

    return gesummv
