"""Functions of each element of a matrix."""

from typing import no_type_check

from spatial.customize.schedule import Schedule
from spatial.kernel.words.functions import gelu as exact_gelu
from spatial.kernel.words.markers import grid
from spatial.nn.asked import checked
from spatial.nn.operator import Operator, operator
from spatial.types.dtype import DType, float32

__all__ = ["gelu"]


@checked
def gelu(N: int, D: int, dtype: DType = float32, *, lanes: int = 1, name: str = "gelu") -> Operator:
    """`gelu(X, Y)`, element by element: `X: dtype[N, D]`, `Y: dtype[N, D]`, for floats.

    It is the word `sp.gelu`, `x * erfc(-x / sqrt(2)) / 2` in float64, rounded once to `dtype` (Hendrycks and Gimpel,
    2016; no approximation by `tanh`). `lanes` elements of a row, which divides D, are worked on in each cycle.
    """

    @no_type_check
    def gelu(X: dtype[N, D], Y: dtype[N, D]):
        for i, j in grid(N, D):
            Y[i, j] = exact_gelu(X[i, j])

    return operator(gelu, name, lambda s: _side_by_side(s, lanes), N * D, lanes)


def _side_by_side(s: Schedule, lanes: int) -> None:
    """Works on `lanes` columns at once."""
    if lanes > 1:
        s.unroll("j", lanes)
        s.partition("X", "cyclic", dim=1, factor=lanes)
        s.partition("Y", "cyclic", dim=1, factor=lanes)
