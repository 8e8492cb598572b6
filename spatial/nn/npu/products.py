"""Products of matrices on a grid of cores."""

import math
from collections.abc import Mapping
from typing import no_type_check

from spatial.kernel.declared.definition import kernel
from spatial.meta.markers import get_pid, meta_else, meta_for, meta_if
from spatial.nn.asked import checked
from spatial.nn.npu.estimate import cycles_of
from spatial.nn.npu.fitting import LEAST, MEMORY, MOST, Product, Tile, blocks_of, fitted, parts
from spatial.region.definition import Region, region
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span
from spatial.stream.stream import Stream
from spatial.types.dtype import DType, bfloat16, float32, int8, is_integer

__all__ = ["TILES", "gemm"]

TILES: Mapping[str, Tile] = {"int8": (64, 64, 128), "int16": (64, 64, 64), "bfloat16": (64, 64, 64)}
"""Rows, depth and columns of the blocks that published designs have for 16 cores."""


@checked
def gemm(
    M: int,
    K: int,
    N: int,
    dtype: DType = int8,
    *,
    out: DType | None = None,
    sums: DType | None = None,
    cores: tuple[int, int] = (4, 4),
    tile: tuple[int, int, int] | None = None,
) -> Region:
    """`gemm(A, B, C)` with C = A B on rows x columns of `cores`: `A: dtype[M, K]`, `B: dtype[K, N]`, `C: out[M, N]`.

    A core has a block of C at a time, which it sums up over blocks of A, sent to all cores of a row, and of B,
    sent to all of a column. So A is sent once for each block of columns that all cores make together, B once for each
    such block of rows. `out` is `dtype` unless it is given. Products are added up in order of K, in the type `sums`:
    float32 for bfloat16, else that of the result, in which integers wrap. `tile` are the rows, depth and columns of the
    blocks, by default those that fit a core, divide the sizes and take least time by an estimate. Of cores, as many are
    used in each direction as divide the blocks. Raises `ProgramError` where the sizes cannot be cut into such blocks,
    or `tile` does not divide them or is more than a core's memory holds.
    """
    result = out or dtype
    total = sums or (float32 if dtype == bfloat16 else result)
    wanted = Product(sizes=(M, K, N), factor=dtype, sums=total, result=result, cores=cores)
    m, k, n = tile or _best(wanted)
    _check(wanted, (m, k, n))
    rows, P = blocks_of(M // m, cores[0])
    columns, Q = blocks_of(N // n, cores[1])
    T = K // k

    apart = total != result
    exact = is_integer(dtype) or total == dtype

    @no_type_check
    @region()
    def gemm(A: dtype[M, K], B: dtype[K, N], C: result[M, N]):
        blocks_A: Stream[dtype[m, k], 2][rows, columns]
        blocks_B: Stream[dtype[k, n], 2][rows, columns]
        blocks_C: Stream[result[m, n], 1 if apart else 2][rows, columns]

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
                    made: total[m, n] = 0
                    for _t in range(T):
                        left = blocks_A[r, c].get()
                        right = blocks_B[r, c].get()
                        for i in range(m):
                            for j in range(n):
                                for d in range(k):
                                    with meta_if(exact):
                                        made[i, j] += left[i, d] * right[d, j]
                                    with meta_else():
                                        factor: total = left[i, d]
                                        other: total = right[d, j]
                                        made[i, j] += factor * other
                    with meta_if(apart):
                        narrow: result[m, n] = 0
                        for i in range(m):
                            for j in range(n):
                                narrow[i, j] = made[i, j]
                        blocks_C[r, c].put(narrow)
                    with meta_else():
                        blocks_C[r, c].put(made)

        @kernel(mapping=[rows, columns])
        def receive_C(C: result[M, N]):
            r, c = get_pid()
            for p in range(P):
                for q in range(Q):
                    top, left = (p * rows + r) * m, (q * columns + c) * n
                    C[top : top + m, left : left + n] = blocks_C[r, c].get()

    found: Region = gemm
    return found


def _best(wanted: Product) -> Tile:
    for name, size, step in zip("MKN", wanted.sizes, wanted.steps, strict=True):
        if not parts(size, step):
            words = " into whole words" if step > 1 else ""
            title = f"`gemm` on cores: {name} is {size}, which no blocks of {LEAST} to {MOST} divide{words}"
            raise _refused(title, _filled(name, size, math.lcm(step, LEAST)))
    found = fitted(wanted)
    if not found:
        m, k, n = (min(parts(size, step)) for size, step in zip(wanted.sizes, wanted.steps, strict=True))
        raise _refused(*_too_large(wanted, (m, k, n)))
    return min(found, key=lambda tile: (cycles_of(wanted, tile), tile))


def _check(wanted: Product, tile: Tile) -> None:
    for name, size, part, step in zip("MKN", wanted.sizes, tile, wanted.steps, strict=True):
        if size % part:
            title = f"`gemm` on cores: {name} is {size}, no multiple of the {part} that a block has"
            raise _refused(title, f"{_filled(name, size, part)}, or leave `tile` out")
        if part % step:
            title = f"`gemm` on cores: a row of {part} elements in a block is not whole words of 4 bytes"
            raise _refused(title, f"give `tile` with a multiple of {step} for {name}")
    if not wanted.fits(tile):
        raise _refused(*_too_large(wanted, tile))


def _too_large(wanted: Product, tile: Tile) -> tuple[str, str]:
    m, k, n = tile
    title = f"`gemm` on cores: blocks of {m} x {k} x {n} take {wanted.memory(tile)} bytes of a core, which has {MEMORY}"
    return title, "leave `tile` out, or halve one of its sizes"


def _filled(name: str, size: int, part: int) -> str:
    return f"give {name} as {-(-size // part) * part} and fill up with zeros"


def _refused(title: str, hint: str) -> ProgramError:
    return ProgramError([Misuse(title=title, span=caller_span(), hint=hint)])
