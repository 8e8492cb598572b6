"""All dependences of a function, and whether another order of its accesses keeps them."""

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property

import islpy

from spatial.analysis.dependence.accesses import Access, Loop, Resource, common_loops
from spatial.analysis.dependence.dependence import Dependence
from spatial.analysis.dependence.orders import Orders
from spatial.analysis.dependence.reductions import Reduction, reductions
from spatial.analysis.dependence.scopes import Scope, scopes_of
from spatial.analysis.dependence.sets import (
    Names,
    Time,
    Undecided,
    before,
    bounded,
    differ,
    same,
    touched,
    values_named,
)
from spatial.analysis.dependence.violation import Violation
from spatial.analysis.dependence.walk import Walk
from spatial.ir.mlir import func, ir

__all__ = ["Dependences"]


class Dependences:
    """What must stay in order in one function, as it is now.

    `accesses` and `loops` are in the order of the text. That a value is computed before it is used
    is not among it: MLIR holds that by itself.
    """

    def __init__(self, function: func.FuncOp) -> None:
        walk = Walk(function)
        self.accesses: tuple[Access, ...] = tuple(walk.accesses)
        self.loops: tuple[Loop, ...] = tuple(walk.loops)
        variables = {loop.variable for loop in self.loops}
        named = {value: None for access in self.accesses for value in values_named(access) if value not in variables}
        self.parameters: Names = {value: f"p{number}" for number, value in enumerate(named)}
        self._values = walk.values

    @classmethod
    def of(cls, function: func.FuncOp) -> "Dependences":
        """The dependences of a function."""
        return cls(function)

    @cached_property
    def times(self) -> Mapping[ir.Operation, tuple[Time, ...]]:
        """When each operation happens: places in the text and variables of its loops, `i0`, `i1`, …, in turn."""
        return {access.op.operation: access.times for access in self.accesses}

    @cached_property
    def reductions(self) -> tuple[Reduction, ...]:
        """The updates that may happen in any order, those of floats in loops whose order the user leaves open."""
        return tuple(reductions(self.accesses, self._values))

    @cached_property
    def scopes(self) -> Mapping[Access, Scope]:
        """For each access to a local its scope, where there is one."""
        found = {}
        for resource, accesses in self._by_resource.items():
            if resource.local is not None:
                for scope in scopes_of(accesses, self.parameters):
                    found.update(dict.fromkeys(scope.accesses, scope))
        return found

    @cached_property
    def all(self) -> tuple[Dependence, ...]:
        """Every dependence, in the order of the sources, then of the sinks; none is empty."""
        found: list[Dependence] = []
        for accesses in self._by_resource.values():
            for first, second in itertools.combinations_with_replacement(accesses, 2):
                if first.writes or second.writes:
                    found += self._between(first, second)
        return tuple(sorted(found, key=lambda each: (each.source.order, each.sink.order)))

    def violated(
        self, times: Mapping[ir.Operation, Sequence[Time]], *, own: Collection[ir.Value] = ()
    ) -> Violation | None:
        """A dependence that these times break, with an example; None where all are kept.

        An operation without a time keeps the one it has. Of the locals `own` every copy of their scope has its own.
        """
        return Orders(self.times, times, self.parameters).violated(self.all, own)

    def carried(self, loop: Loop | ir.OpView) -> list[Dependence]:
        """The dependences between different iterations of a loop, where all loops around it are the same."""
        operation = (loop.op if isinstance(loop, Loop) else loop).operation
        found = []
        for each in self.all:
            depth = _depth(each.source, operation)
            if depth is not None and depth < common_loops(each.source, each.sink):
                sizes = len(each.source.loops), len(each.sink.loops)
                kept = same(*sizes, tuple(range(depth))).intersect(differ(*sizes, (depth,)))
                found += list(_restricted(each, kept))
        return found

    @cached_property
    def _by_resource(self) -> Mapping[Resource, list[Access]]:
        found: dict[Resource, list[Access]] = {}
        for access in self.accesses:
            found.setdefault(access.resource, []).append(access)
        return found

    @cached_property
    def _updates(self) -> Mapping[Access, Reduction]:
        return {access: each for each in self.reductions for access in (each.load, each.store)}

    def _between(self, first: Access, second: Access) -> Iterator[Dependence]:
        """The dependences between two accesses to one resource, either way."""
        ways = [(first, second)] if first is second else [(first, second), (second, first)]
        for source, sink in ways:
            common = common_loops(source, sink)
            if common or source.order < sink.order:
                yield from self._split(self._dependence(source, sink, common))

    def _dependence(self, source: Access, sink: Access, common: int) -> Dependence:
        sizes = len(source.loops), len(sink.loops)
        ordered = before(*sizes, common, source.order < sink.order)
        ordered = ordered.intersect(same(*sizes, tuple(range(len(source.resource.owners)))))
        kind = _kind(source, sink)
        try:
            with bounded():
                conflicts = touched(source, self.parameters).apply_range(touched(sink, self.parameters).reverse())
                return Dependence(kind=kind, source=source, sink=sink, relation=conflicts.intersect(ordered))
        except Undecided:
            return Dependence(kind=kind, source=source, sink=sink, relation=ordered, exact=False)

    def _split(self, whole: Dependence) -> Iterator[Dependence]:
        """The parts of a dependence that must be kept, and those that are only one of updates or of scopes."""
        scopes = self.scopes.get(whole.source), self.scopes.get(whole.sink)
        kept = whole.relation
        sizes = len(whole.source.loops), len(whole.sink.loops)
        if scopes[0] is not None and scopes[1] is not None:
            depths = tuple(range(scopes[0].depth))
            apart = kept if scopes[0] is not scopes[1] else kept.intersect(differ(*sizes, depths))
            kept = kept.subtract(kept) if scopes[0] is not scopes[1] else kept.intersect(same(*sizes, depths))
            yield from _part(whole, apart, scopes=(scopes[0], scopes[1]))
        updates = self._updates.get(whole.source), self._updates.get(whole.sink)
        if updates[0] is not None and updates[1] is not None:
            free = _free(updates[0], updates[1], whole, sizes)
            if free is not None:
                yield from _part(whole, kept.intersect(free), updates=(updates[0], updates[1]))
                kept = kept.subtract(free)
        yield from _part(whole, kept)


