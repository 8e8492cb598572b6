"""The figures of each loop of a program: what `sp.report` tabulates."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from spatial.analysis.loops import inner, is_loop
from spatial.analysis.pipelining.timing import Limit, LoopTiming, Timings
from spatial.analysis.static import Arguments, evaluate
from spatial.ir.function import kernels
from spatial.ir.graph import Actor, ActorGraph
from spatial.ir.location import name_of, span_of
from spatial.ir.mlir import func, ir, scf
from spatial.source.span import Span

__all__ = ["LoopReport", "loops_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopReport:
    """A loop of the actors `actors`, or a nest that runs as one: how it is pipelined, times in cycles.

    `name` are its variables; `span` is the innermost loop's. An iteration starts every `ii` and takes `latency`; the
    `trip_count` iterations of one run through it take `cycles` where no channel makes them wait. A number
    that only a run can tell is None, and so are `ii` and `latency` of a loop that is not pipelined. `limit` says what
    keeps `ii` above 1.
    """

    kernel: str
    actors: tuple[str, ...]
    name: str
    span: Span
    style: str
    ii: int | None
    latency: int | None
    trip_count: int | None
    cycles: int | None
    limit: Limit | None = None


def loops_of(module: ir.Module, graph: ActorGraph, timings: Mapping[str, Timings]) -> tuple[LoopReport, ...]:
    """Every loop, in the order of the program; actors of one function whose loops run equally often share a row."""
    rows: list[LoopReport] = []
    for function in kernels(module):
        actors = [actor for actor in graph.actors if actor.function == function.name.value]
        for nest, timing in _nests(function, timings[function.name.value]):
            by_trips: dict[int | None, list[Actor]] = {}
            for actor in actors:
                by_trips.setdefault(_trips(nest, function, actor), []).append(actor)
            rows += [_row(nest, timing, trips, found) for trips, found in by_trips.items()]
    return tuple(rows)


def _nests(function: func.FuncOp, timings: Timings) -> Iterator[tuple[tuple[ir.OpView, ...], LoopTiming | None]]:
    """The nests that are pipelined as one, and each other loop."""
    first = {timing.nest[0].operation: timing for timing in timings.values()}
    rest = {loop.operation for timing in timings.values() for loop in timing.nest[1:]}
    for op in inner(function):
        if is_loop(op) and op.operation not in rest:
            timing = first.get(op.operation)
            yield (timing.nest if timing else (op,)), timing


def _row(nest: tuple[ir.OpView, ...], timing: LoopTiming | None, trips: int | None, actors: list[Actor]) -> LoopReport:
    cycles = None
    if timing and trips is not None:
        cycles = timing.ii * (trips - 1) + timing.latency if trips else 0
    return LoopReport(
        kernel=actors[0].kernel,
        actors=tuple(actor.name for actor in actors),
        name=", ".join(_name(loop) for loop in nest),
        span=span_of(nest[-1].location),
        style=timing.style if timing else "not pipelined",
        ii=timing.ii if timing else None,
        latency=timing.latency if timing else None,
        trip_count=trips,
        cycles=cycles,
        limit=timing.limit if timing else None,
    )


def _name(loop: ir.OpView) -> str:
    """What the user calls a loop."""
    for key in ("df.label", "df.name"):
        if key in loop.attributes:
            return str(loop.attributes[key].value)
    return name_of(loop.induction_variable.location) or "for" if isinstance(loop, scf.ForOp) else "while"


def _trips(nest: tuple[ir.OpView, ...], function: func.FuncOp, actor: Actor) -> int | None:
    """How many iterations one run through a nest has for an actor."""
    values = {function.arguments[n]: value for n, value in enumerate(actor.values) if isinstance(value, int)}
    total = 1
    for loop in nest:
        if not isinstance(loop, scf.ForOp):
            return None
        bounds = [evaluate(bound, Arguments(values)) for bound in list(loop.operands)[:3]]
        known = [bound for bound in bounds if bound is not None]
        if len(known) < 3:
            return None
        total *= len(range(*known))
    return total
