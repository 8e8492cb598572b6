"""Cuts the loops of a nest into blocks, and runs block by block."""

from collections.abc import Sequence

from spatial.ir.mlir import func, ir, scf
from spatial.schedule.loops.reorder import nest_of, permute
from spatial.schedule.loops.requests import for_loop, wrong
from spatial.schedule.loops.split import split

__all__ = ["tile"]


def tile(function: func.FuncOp, loops: Sequence[ir.OpView], factors: Sequence[int]) -> tuple[scf.ForOp, ...]:
    """Cuts loops of a perfect nest into blocks of `factors` iterations, the loops over blocks outside of those within.

    For `i` and `j` that are `i.outer`, `j.outer`, `i.inner`, `j.inner`: `split` each, then `reorder`, whose rules
    hold.
    """
    if not isinstance(factors, list | tuple):
        raise wrong(f"`tile` takes a list of factors, not `{factors!r}`", 'write `tile(["i", "j"], [4, 4])`')
    if not loops or len(loops) != len(factors):
        title = f"`tile` takes a factor for each loop, these are {len(loops)} loops and {len(factors)} factors"
        raise wrong(title, 'write `tile(["i", "j"], [4, 4])`')
    counting = [for_loop(loop, "tile") for loop in loops]
    if len(counting) > 1:
        nest_of(counting, "tile")
    pairs = [split(function, loop, factor) for loop, factor in zip(counting, factors, strict=True)]
    return permute(function, [outer for outer, _ in pairs] + [inner for _, inner in pairs], "tile")
