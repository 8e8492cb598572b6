"""Attention."""

import math
from typing import no_type_check

from spatial.customize.schedule import Schedule
from spatial.kernel.words.functions import exp
from spatial.kernel.words.markers import grid
from spatial.nn.asked import checked
from spatial.nn.operator import Operator, loops_in, operator
from spatial.types.dtype import DType, float32

__all__ = ["attention"]

ORDERS = {
    "rows": (1, 0),
    "zeros": (1, 2, 0),
    "outputs": (1, 2, 0),
    "products": (1, 3, 2, 0),
    "greatest": (2, 1, 0),
    "powers": (2, 1, 0),
    "shares": (2, 1, 0),
    "results": (1, 2, 3, 0),
}
"""The loops of each band as the schedule orders them: heads innermost, and what a sum is added to takes turns."""


@checked
def attention(
    T: int,
    D: int,
    heads: int = 1,
    dtype: DType = float32,
    *,
    causal: bool = False,
    lanes: int | None = None,
    name: str = "attention",
) -> Operator:
    """`attention(Q, K, V, Y)`: softmax(Q K^T / sqrt(d)) V in each head: `Q`, `K`, `V`, `Y: dtype[T, D]`, for floats.

    Head h has the columns from h d on, d = D / `heads`. With `causal` row i sees rows up to i (Vaswani et al., 2017).
    Each score is a sum over the columns in their order, times `1 / sqrt(d)`; the softmax of a row of scores is that
    of `ops.softmax`; each result is a sum over the rows of V in their order. Every operation rounds to `dtype`.

    `lanes` heads, which divides `heads` and is all if left out, are worked on side by side. From T = 10 and d = 10
    on, no cycle is lost to sums on an FPGA at 300 MHz. Takes 2 T T D / `lanes` cycles for products, 4 T T `heads` /
    `lanes` for the softmax, and the latency of `exp`.
    """
    d, scale, unseen = D // heads, 1 / math.sqrt(D // heads), float("-inf")

    @no_type_check
    def attention(Q: dtype[T, D], K: dtype[T, D], V: dtype[T, D], Y: dtype[T, D]):
        scores: dtype[heads, T, T]
        most: dtype[heads, T]
        total: dtype[heads, T]
        for h, i in grid(heads, T, name="rows"):
            most[h, i] = unseen
            total[h, i] = 0
        for h, i, j in grid(heads, T, T, name="zeros"):
            scores[h, i, j] = 0
        for h, i, k in grid(heads, T, d, name="outputs"):
            Y[i, h * d + k] = 0
        for h, i, j, k in grid(heads, T, T, d, name="products"):
            scores[h, i, j] += Q[i, h * d + k] * K[j, h * d + k]
        for h, i, j in grid(heads, T, T, name="greatest"):
            seen = scores[h, i, j] * scale if j <= i or not causal else unseen
            scores[h, i, j] = seen
            most[h, i] = max(most[h, i], seen)
        for h, i, j in grid(heads, T, T, name="powers"):
            power = exp(scores[h, i, j] - most[h, i])
            total[h, i] += power
            scores[h, i, j] = power
        for h, i, j in grid(heads, T, T, name="shares"):
            scores[h, i, j] = scores[h, i, j] / total[h, i]
        for h, i, j, k in grid(heads, T, T, d, name="results"):
            Y[i, h * d + k] += scores[h, i, j] * V[j, h * d + k]

    L = lanes or heads
    return operator(attention, name, lambda s: _heads_side_by_side(s, heads, L), (2 * D + 3 * heads) * T * T, L)


def _heads_side_by_side(s: Schedule, heads: int, lanes: int) -> None:
    """Works on heads at once, and lets the sums of a row take turns."""
    for band, order in ORDERS.items():
        loops = loops_in(s, band)
        s.reorder(*(loops[place] for place in order))
        if lanes > 1:
            s.unroll(loops[0], lanes)
    if lanes > 1:
        for array in ("scores", "most", "total"):
            s.partition(array, "cyclic", dim=0, factor=lanes)
        for array in ("Q", "K", "V", "Y"):
            s.partition(array, "block", dim=1, factor=heads)
