"""Which iterations of a nest belong to each iteration of other loops, as bounds of loops."""

from collections.abc import Sequence
from dataclasses import dataclass

import islpy

from spatial.analysis.dependence.affine import Affine
from spatial.analysis.dependence.sets import IN, OUT
from spatial.ir.mlir import ir
from spatial.schedule.loops.sums import Extreme, extreme_of, sum_of

__all__ = ["Part", "Side", "Space", "part_of", "places_of", "turned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """Loops of which the first `shared` are those of another nest too, with all of their iterations."""

    variables: tuple[ir.Value, ...]
    iterations: islpy.Set
    shared: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What a loop goes through: from `low` to `high`, both in it, which are `extent` apart where that is known."""

    low: Extreme
    high: Extreme
    extent: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The part of a nest that belongs to an iteration of other loops: the sides of its loops, the outermost first.

    `executed` are all pairs of iterations, those of the other loops first. Nothing belongs to iterations in which one
    of the sums `guard` is below 0.
    """

    sides: tuple[Side, ...]
    guard: tuple[Affine, ...]
    executed: islpy.Map


def part_of(wanted: islpy.Map, outer: Space, inner: Space, parameters: Sequence[ir.Value]) -> Part | None:
    """The least part of a nest, loop by loop, with all wanted pairs of iterations; None if loops cannot say it.

    The pairs are of iterations of the outer loops and of those of the inner loops that these do not share.
    """
    allowed = _allowed(outer, inner)
    wanted = wanted.intersect(allowed).coalesce()
    guard = _conditions(wanted.domain(), outer, parameters)
    if guard is None:
        return None
    depth, count = wanted.dim(IN), wanted.dim(OUT)
    variables = list(outer.variables)
    executed, sides = wanted.domain(), []
    for level in range(count):
        reached = _level(wanted, depth, level)
        if not executed.is_subset(reached.domain()):
            return None
        low, high = reached.dim_min(0), reached.dim_max(0)
        first, last = (extreme_of(each, variables, parameters) for each in (low, high))
        if first is None or last is None:
            return None
        sides.append(Side(low=first, high=last, extent=_constant(high.sub(low), variables, parameters)))
        between = _between(low, high).intersect(_level(allowed, depth, level))
        executed = between.intersect_domain(executed).wrap().flatten()
        variables.append(inner.variables[inner.shared + level])
    pairs = islpy.Map.from_domain(executed).move_dims(OUT, 0, IN, depth, count)
    return Part(sides=tuple(sides), guard=guard, executed=pairs)


def turned(pairs: islpy.Map, shared: int) -> islpy.Map:
    """Pairs of iterations of two nests, the other way round; the loops that both have stand in the first ones.

    The second ones are without these, before and after.
    """
    count = pairs.dim(IN) - shared
    flat = islpy.Map.from_domain(pairs.wrap().flatten())
    return flat.move_dims(OUT, 0, IN, shared, count)


def places_of(homes: islpy.Map, inner: Space, parameters: Sequence[ir.Value]) -> list[Extreme] | None:
    """Of pairs from the iterations of a nest to those of outer loops, each one's only: these loops' variables, as sums.

    None where no sum says it.
    """
    found = []
    for place in range(homes.dim(OUT)):
        only = homes.project_out(OUT, place + 1, homes.dim(OUT) - place - 1).project_out(OUT, 0, place)
        found.append(extreme_of(only.dim_min(0), inner.variables, parameters))
    return None if None in found else [each for each in found if each is not None]


def _allowed(outer: Space, inner: Space) -> islpy.Map:
    """All pairs of iterations of outer loops and of the inner ones that these do not share."""
    pairs = islpy.Map.from_domain_and_range(outer.iterations, inner.iterations)
    for place in range(inner.shared):
        pairs = pairs.equate(IN, place, OUT, place)
    return pairs.project_out(OUT, 0, inner.shared)


def _level(pairs: islpy.Map, depth: int, level: int) -> islpy.Map:
    """From the outer loops and those of a nest down to a level to what the loop there goes through."""
    pairs = pairs.project_out(OUT, level + 1, pairs.dim(OUT) - level - 1)
    return pairs.move_dims(IN, depth, OUT, 0, level)


def _between(low: islpy.PwAff, high: islpy.PwAff) -> islpy.Map:
    """All numbers from one to another."""
    up, down = (islpy.Map.read_from_str(low.get_ctx(), f"{{ [a] -> [b] : {order} }}") for order in ("a <= b", "b <= a"))
    ends = islpy.Map.from_pw_aff(low).apply_range(up), islpy.Map.from_pw_aff(high).apply_range(down)
    return ends[0].intersect(ends[1])


def _constant(extent: islpy.PwAff, variables: Sequence[ir.Value], parameters: Sequence[ir.Value]) -> int | None:
    """What a function is, if it is the same everywhere."""
    found: set[Affine] = set()
    extent.coalesce().foreach_piece(lambda _, piece: found.add(sum_of(piece, variables, parameters)))
    only = found.pop() if len(found) == 1 else None
    return only.constant if only is not None and not only.terms else None


def _conditions(domain: islpy.Set, outer: Space, parameters: Sequence[ir.Value]) -> tuple[Affine, ...] | None:
    """The sums that are at least 0 in the iterations of a domain, as far as these are fewer than all."""
    parts = domain.gist(outer.iterations).coalesce().get_basic_sets()
    if len(parts) != 1 or parts[0].dim(islpy.dim_type.div):
        return () if outer.iterations.is_subset(domain) else None
    found = []
    for each in parts[0].get_constraints():
        aff = each.get_aff()
        found += [
            sum_of(one, outer.variables, parameters) for one in ([aff, aff.neg()] if each.is_equality() else [aff])
        ]
    return tuple(found)