def _kind(source: Access, sink: Access) -> str:
    if source.resource.kind != "array":
        return source.resource.kind
    if source.writes:
        return "flow" if sink.reads else "output"
    return "anti"


def _free(one: Reduction, other: Reduction, whole: Dependence, sizes: tuple[int, int]) -> islpy.Map | None:
    """The pairs of iterations of which the updates may come in either order; None where there are none."""
    if one.operator != other.operator or one.floating != other.floating or not one.apart(other):
        return None
    common = common_loops(whole.source, whole.sink)
    marked = [depth for depth in range(common) if not one.floating or whole.source.loops[depth].any_order]
    if one.floating and not marked:
        return None
    fixed = tuple(depth for depth in range(common) if depth not in marked)
    pairs = same(*sizes, fixed)
    return pairs.intersect(differ(*sizes, tuple(marked))) if one is other else pairs


def _part(
    whole: Dependence,
    relation: islpy.Map,
    *,
    updates: tuple[Reduction, Reduction] | None = None,
    scopes: tuple[Scope, Scope] | None = None,
) -> Iterator[Dependence]:
    if not relation.is_empty():
        yield Dependence(
            kind=whole.kind,
            source=whole.source,
            sink=whole.sink,
            relation=relation,
            exact=whole.exact,
            updates=updates,
            scopes=scopes,
        )


def _restricted(each: Dependence, to: islpy.Map) -> Iterator[Dependence]:
    yield from _part(each, each.relation.intersect(to), updates=each.updates, scopes=each.scopes)


def _depth(access: Access, operation: ir.Operation) -> int | None:
    """How deep in the loops of an access a loop is."""
    return next((depth for depth, loop in enumerate(access.loops) if loop.op.operation == operation), None)
