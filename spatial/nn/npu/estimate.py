"""What a product in blocks takes on an NPU, as an estimate: what a prediction of the placed design has, in closed form.

The figures are those of the first generation in `docs/npu-model.md`. Which blocks take least time is nearly the same
on the second one.
"""

import math
from collections.abc import Mapping, Sequence

from spatial.nn.npu.fitting import WORD, Product, Tile, blocks_of, size_of

__all__ = ["cycles_of"]

UNITS: Mapping[str, tuple[int, int, int, float]] = {
    "int8": (4, 8, 8, 16.5),
    "uint8": (4, 8, 8, 16.5),
    "int16": (4, 4, 4, 20.8),
    "uint16": (4, 4, 4, 20.8),
    "bfloat16": (4, 8, 4, 30.5),
}
"""Rows, depth and columns of what a core multiplies in a cycle; cycles for four results of that to begin and end."""

OTHER = (1, 16, 1, 16.0)  # where there is no such unit
STEP = 100  # cycles to take a block of each factor, and give it back
ROUND = 25_000  # cycles between one block of rows and the next: transfers are queued anew, and pipelines fill
NARROWED = 8  # results that become another type in a cycle
BURST, PAGE = 64, 4096  # bytes that memory of the host gives at least, and of a page
REACH = 512  # pages that are known
LOOKED = 33  # cycles to look one up
SHARED = 60.0  # bytes a cycle that all transfers have together

Walk = Sequence[tuple[int, int]]


def cycles_of(wanted: Product, tile: Tile) -> float:
    """The cycles of a product in such blocks: a core computes, or waits for blocks that take longer to arrive."""
    (m, k, n), (M, K, N) = tile, wanted.sizes
    (R, P), (C, Q) = blocks_of(M // m, wanted.cores[0]), blocks_of(N // n, wanted.cores[1])
    T, size, result = K // k, size_of(wanted.factor), size_of(wanted.result)
    left = _arrives(((P, R * m * K), (Q, 0), (T, k), (m, K), (k, 1)), m * k, size, R + C)
    right = _arrives(((P, 0), (Q, C * n), (T, k * N), (k, N), (n, 1)), k * n, size, R + C)
    made = _arrives(((P, R * m * N), (Q, C * n), (m, N), (n, 1)), m * n, result, R + C)
    step = max(_computed(wanted, tile), left, right) + STEP
    narrowed = m * n / NARROWED if wanted.sums != wanted.result else 0
    rounds = P if P > 1 and Q > 1 else 0
    return P * Q * (T * step + narrowed) + left + right + made + rounds * ROUND


def _computed(wanted: Product, tile: Tile) -> float:
    """The cycles of a block, two by two results of the unit at a time."""
    m, k, n = tile
    rows, depth, columns, fill = UNITS.get(str(wanted.factor), OTHER)
    return math.ceil(m / (2 * rows)) * math.ceil(n / (2 * columns)) * (4 * math.ceil(k / depth) + fill)


def _arrives(walk: Walk, count: int, size: int, streams: int) -> float:
    """The cycles of a block of `count` elements between the host and the array, where so many streams share memory."""
    run, outer = walk[-1][0], walk[:-1]
    while outer and (outer[-1][1] == run or outer[-1][0] == 1):
        run, outer = run * outer[-1][0], outer[:-1]
    rows = max(1, count // run)
    moved = max(count * size / WORD, rows * max(min(run, count) * size, BURST) * streams / SHARED)
    blocks = math.prod(extent for extent, _ in walk) / count
    return moved + _pages(outer, run * size, size) / blocks * LOOKED


def _pages(outer: Walk, row: float, size: int) -> float:
    """The pages that are looked up in all of a walk: those that it comes back to are known, if they are few."""
    used = looked = max(1.0, row / PAGE)
    for extent, stride in reversed(outer):
        step = stride * size / PAGE
        union = used * (max(1.0, extent * step) if step < 1 else extent)
        looked = union if step < 1 and used <= REACH else looked * extent
        used = union
    return looked
