"""Convolutions."""

from typing import no_type_check

from spatial.customize.references import LoopLike
from spatial.customize.schedule import Schedule
from spatial.kernel.words.markers import grid
from spatial.nn.asked import checked
from spatial.nn.operator import Operator, operator
from spatial.types.dtype import DType, int8, int32

__all__ = ["conv2d"]

SHIFT_AT_ONCE = 16  # elements of lines that `reuse_at` shifts without a loop


@checked
def conv2d(
    C: int,
    H: int,
    W: int,
    F: int,
    R: int,
    S: int,
    dtype: DType = int8,
    out: DType = int32,
    *,
    lanes: int = 1,
    name: str = "conv2d",
) -> Operator:
    """`conv2d(X, weights, Y)` of C images of H x W with F filters of C x R x S, where filters lie wholly inside.

    `X: dtype[C, H, W]`, `weights: dtype[F, C, R, S]`, `Y: out[F, H - R + 1, W - S + 1]`. Each element is summed up in
    `out`, in the order of channel, row, column, beginning with 0; filters are not turned round.

    R and S are at least 2; a filter of one element is a `gemm`. R rows of X are kept in line buffers, and R x S
    elements of each channel in a window, so that X is read once for each pass; `lanes` filters, which divides F, are
    applied in one pass, an element of each in a cycle. That is F H W / `lanes` cycles and a few for each row, with
    `lanes` C R S multipliers.
    """

    @no_type_check
    def conv2d(X: dtype[C, H, W], weights: dtype[F, C, R, S], Y: out[F, H - R + 1, W - S + 1]):
        for f in range(F):
            for y, x in grid(H - R + 1, W - S + 1):
                total: out = 0
                for c, r, s in grid(C, R, S):
                    total += X[c, y + r, x + s] * weights[f, c, r, s]
                Y[f, y, x] = total

    pixels = F * (H - R + 1) * (W - S + 1)
    return operator(
        conv2d, name, lambda s: _lines_and_window(s, (C, W, F, S), lanes), pixels * C * R * S, lanes * C * R * S
    )


def _lines_and_window(s: Schedule, sizes: tuple[int, int, int, int], lanes: int) -> None:
    """Takes a column of X into the lines and into the window, and applies the filters, in each cycle."""
    C, W, F, S = sizes
    if lanes > 1:
        filters: LoopLike = s.split("f", lanes)[1] if lanes < F else "f"
        s.reorder("y", "x", filters)
        s.parallel(filters)
        s.partition("weights", "cyclic", dim=0, factor=lanes)
        s.partition("Y", "cyclic", dim=0, factor=lanes)
    s.partition("X", dim=0)
    s.partition("weights", dim=[1, 2, 3])
    lines = s.reuse_at("X", "y")
    window = s.reuse_at(lines, "x")
    s.partition(lines, dim=[0, 1] if C > 1 else 0)
    s.partition(window)
    if C * W <= SHIFT_AT_ONCE:
        s.pipeline("x")
        return
    column = f"{lines.name}_2_1"
    if C > 1:
        _inmost(s, f"{lines.name}_0", f"{lines.name}_1", f"{lines.name}_2")
        _inmost(s, f"{lines.name}_0_1", column)
        _inmost(s, f"{window.name}_0", f"{window.name}_1", f"{window.name}_2")
    else:
        _inmost(s, f"{window.name}_0", f"{window.name}_1")
    s.peel(column, first=S - 1)
    s.pipeline(s.simplify(s.fuse(column, "x")))


def _inmost(s: Schedule, loop: str, *inside: str) -> None:
    """Writes out a loop within the loops inside of it."""
    s.reorder(*inside, loop)
    s.unroll(loop)
