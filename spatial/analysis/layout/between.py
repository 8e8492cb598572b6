"""What PEs that share an array ask of its layout: that each finds its own part in banks of its own."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from spatial.analysis.layout.least import cuts_of
from spatial.analysis.pipelining.banks import taken_by
from spatial.analysis.pipelining.places import Nest, Place, place_of
from spatial.analysis.static import Arguments
from spatial.ir.function import operations
from spatial.ir.graph import Actor, ActorGraph
from spatial.ir.location import span_of
from spatial.ir.mlir import func, ir, memref, scf
from spatial.source.span import Span
from spatial.types.layout import Cut, Layout
from spatial.types.tensor import TensorType

__all__ = ["Shared", "shared_arrays"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """The least layout of an array with which so many PEs do not meet in a bank, and the first place that uses it."""

    array: str
    layout: Layout
    actors: int
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The indices that an actor uses along a dimension: every `step`-th from the first to the last."""

    first: int
    last: int
    step: int

    @property
    def indices(self) -> range:
        return range(self.first, self.last + 1, self.step)

    def join(self, other: "Reach") -> "Reach":
        step = math.gcd(self.step, other.step, abs(self.first - other.first)) or 1
        return Reach(first=min(self.first, other.first), last=max(self.last, other.last), step=step)


def shared_arrays(graph: ActorGraph, functions: Mapping[str, func.FuncOp]) -> Iterator[Shared]:
    """What is asked of each array that several actors are given, in the order of the program."""
    users: dict[str, list[tuple[Actor, int]]] = {}
    for actor in graph.actors:
        first = len(actor.values) + len(actor.channels)
        for position, name in enumerate(actor.arrays, start=first):
            users.setdefault(name, []).append((actor, position))
    known: dict[tuple[str, int], Accesses | None] = {}
    for name, given in users.items():
        type_ = graph.memory_types[name]
        if len(given) < 2 or not isinstance(type_, TensorType):
            continue
        for actor, position in given:
            if (actor.function, position) not in known:
                known[actor.function, position] = accesses_of(functions[actor.function], position)
        found = [(actor, known[actor.function, position]) for actor, position in given]
        if (shared := _shared(name, type_.shape, found)) is not None:
            yield shared


@dataclass(frozen=True, slots=True, kw_only=True)
class Accesses:
    """The indices of a function's accesses to a parameter, all of them known sums, and where the first one is."""

    arguments: Sequence[ir.Value]
    places: Sequence[tuple[Place, ...]]
    span: Span


def accesses_of(function: func.FuncOp, position: int) -> Accesses | None:
    """How a function uses a parameter; None where it does not, or where an index is no sum of variables."""
    inside = {op.operation for op in operations(function.entry_block)}
    places: list[tuple[Place, ...]] = []
    span: Span | None = None
    for op in (use.owner for use in function.arguments[position].uses):
        found = place_of(op, inside, _around(op)) if isinstance(op, memref.LoadOp | memref.StoreOp) else None
        if found is None:
            return None
        places.append(found)
        span = span_of(op.location)
    return Accesses(arguments=list(function.arguments), places=places, span=span) if span else None


def _around(op: ir.OpView) -> Nest:
    """The variables of the loops around an operation."""
    found: list[ir.Value] = []
    parent = op.operation.parent
    while parent is not None:
        if isinstance(parent.opview, scf.ForOp):
            found.insert(0, parent.opview.induction_variable)
        parent = parent.parent
    return Nest(variables=tuple(found), steps=(), counts=())


def _shared(name: str, shape: tuple[int, ...], users: Sequence[tuple[Actor, Accesses | None]]) -> Shared | None:
    """The least layout, dimension by dimension; None where no dimension tells the actors apart."""
    reaches = [_reach(actor, accesses, len(shape)) for actor, accesses in users if accesses is not None]
    spans = [accesses.span for _, accesses in users if accesses is not None]
    if len(reaches) < 2:
        return None
    cuts = []
    for dimension, extent in enumerate(shape):
        along = [reach[dimension] if reach is not None else None for reach in reaches]
        cuts.append(_cut(extent, along))
    layout = Layout(cuts=tuple(cuts))
    return Shared(array=name, layout=layout, actors=len(reaches), span=spans[0]) if layout.banks > 1 else None


def _cut(extent: int, reaches: Sequence[Reach | None]) -> Cut:
    """The least cut that keeps apart what different actors use, where they use different indices."""
    distinct = {reach for reach in reaches if reach is not None}
    nothing = Cut(extent=extent)
    if None in reaches or len(distinct) < 2 or not _apart([set(reach.indices) for reach in distinct]):
        return nothing
    fitting = (
        cut
        for cut in cuts_of(extent)
        if cut.banks >= len(distinct) and _apart([{cut.bank(i) for i in reach.indices} for reach in distinct])
    )
    return next(fitting, nothing)


def _apart(sets: Sequence[set[int]] | Sequence[set[tuple[int, int]]]) -> bool:
    """Whether no two of these sets have anything in common."""
    return sum(map(len, sets)) == len(set().union(*sets))


def _reach(actor: Actor, accesses: Accesses, rank: int) -> tuple[Reach, ...] | None:
    """What an actor uses along each dimension; None where a loop's bounds are not known."""
    pairs = zip(accesses.arguments, actor.values, strict=False)
    known = Arguments({argument: value for argument, value in pairs if isinstance(value, int)})
    joined: list[Reach] = []
    for places in accesses.places:
        found = [_along(place, known) for place in places]
        reaches = [reach for reach in found if reach is not None]
        if len(reaches) < rank:
            return None
        joined = [a.join(b) for a, b in zip(joined, reaches, strict=True)] if joined else reaches
    return tuple(joined)


def _along(place: Place, known: Arguments) -> Reach | None:
    """The indices that one access uses along a dimension."""
    first = last = place.constant
    step = 0
    for value, times in place.terms.items():
        taken = range(known[value], known[value] + 1) if value in known else taken_by(value, known)
        if taken is None:
            return None
        ends = times * taken[0], times * taken[-1]
        first, last = first + min(ends), last + max(ends)
        step = math.gcd(step, times * taken.step if len(taken) > 1 else 0)
    return Reach(first=first, last=last, step=step or 1)
