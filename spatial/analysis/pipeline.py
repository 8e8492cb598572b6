"""Schedules the operations of a loop into pipeline stages.

Where operators take no time, `structural` lays out an iteration, else `timed` does.
"""

from collections.abc import Iterator, Mapping

from spatial.analysis.errors import (
    AroundCall,
    LatencyTooSmall,
    NotInnermost,
    StageTooEarly,
    UnknownStage,
    UnreachableInterval,
)
from spatial.analysis.loops import inner, innermost, is_loop, nest_of, runs_apart
from spatial.analysis.pipelining.order import Order
from spatial.analysis.pipelining.request import Request, asked_stage, request_of
from spatial.analysis.pipelining.structural import Structural
from spatial.analysis.pipelining.timed import Timed
from spatial.analysis.pipelining.timing import Limit, LoopTiming, Timings
from spatial.analysis.pipelining.unpipelined import pauses
from spatial.device.model import Device
from spatial.device.operators import Operators
from spatial.ir.external import is_timed
from spatial.ir.function import operations, parameters
from spatial.ir.location import span_of
from spatial.ir.mlir import func, ir, scf
from spatial.source.report import Problem

__all__ = ["LoopTiming", "Timings", "schedule_function"]


def schedule_function(
    function: func.FuncOp, feedback: frozenset[int], device: Device | None = None
) -> tuple[Timings, list[Problem]]:
    """The timing of every pipelined loop, and of what stands outside of them.

    `feedback` are the positions of the channel parameters through which the actor talks to itself. Without
    a device operators take no time.
    """
    streams = {function.arguments[n]: p.name for n, p in enumerate(parameters(function)) if p.stream}
    loopback = {function.arguments[n] for n in feedback}
    operators = device.operators if device else None
    timings = Timings()
    problems: list[Problem] = [*_misplaced(function)]
    for loop in innermost(function):
        if not runs_apart(loop):
            timing, found = schedule_loop(Order(loop, streams, loopback), operators)
            timings[loop.operation] = timing
            problems += found
    if operators:
        pipelined = {timing.nest[0].operation for timing in timings.values()}
        timings.pauses.update(pauses(function, pipelined, operators))
    return timings, problems


def _misplaced(function: func.FuncOp) -> Iterator[NotInnermost | AroundCall]:
    """Pipelines asked of loops that hold loops, or calls that take time of their own."""
    for op in operations(function.entry_block):
        if is_loop(op) and "df.pipeline" in op.attributes:
            loops = [each for each in inner(op) if is_loop(each)]
            calls = [each for each in inner(op) if is_timed(each)]
            if calls:
                symbol, cycles = calls[0].symbol.value, calls[0].cycles.value
                call = span_of(calls[0].location)
                yield AroundCall(symbol=symbol, cycles=cycles, span=span_of(op.location), call=call)
            elif loops:
                yield NotInnermost(span=span_of(op.location), inner=span_of(loops[-1].location))


def schedule_loop(order: Order, operators: Operators | None) -> tuple[LoopTiming, list[Problem]]:
    """The pipeline of one loop, and what of the user's request is impossible."""
    loop, request = order.loop, request_of(order.loop)
    layout = Timed(order, request, operators) if operators else Structural(order, request)
    least = layout.place()
    latency = request.latency or least
    problems: list[Problem] = list(_unknown_stages(order, request))
    last = max(layout.stages, key=lambda op: layout.stages[op], default=None)
    span = span_of(loop.location)
    if latency < least and last:
        problems.append(LatencyTooSmall(asked=latency, least=least, span=span, limit=span_of(last.location)))
    elif request.latency:
        layout.stretch(latency)
    interval, latency = layout.settle(latency)
    problems += _early_stages(order, request, layout.stages)
    limit = layout.limit
    if isinstance(loop, scf.WhileOp) and interval < latency:
        interval, why = latency, "whether there is a next iteration is known when this one is over"
        limit = Limit(kind="condition", why=why, span=span)
    if request.ii is not None and request.ii < interval:
        problems.append(_unreachable(request.ii, interval, limit, loop))
    if request.ii is not None and (request.ii > interval or (limit is None and request.ii > 1)):
        limit = Limit(kind="asked", why="asked for here", span=span)
    timing = LoopTiming(
        nest=nest_of(loop),
        ii=request.ii or interval,
        latency=latency,
        style=request.style,
        stages=dict(layout.stages),
        limit=limit,
        private=frozenset(layout.private),
    )
    return timing, problems


def _unreachable(asked: int, least: int, limit: Limit | None, loop: ir.OpView) -> UnreachableInterval:
    span = span_of(loop.location)
    found = limit or Limit(kind="asked", why="", span=span)
    return UnreachableInterval(
        asked=asked,
        least=least,
        why=found.why,
        span=span,
        limit=found.span,
        parts=tuple((part.span, part.told) for part in found.parts),
    )


def _early_stages(order: Order, request: Request, stages: Mapping[ir.Operation, int]) -> Iterator[StageTooEarly]:
    """Stages asked for that come before what they need."""
    for (stream, _), (first, *_) in order.ends.items():
        asked, stage = asked_stage(request, first, order.streams), stages[first.operation]
        if asked is not None and stage > asked:
            span, limit = span_of(order.loop.location), span_of(first.location)
            yield StageTooEarly(stream=order.streams[stream], asked=asked, least=stage, span=span, limit=limit)


def _unknown_stages(order: Order, request: Request) -> Iterator[UnknownStage]:
    used = tuple(dict.fromkeys(order.streams[stream] for stream, _ in order.ends))
    for name in request.stages:
        if name not in used:
            yield UnknownStage(stream=name, used=used, span=span_of(order.loop.location))
