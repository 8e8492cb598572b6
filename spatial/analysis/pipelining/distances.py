"""How many iterations lie between two accesses to one element, where indices are sums of loop variables."""

import math
import operator
from collections.abc import Iterator, Mapping, Sequence

from spatial.analysis.pipelining.apart import always_apart
from spatial.analysis.pipelining.places import Nest, Place
from spatial.ir.mlir import ir

__all__ = ["meets", "reuse"]

FAR = 256  # iterations; few operators take as many cycles
NEAR = 2  # how far from the best quotient a loop's share of a distance is looked for


def reuse(first: tuple[Place, ...] | None, later: tuple[Place, ...] | None, nest: Nest | None) -> int | None:
    """The least number of iterations, at least 1, after which `later` may touch what `first` touched.

    None where that never happens; 1 where it is not known.
    """
    if first is None or later is None or nest is None:
        return 1
    if any(_terms(a) != _terms(b) for a, b in zip(first, later, strict=True)):
        return None if always_apart(first, later, nest.variables) else 1
    shares: dict[int, int] = {}
    for a, b in zip(first, later, strict=True):
        used = [v for v in _terms(a) if v in nest.variables]
        gap = a.constant - b.constant
        if not used:
            if gap:
                return None
            continue
        if len(used) > 1:
            return _nearest([_equation(a, b, nest) for a, b in zip(first, later, strict=True)], nest.counts)
        loop = nest.variables.index(used[0])
        stride = a.terms[used[0]] * nest.steps[loop]
        share, rest = divmod(gap, stride)
        if rest or shares.setdefault(loop, share) != share:
            return None
        count = nest.counts[loop]
        if count is not None and abs(share) >= count:
            return None
    return _least(shares, nest)


def meets(first: tuple[Place, ...] | None, later: tuple[Place, ...] | None) -> bool:
    """Whether two accesses of one iteration may touch the same element."""
    if first is None or later is None:
        return True
    pairs = list(zip(first, later, strict=True))
    if any(a.constant != b.constant and a.terms == b.terms for a, b in pairs):
        return False
    return all(a.terms == b.terms for a, b in pairs) or not always_apart(first, later, ())


def _terms(place: Place) -> dict[ir.Value, int]:
    """The values that an index is made of."""
    return {value: count for value, count in place.terms.items() if count}


def _equation(first: Place, later: Place, nest: Nest) -> tuple[tuple[int, ...], int]:
    """How far each loop's next iteration moves an index, and how far apart two accesses are in one iteration."""
    moves = (first.terms.get(v, 0) * step for v, step in zip(nest.variables, nest.steps, strict=True))
    return tuple(moves), first.constant - later.constant


def _nearest(equations: Sequence[tuple[tuple[int, ...], int]], counts: Sequence[int | None]) -> int:
    """The least positive distance at which all indices meet, or one beyond which it does not matter."""
    for distance in range(1, FAR):
        for shares in _decomposed(distance, counts):
            if all(sum(map(operator.mul, moves, shares)) == gap for moves, gap in equations):
                return distance
    return FAR


def _decomposed(distance: int, counts: Sequence[int | None]) -> Iterator[tuple[int, ...]]:
    """By how much the variables of a nest can differ, in iterations, where so many iterations lie between."""
    *outer, count = counts
    if not outer:
        if count is None or abs(distance) < count:
            yield (distance,)
        return
    assert count is not None, "only the outermost loop of a nest may have any number of iterations"
    for share in {distance % count, distance % count - count if distance % count else 0}:
        for shares in _decomposed((distance - share) // count, outer):
            yield (*shares, share)


def _least(shares: Mapping[int, int], nest: Nest) -> int | None:
    """The least positive distance if the loops in `shares` differ by so many iterations, the others by any number."""
    counts = nest.counts
    strides = [math.prod(count or 1 for count in counts[loop + 1 :]) for loop in range(len(counts))]
    found: list[int] = []

    def choose(loop: int, so_far: int) -> None:
        if loop == len(counts):
            if so_far > 0:
                found.append(so_far)
            return
        count = counts[loop]
        if loop in shares:
            choose(loop + 1, so_far + shares[loop] * strides[loop])
            return
        most = NEAR if count is None else count - 1
        rest = so_far + sum(share * strides[other] for other, share in shares.items() if other > loop)
        best = -round(rest / strides[loop])
        best = best if count is None else max(-most, min(most, best))
        for share in range(best - NEAR, best + NEAR + 1):
            if abs(share) <= most or count is None:
                choose(loop + 1, so_far + share * strides[loop])

    choose(0, 0)
    return min(found, default=None)
