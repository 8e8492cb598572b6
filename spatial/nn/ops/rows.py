"""Functions of each row of a matrix of floats."""

from typing import no_type_check

from spatial.customize.schedule import Schedule
from spatial.kernel.words.functions import exp, sqrt
from spatial.kernel.words.markers import grid
from spatial.nn.asked import checked
from spatial.nn.operator import Operator, loops_in, operator
from spatial.types.dtype import DType, float32

__all__ = ["layer_norm", "softmax"]


@checked
def softmax(N: int, D: int, dtype: DType = float32, *, lanes: int = 1, name: str = "softmax") -> Operator:
    """`softmax(X, Y)` of each row: `X: dtype[N, D]`, `Y: dtype[N, D]`, for floats.

    Three passes: the greatest element m of a row, the powers `exp(x - m)` and their sum in the order of the columns,
    each power divided by the sum. Every operation rounds to `dtype`; the word `sp.softmax` computes in float64 and
    rounds once. `lanes` rows, which divides N, are worked on side by side, others in turn: from N = 10 `lanes` on,
    no cycle is lost to sums on an FPGA at 300 MHz. Takes 3 N D / `lanes` cycles, and the latency of `exp`.
    """

    @no_type_check
    def softmax(X: dtype[N, D], Y: dtype[N, D]):
        most: dtype[N]
        total: dtype[N]
        for i in range(N):
            most[i] = X[i, 0]
            total[i] = 0
        for i, j in grid(N, D, name="greatest"):
            most[i] = max(most[i], X[i, j])
        for i, j in grid(N, D, name="powers"):
            power = exp(X[i, j] - most[i])
            total[i] += power
            Y[i, j] = power
        for i, j in grid(N, D, name="shares"):
            Y[i, j] = Y[i, j] / total[i]

    bands, arrays = ("greatest", "powers", "shares"), ("X", "Y", "most", "total")
    return operator(softmax, name, lambda s: _rows_in_turn(s, bands, lanes, arrays), 3 * N * D, lanes)


@checked
def layer_norm(
    N: int, D: int, dtype: DType = float32, *, eps: float = 1e-5, lanes: int = 1, name: str = "layer_norm"
) -> Operator:
    """`layer_norm(X, gamma, beta, Y)` of each row: `X`, `Y: dtype[N, D]`, `gamma`, `beta: dtype[D]`, for floats.

    Three passes: the sum of a row, which gives its mean; the sum of the squares of what differs from it, which gives
    the variance and `scale = 1 / sqrt(variance + eps)`; `(x - mean) * scale * gamma + beta` from left to right. Sums
    are in the order of the columns, both are multiplied by `1 / D`, and every operation rounds to `dtype`; the word
    `sp.layer_norm` computes in float64 and rounds once (Ba, Kiros and Hinton, 2016). `lanes` is as for `softmax`.
    """
    part = 1 / D

    @no_type_check
    def layer_norm(X: dtype[N, D], gamma: dtype[D], beta: dtype[D], Y: dtype[N, D]):
        mean: dtype[N] = 0
        scale: dtype[N] = 0
        for i, j in grid(N, D, name="sums"):
            mean[i] += X[i, j]
        for i in range(N):
            mean[i] = mean[i] * part
        for i, j in grid(N, D, name="squares"):
            apart = X[i, j] - mean[i]
            scale[i] += apart * apart
        for i in range(N):
            scale[i] = 1 / sqrt(scale[i] * part + eps)
        for i, j in grid(N, D, name="results"):
            Y[i, j] = (X[i, j] - mean[i]) * scale[i] * gamma[j] + beta[j]

    bands, arrays = ("sums", "squares", "results"), ("X", "Y", "mean", "scale")
    return operator(layer_norm, name, lambda s: _rows_in_turn(s, bands, lanes, arrays), 3 * N * D, lanes)


def _rows_in_turn(s: Schedule, bands: tuple[str, ...], lanes: int, arrays: tuple[str, ...]) -> None:
    """Goes through each column in all rows before the next one, with `lanes` rows at once."""
    for name in bands:
        row, column = loops_in(s, name)
        s.reorder(column, row)
        if lanes > 1:
            s.unroll(row, lanes)
    if lanes > 1:
        for array in arrays:
            s.partition(array, "cyclic", dim=0, factor=lanes)
