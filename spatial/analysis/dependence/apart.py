"""Accesses that never touch one element, as far as their remainders tell: `A[2*i]` and `A[2*i + 1]`."""

import math

from spatial.analysis.dependence.accesses import Access, Loop
from spatial.analysis.dependence.affine import Affine, Floor
from spatial.ir.mlir import ir

__all__ = ["surely_apart"]


def surely_apart(first: Access, second: Access) -> bool:
    """Whether two indices differ by what no multiple of the steps of their loops makes up for."""
    loops = {loop.variable: loop for loop in (*first.loops, *second.loops) if loop.variable is not None}
    pairs = zip(first.indices, second.indices, strict=True)
    return any(one is not None and other is not None and _never_equal(one, other, loops) for one, other in pairs)


def _never_equal(one: Affine, other: Affine, loops: dict[ir.Value, Loop]) -> bool:
    gap = one.constant - other.constant
    varying: list[int] = []
    fixed: dict[ir.Value, int] = {}
    for sum_, sign in ((one, 1), (other, -1)):
        for leaf, count in sum_.terms:
            if isinstance(leaf, Floor):
                varying.append(count)
            elif leaf in loops:
                start, step = _progress(loops[leaf])
                gap += sign * count * start
                varying.append(count * step)
            else:
                fixed[leaf] = fixed.get(leaf, 0) + sign * count
    common = math.gcd(*varying, *fixed.values())
    return gap % common != 0 if common else gap != 0


def _progress(loop: Loop) -> tuple[int, int]:
    """Where a loop's variable starts and by how much it grows, as far as that is constant."""
    if len(loop.low) == 1 and not loop.low[0].terms:
        return loop.low[0].constant, loop.step
    return 0, 1
