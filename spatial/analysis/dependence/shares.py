"""Divides the pairs of iterations of two accesses by what their order is needed for."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import islpy

from spatial.analysis.dependence.accesses import Access, common_loops
from spatial.analysis.dependence.reductions import Reduction
from spatial.analysis.dependence.scopes import Scope
from spatial.analysis.dependence.sets import before, same

__all__ = ["Share", "shares"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """Pairs of iterations of two accesses that share `common` loops, by the first of these in which they differ.

    Those of `levels` do; with `behind` there are also those that are the same in all common loops.
    """

    sizes: tuple[int, int]
    common: int
    levels: tuple[int, ...]
    behind: bool

    @property
    def pairs(self) -> islpy.Map:
        """The pairs as a set."""
        return before(*self.sizes, self.levels, self.common if self.behind else None)

    @property
    def none(self) -> "Earlier":
        """No pairs."""
        return replace(self, levels=(), behind=False)

    def differing(self, depth: int) -> "Earlier":
        """Those that differ in the first `depth` loops."""
        return replace(self, levels=tuple(level for level in self.levels if level < depth), behind=False)

    def agreeing(self, depth: int) -> "Earlier":
        """Those that are the same in the first `depth` loops."""
        return replace(self, levels=tuple(level for level in self.levels if level >= depth))


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Pairs of iterations, the earlier one first: those of two updates, those of two scopes, or those of neither."""

    pairs: islpy.Map
    updates: tuple[Reduction, Reduction] | None = None
    scopes: tuple[Scope, Scope] | None = None


def shares(
    source: Access,
    sink: Access,
    scopes: tuple[Scope | None, Scope | None],
    updates: tuple[Reduction | None, Reduction | None],
) -> Iterator[Share]:
    """All pairs of which the source is earlier and can have the same memory."""
    common = common_loops(source, sink)
    every = Earlier(
        sizes=(len(source.loops), len(sink.loops)),
        common=common,
        levels=tuple(range(len(source.resource.owners), common)),
        behind=source.order < sink.order,
    )
    first, second = scopes
    if first is not None and second is not None:
        apart = every.differing(first.depth) if first is second else every
        yield Share(pairs=apart.pairs, scopes=(first, second))
        every = every.agreeing(first.depth) if first is second else every.none
    yield from _of_updates(source, every, updates)


def _of_updates(source: Access, every: Earlier, updates: tuple[Reduction | None, Reduction | None]) -> Iterator[Share]:
    """The pairs that may change places as two updates of one reduction, and the rest."""
    one, other = updates
    alike = one is not None and other is not None and one.operator == other.operator and one.apart(other)
    if one is None or other is None or not alike or one.floating != other.floating:
        yield Share(pairs=every.pairs)
        return
    fixed = tuple(depth for depth in range(every.common) if one.floating and not source.loops[depth].any_order)
    if one.floating and len(fixed) == every.common:
        yield Share(pairs=every.pairs)
        return
    free = every.differing(every.common) if one is other else every
    if not fixed:
        yield Share(pairs=free.pairs, updates=(one, other))
        yield Share(pairs=(every.agreeing(every.common) if one is other else every.none).pairs)
        return
    pairs = free.pairs.intersect(same(*every.sizes, fixed))
    yield Share(pairs=pairs, updates=(one, other))
    yield Share(pairs=every.pairs.subtract(pairs))
