"""Products of matrices on a grid of cores."""

from collections.abc import Mapping
from typing import no_type_check

from spatial.kernel.declared.definition import kernel
from spatial.meta.markers import get_pid, meta_for
from spatial.nn.asked import checked
from spatial.nn.npu.fitting import blocks_of
from spatial.region.definition import Region, region
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span
from spatial.stream.stream import Stream
from spatial.types.dtype import DType, int8

__all__ = ["TILES", "gemm"]

Tile = tuple[int, int, int]
TILES: Mapping[str, Tile] = {"int8": (64, 64, 128), "int16": (64, 64, 64), "bfloat16": (64, 64, 64)}


@checked
def gemm(
    M: int,
    K: int,
    N: int,
    dtype: DType = int8,
    *,
    out: DType | None = None,
    cores: tuple[int, int] = (4, 4),
    tile: tuple[int, int, int] | None = None,
) -> Region:
    """`gemm(A, B, C)` with C = A B on rows x columns of `cores`: `A: dtype[M, K]`, `B: dtype[K, N]`, `C: out[M, N]`.

    A core has a block of C at a time, which it sums up over blocks of A, sent to all cores of a row, and of B,
    sent to all of a column. So A is sent once for each block of columns that all cores make together, B once for each
    such block of rows. `tile` are the rows, depth and columns of the blocks, by default 64 x 64 x 128 for int8 and
    64 x 64 x 64 else; `out` is `dtype` unless it is given. Of cores, as many are used in each direction as divide the
    blocks. Raises `ProgramError` where sizes are no multiples of the tile.
    """
    result = out or dtype
    m, k, n = tile or TILES.get(str(dtype), (64, 64, 64))
    for size, part, name in ((M, m, "M"), (K, k, "K"), (N, n, "N")):
        if size % part:
            raise _uneven(name, size, part)
    rows, P = blocks_of(M // m, cores[0])
    columns, Q = blocks_of(N // n, cores[1])
    T = K // k

    @no_type_check
    @region()
    def gemm(A: dtype[M, K], B: dtype[K, N], C: result[M, N]):
        blocks_A: Stream[dtype[m, k], 2][rows, columns]
        blocks_B: Stream[dtype[k, n], 2][rows, columns]
        blocks_C: Stream[result[m, n], 2][rows, columns]

        @kernel(mapping=[rows])
        def send_A(A: dtype[M, K]):
            r = get_pid()
            for p in range(P):
                for _q in range(Q):
                    for t in range(T):
                        block = A[(p * rows + r) * m : (p * rows + r + 1) * m, t * k : (t + 1) * k]
                        with meta_for(columns) as c:
                            blocks_A[r, c].put(block)

        @kernel(mapping=[columns])
        def send_B(B: dtype[K, N]):
            c = get_pid()
            for _p in range(P):
                for q in range(Q):
                    for t in range(T):
                        block = B[t * k : (t + 1) * k, (q * columns + c) * n : (q * columns + c + 1) * n]
                        with meta_for(rows) as r:
                            blocks_B[r, c].put(block)

        @kernel(mapping=[rows, columns])
        def multiply():
            r, c = get_pid()
            for _p in range(P):
                for _q in range(Q):
                    sums: result[m, n] = 0
                    for _t in range(T):
                        left = blocks_A[r, c].get()
                        right = blocks_B[r, c].get()
                        for i in range(m):
                            for j in range(n):
                                for d in range(k):
                                    sums[i, j] += left[i, d] * right[d, j]
                    blocks_C[r, c].put(sums)

        @kernel(mapping=[rows, columns])
        def receive_C(C: result[M, N]):
            r, c = get_pid()
            for p in range(P):
                for q in range(Q):
                    top, left = (p * rows + r) * m, (q * columns + c) * n
                    C[top : top + m, left : left + n] = blocks_C[r, c].get()

    found: Region = gemm
    return found


def _uneven(name: str, size: int, part: int) -> ProgramError:
    title = f"`gemm` on cores: {name} is {size}, no multiple of the {part} that a block has"
    hint = f"give {name} as {-(-size // part) * part} and fill up with zeros, or other blocks, `tile=(64, 64, 64)`"
    return ProgramError([Misuse(title=title, span=caller_span(), hint=hint)])
