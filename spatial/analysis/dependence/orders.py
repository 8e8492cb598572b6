"""Whether another order of accesses keeps dependences."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import islpy

from spatial.analysis.dependence.accesses import Access
from spatial.analysis.dependence.dependence import Dependence
from spatial.analysis.dependence.scopes import Scope
from spatial.analysis.dependence.sets import (
    IN,
    OUT,
    Names,
    Time,
    Undecided,
    bounded,
    element,
    first_pair,
    touched,
    turned,
)
from spatial.analysis.dependence.violation import Iteration, Violation
from spatial.ir.mlir import ir

__all__ = ["Orders"]


class Orders:
    """The order that accesses have today, and another one."""

    def __init__(
        self,
        today: Mapping[ir.Operation, Sequence[Time]],
        times: Mapping[ir.Operation, Sequence[Time]],
        parameters: Names,
    ) -> None:
        self.today = today
        self.times = {op: tuple(times.get(op, time)) for op, time in today.items()}
        self.parameters = parameters
        self.moved = {op for op, time in self.times.items() if time != today[op]}
        self._prefix = f"[{', '.join(parameters.values())}]"

    def may_change(self, first: Access, second: Access) -> bool:
        """Whether the order of two accesses may be another one: not where the text decides as before.

        Locals are looked at as a whole, for their values may pass from one scope to another.
        """
        return first.resource.local is not None or self.may_turn(first, second)

    def may_turn(self, first: Access, second: Access) -> bool:
        """Whether two accesses may come in another order in some of their iterations, by their times."""
        today = self.today[first.op.operation], self.today[second.op.operation]
        times = self.times[first.op.operation], self.times[second.op.operation]
        for place, (one, other) in enumerate(zip(*today, strict=False)):
            if (times[0][place : place + 1], times[1][place : place + 1]) != ((one,), (other,)):
                return True
            if isinstance(one, int) and isinstance(other, int) and one != other:
                return False
        return times != today

    def pairs(self, accesses: Sequence[Access]) -> Iterator[tuple[Access, Access]]:
        """The accesses of which one writes and which may come in another order, each pair once."""
        for place, first in enumerate(accesses):
            moved = first.op.operation in self.moved
            for second in accesses[place:]:
                either = moved or second.op.operation in self.moved
                if either and (first.writes or second.writes) and self.may_turn(first, second):
                    yield first, second

    def violated(self, dependences: Iterable[Dependence], own: Collection[ir.Value]) -> Violation | None:
        """The first of these dependences that is broken, with an example.

        The locals `own` are as many as they have scopes.
        """
        for each in dependences:
            local = each.source.resource.local
            if each.private and local is not None and local in own:
                continue
            if each.source.op.operation in self.moved or each.sink.op.operation in self.moved:
                found = self._broken(each, dependences)
                if found is not None:
                    return found
        return None

    def _broken(self, each: Dependence, dependences: Iterable[Dependence]) -> Violation | None:
        try:
            with bounded():
                late = self._turned(each.source, each.sink, each.relation)
                if each.updates is not None:
                    late = self._mixed(each, late)
                if not late.is_empty() and each.scopes is not None:
                    late = self._reused(each, each.scopes, late, dependences)
                return None if late.is_empty() else self._example(each, late)
        except Undecided:
            return Violation(reason="undecided", kind=each.kind, source=each.source, sink=each.sink)

    def _turned(self, source: Access, sink: Access, pairs: islpy.Map) -> islpy.Map:
        """The pairs of which the source does not come before the sink."""
        return turned(self.times[source.op.operation], self.times[sink.op.operation], pairs, self._prefix)

    def _mixed(self, each: Dependence, late: islpy.Map) -> islpy.Map:
        """The pairs of updates of which each one loads before the other has stored."""
        if each.kind != "flow" or each.updates is None or late.is_empty():
            return late.subtract(late)
        first, second = each.updates
        return self._turned(second.store, first.load, late.reverse()).reverse()

    def _reused(
        self, each: Dependence, scopes: tuple[Scope, Scope], late: islpy.Map, dependences: Iterable[Dependence]
    ) -> islpy.Map:
        """The turned pairs of which the iterations of the scopes are no longer one after the other."""
        kept, changed = None, None
        for other in dependences:
            if other.scopes is None or {*other.scopes} != {*scopes}:
                continue
            behind = self._turned(other.source, other.sink, other.relation)
            ahead = self._turned(other.sink, other.source, other.relation.reverse()).reverse()
            kept = _united(kept, _prefixes(ahead, other.scopes, scopes))
            changed = _united(changed, _prefixes(behind, other.scopes, scopes))
        if kept is None or changed is None:
            return late
        mixed = kept.intersect(changed)
        return late.intersect(_widened(mixed, late))

    def _example(self, each: Dependence, late: islpy.Map) -> Violation:
        if not each.exact:
            return Violation(reason="undecided", kind=each.kind, source=each.source, sink=each.sink)
        at, then = first_pair(late)
        names = self.parameters
        where = element(touched(each.source, names), touched(each.sink, names), at, then)
        reason = "mixed" if each.reduction else "reused" if each.private else "order"
        return Violation(
            reason=reason,
            kind=each.kind,
            source=each.source,
            sink=each.sink,
            source_at=_shown(each.source, at),
            sink_at=_shown(each.sink, then),
            element=where,
        )


def _united(one: islpy.Map | None, other: islpy.Map) -> islpy.Map:
    return other if one is None else one.union(other)


def _prefixes(pairs: islpy.Map, scopes: tuple[Scope, Scope], order: tuple[Scope, Scope]) -> islpy.Map:
    """The iterations of the loops that the scopes share, of pairs of iterations; the scopes in the given order."""
    pairs = pairs.project_out(IN, scopes[0].depth, pairs.dim(IN) - scopes[0].depth)
    pairs = pairs.project_out(OUT, scopes[1].depth, pairs.dim(OUT) - scopes[1].depth)
    return pairs if scopes == order else pairs.reverse()


def _widened(pairs: islpy.Map, like: islpy.Map) -> islpy.Map:
    """Pairs of iterations of more loops, of which the outer ones are those given."""
    pairs = pairs.add_dims(IN, like.dim(IN) - pairs.dim(IN))
    return pairs.add_dims(OUT, like.dim(OUT) - pairs.dim(OUT))


def _shown(access: Access, iteration: tuple[int, ...]) -> Iteration:
    """The user's variables in an iteration."""
    shown = []
    for loop, value in zip(access.loops, iteration, strict=True):
        start, step = loop.shown
        shown.append((loop.name, start + step * value))
    return tuple(shown)
