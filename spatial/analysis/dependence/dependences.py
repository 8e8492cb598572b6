"""All dependences of a function, and whether another order of its accesses keeps them."""

import itertools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import islpy

from spatial.analysis.dependence.accesses import Access, Loop, Resource, common_loops
from spatial.analysis.dependence.apart import surely_apart
from spatial.analysis.dependence.dependence import Dependence
from spatial.analysis.dependence.orders import Orders
from spatial.analysis.dependence.reductions import Reduction, reductions
from spatial.analysis.dependence.scopes import Scope, scopes_of
from spatial.analysis.dependence.sets import (
    Names,
    Time,
    Undecided,
    bounded,
    differ,
    same,
    touched,
    values_named,
)
from spatial.analysis.dependence.shares import shares
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
        self._pairs: dict[tuple[Access, Access], tuple[Dependence, ...]] = {}
        self._values = walk.values
        self._elements: dict[Access, islpy.Map] = {}

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
        return self.among(lambda first, second: True)

    def among(self, wanted: Callable[[Access, Access], bool]) -> tuple[Dependence, ...]:
        """The dependences between pairs of accesses that are wanted, in their order."""
        found: list[Dependence] = []
        for accesses in self._by_resource.values():
            for first, second in itertools.combinations_with_replacement(accesses, 2):
                if (first.writes or second.writes) and wanted(first, second):
                    if (first, second) not in self._pairs:
                        self._pairs[first, second] = tuple(self._between(first, second))
                    found += self._pairs[first, second]
        return tuple(sorted(found, key=lambda each: (each.source.order, each.sink.order)))

    def violated(
        self, times: Mapping[ir.Operation, Sequence[Time]], *, own: Collection[ir.Value] = ()
    ) -> Violation | None:
        """A dependence that these times break, with an example; None where all are kept.

        An operation without a time keeps the one it has. Of the locals `own` every copy of their scope has its own.
        """
        orders = Orders(self.times, times, self.parameters)
        if orders.violated(self._strict(orders), own) is None:
            return None
        return orders.violated(self.among(orders.may_change), own)

    def carried(self, loop: Loop | ir.OpView) -> list[Dependence]:
        """The dependences between different iterations of a loop, where all loops around it are the same."""
        operation = (loop.op if isinstance(loop, Loop) else loop).operation
        found = []
        for each in self.among(lambda *pair: all(_depth(access, operation) is not None for access in pair)):
            depth = _depth(each.source, operation)
            if depth is not None and depth < common_loops(each.source, each.sink):
                sizes = len(each.source.loops), len(each.sink.loops)
                kept = same(*sizes, tuple(range(depth))).intersect(differ(*sizes, (depth,)))
                relation = each.relation.intersect(kept)
                if not relation.is_empty():
                    found.append(replace(each, relation=relation))
        return found

    def _strict(self, orders: Orders) -> Iterator[Dependence]:
        """The dependences that another order may turn, where locals are new for no iteration.

        An order that keeps them is as good as today's, and scopes take long to find.
        """
        for accesses in self._by_resource.values():
            for first, second in orders.pairs(accesses):
                yield from self._between(first, second, scoped=False)

    def _touched(self, access: Access) -> islpy.Map:
        if access not in self._elements:
            self._elements[access] = touched(access, self.parameters)
        return self._elements[access]

    @cached_property
    def _by_resource(self) -> Mapping[Resource, list[Access]]:
        found: dict[Resource, list[Access]] = {}
        for access in self.accesses:
            found.setdefault(access.resource, []).append(access)
        return found

    @cached_property
    def _updates(self) -> Mapping[Access, Reduction]:
        return {access: each for each in self.reductions for access in (each.load, each.store)}

    def _between(self, first: Access, second: Access, *, scoped: bool = True) -> Iterator[Dependence]:
        """The dependences between two accesses to one resource, either way."""
        if surely_apart(first, second):
            return
        ways = [(first, second)] if first is second else [(first, second), (second, first)]
        for source, sink in ways:
            if common_loops(source, sink) or source.order < sink.order:
                scopes = (self.scopes.get(source), self.scopes.get(sink)) if scoped else (None, None)
                yield from self._from(source, sink, scopes)

    def _from(self, source: Access, sink: Access, scopes: tuple[Scope | None, Scope | None]) -> Iterator[Dependence]:
        updates = self._updates.get(source), self._updates.get(sink)
        conflicts = self._conflicts(source, sink)
        for share in shares(source, sink, scopes, updates):
            relation, exact = _both(conflicts, share.pairs)
            if relation is not None:
                yield Dependence(
                    kind=_kind(source, sink),
                    source=source,
                    sink=sink,
                    relation=relation,
                    exact=exact,
                    updates=share.updates,
                    scopes=share.scopes,
                )

    def _conflicts(self, source: Access, sink: Access) -> islpy.Map | None:
        """The iterations that touch one element; None where it is too hard to tell."""
        try:
            with bounded():
                return self._touched(source).apply_range(self._touched(sink).reverse())
        except Undecided:
            return None


def _both(conflicts: islpy.Map | None, pairs: islpy.Map) -> tuple[islpy.Map | None, bool]:
    """The pairs that conflict, None where there are none; all of them, not exactly, where that is too hard to tell."""
    if pairs.is_empty():
        return None, True
    if conflicts is None:
        return pairs, False
    try:
        with bounded():
            found = conflicts.intersect(pairs)
            return (None if found.is_empty() else found), True
    except Undecided:
        return pairs, False


def _kind(source: Access, sink: Access) -> str:
    if source.resource.kind != "array":
        return source.resource.kind
    if source.writes:
        return "flow" if sink.reads else "output"
    return "anti"


def _depth(access: Access, operation: ir.Operation) -> int | None:
    """How deep in the loops of an access a loop is."""
    return next((depth for depth, loop in enumerate(access.loops) if loop.op.operation == operation), None)
