"""Schedules the operations of a loop into pipeline stages.

Operators take no time here: a stage boundary comes from a channel end used twice, from a `get` that
may wait for an earlier `put` of the same iteration, or from a pipeline given by hand.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from spatial.analysis.errors import (
    AroundCall,
    LatencyTooSmall,
    NotInnermost,
    StageTooEarly,
    UnknownStage,
    UnreachableInterval,
)
from spatial.analysis.loops import body_of, halves_of, inner, innermost, is_loop, nest_of
from spatial.ir.channels import (
    CHANNEL_OPERATIONS,
    CLOCK_DEPENDENT,
    LOOKS,
    PUTS,
    READS,
    TAKES,
    WAITING_READS,
    streams_of,
    writes_channel,
)
from spatial.ir.external import is_timed
from spatial.ir.function import memory_of, operations, parameters, stores
from spatial.ir.location import span_of
from spatial.ir.mlir import func, ir, memref, scf
from spatial.source.report import Problem
from spatial.source.span import Span

__all__ = ["LoopTiming", "schedule_function"]

FIXED = (*CHANNEL_OPERATIONS, memref.StoreOp)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopTiming:
    """How a nest of loops is pipelined, times in cycles.

    An iteration of `nest` (outermost first, flattened) starts every `ii`, takes `latency` stages, and
    does each operation in its stage of `stages`.
    """

    nest: tuple[ir.OpView, ...]
    ii: int
    latency: int
    style: str
    stages: Mapping[ir.Operation, int]

    @property
    def overlaps(self) -> bool:
        """Whether an iteration starts before the one ahead has ended."""
        return self.latency > self.ii


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the user asked of a loop's pipeline."""

    ii: int | None = None
    latency: int | None = None
    style: str = "elastic"
    stages: Mapping[str, int] = field(default_factory=dict)


def schedule_function(
    function: func.FuncOp, feedback: frozenset[int]
) -> tuple[dict[ir.Operation, LoopTiming], list[Problem]]:
    """The timing of every pipelined loop, by its innermost operation; loops left out run unpipelined.

    `feedback` are the positions of the channel parameters through which the actor talks to itself.
    """
    streams = {function.arguments[n]: p.name for n, p in enumerate(parameters(function)) if p.stream}
    loopback = {function.arguments[n] for n in feedback}
    timings: dict[ir.Operation, LoopTiming] = {}
    problems: list[Problem] = []
    problems += _misplaced(function)
    for loop in innermost(function):
        declined = loop.attributes["df.pipelined"].value is False if "df.pipelined" in loop.attributes else False
        if not declined:
            timing, found = Scheduler(loop, streams, loopback).schedule()
            timings[loop.operation] = timing
            problems += found
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


class Scheduler:
    """Places the operations of one loop into stages, in program order."""

    def __init__(self, loop: ir.OpView, streams: Mapping[ir.Value, str], loopback: set[ir.Value]) -> None:
        self.loop = loop
        self.streams = streams
        self.loopback = loopback
        self.request = _request(loop)
        self.operations = [op for block in body_of(loop) for op in operations(block)]
        self.follows: dict[ir.Operation, list[tuple[ir.Operation, int]]] = {}
        self.stages: dict[ir.Operation, int] = {}
        self.ends: dict[tuple[ir.Value, bool], list[ir.OpView]] = {}
        self.accesses: dict[ir.Value, list[ir.OpView]] = {}

    def schedule(self) -> tuple[LoopTiming, list[Problem]]:
        for op in self.operations:
            self.follows[op.operation] = list(self.needs(op))
            self.note(op)
        self.place({})
        last = max(self.stages, key=lambda op: self.stages[op], default=None)
        least = self.stages[last] + 1 if last else 1
        latency = self.request.latency or least
        problems: list[Problem] = list(self.unknown_stages())
        if latency < least and last:
            span = span_of(self.loop.location)
            limit = span_of(last.location)
            problems.append(LatencyTooSmall(asked=latency, least=least, span=span, limit=limit))
        elif self.request.latency:
            self.place(self.wishes(latency))
        self.sink()
        problems += self.early_stages()
        interval, why, where = self.least_interval()
        if isinstance(self.loop, scf.WhileOp):
            interval = max(interval, latency)
        asked = self.request.ii
        if asked is not None and asked < interval:
            span = span_of(self.loop.location)
            problems.append(UnreachableInterval(asked=asked, least=interval, why=why, span=span, limit=where))
        timing = LoopTiming(
            nest=nest_of(self.loop),
            ii=asked or interval,
            latency=latency,
            style=self.request.style,
            stages=dict(self.stages),
        )
        return timing, problems

    def place(self, wishes: Mapping[ir.Operation, int]) -> None:
        """Gives each operation the first stage from its wish on in which all it needs has happened."""
        for op in self.operations:
            wish = wishes.get(op.operation, self.asked(op) or 0)
            needed = [self.stages[other] + distance for other, distance in self.follows[op.operation]]
            self.stages[op.operation] = max([wish, *needed])

    def sink(self) -> None:
        """Moves loads and operators to where they are first needed, so that no value is carried longer than need be."""
        first: dict[ir.Operation, int] = {}
        for op in reversed(self.operations):
            key = op.operation
            if key in first and not isinstance(op, FIXED) and not op.regions:
                self.stages[key] = max(self.stages[key], first[key])
            for other, distance in self.follows[key]:
                first[other] = min(first.get(other, self.stages[key] - distance), self.stages[key] - distance)

    def wishes(self, latency: int) -> dict[ir.Operation, int]:
        """Where channel operations go in a pipeline of a given length: gets into stage 1, puts as late as they can."""
        latest: dict[ir.Operation, int] = {}
        for op in reversed(self.operations):
            asked = self.asked(op)
            own = min(latest.get(op.operation, latency - 1), latency - 1 if asked is None else asked)
            latest[op.operation] = own
            for other, distance in self.follows[op.operation]:
                latest[other] = min(latest.get(other, latency - 1), own - distance)
        found = {}
        for op in self.operations:
            if isinstance(op, CHANNEL_OPERATIONS) and self.asked(op) is None:
                late = max(0, latest[op.operation])
                found[op.operation] = min(1, late) if isinstance(op, READS) else late
        return found

    def asked(self, op: ir.OpView) -> int | None:
        """The stage the user gave a channel operation."""
        streams = streams_of(op) if isinstance(op, CHANNEL_OPERATIONS) else []
        names = [self.streams[stream] for stream in streams]
        return max((self.request.stages[name] for name in names if name in self.request.stages), default=None)

    def note(self, op: ir.OpView) -> None:
        if isinstance(op, CHANNEL_OPERATIONS):
            for stream in streams_of(op):
                self.ends.setdefault((stream, writes_channel(op)), []).append(op)
        if (memory := memory_of(op)) is not None:
            self.accesses.setdefault(memory, []).append(op)

    def needs(self, op: ir.OpView) -> Iterator[tuple[ir.Operation, int]]:
        """The operations of this iteration that must come sooner, and by how many stages at least."""
        for other in self.same_stage_or_sooner(op):
            yield other, 0
        if isinstance(op, CHANNEL_OPERATIONS):
            for other in self.sooner(op):
                yield other.operation, 0 if isinstance(other, LOOKS) else 1

    def same_stage_or_sooner(self, op: ir.OpView) -> Iterator[ir.Operation]:
        """Operands, conditions, memory, token order."""
        for operand in op.operands:
            yield from self.producers(operand)
        parent = op.operation.parent
        if parent in self.follows:
            yield parent
        elif isinstance(self.loop, scf.WhileOp):
            yield from self.condition(op)
        if (memory := memory_of(op)) is not None:
            accesses = self.accesses.get(memory, ())
            yield from (other.operation for other in accesses if stores(op) or stores(other))
            yield from self.acquired(memory)
        if isinstance(op, PUTS):
            for memory, accesses in self.accesses.items():
                if isinstance(memory.owner, ir.Block):
                    yield from (other.operation for other in accesses)
        if isinstance(op, CHANNEL_OPERATIONS):
            yield from self.in_time(op)

    def in_time(self, op: ir.OpView) -> Iterator[ir.Operation]:
        """An operation that time decides keeps its place among the others."""
        for ops in self.ends.values():
            yield from (o.operation for o in ops if isinstance(op, CLOCK_DEPENDENT) or isinstance(o, CLOCK_DEPENDENT))

    def condition(self, op: ir.OpView) -> Iterator[ir.Operation]:
        """A `while` decides after all of its condition, and does nothing before."""
        if isinstance(op, scf.ConditionOp):
            yield from self.follows
        elif op.operation.block == halves_of(self.loop)[1]:
            yield list(halves_of(self.loop)[0].operations)[-1].operation

    def producers(self, value: ir.Value) -> Iterator[ir.Operation]:
        """The operations of this iteration that make a value; of an `if`, what its branches yield."""
        owner = value.owner
        if isinstance(owner, ir.Block) or owner not in self.follows:
            return
        yield owner
        if isinstance(owner.opview, scf.IfOp):
            for region in owner.regions:
                for block in region.blocks:
                    yield from (op.operation for op in block.operations if isinstance(op, scf.YieldOp))

    def acquired(self, memory: ir.Value) -> Iterator[ir.Operation]:
        """Memory of other actors is touched after the gets that stand before it, and before the puts behind it."""
        if isinstance(memory.owner, ir.Block):
            for ops in self.ends.values():
                yield from (other.operation for other in ops if isinstance(other, TAKES))

    def sooner(self, op: ir.OpView) -> Iterator[ir.OpView]:
        """Channel operations that stand before this one on the same end, and puts that it may answer.

        Those that move a token happen a stage sooner; one that only looks may share its stage with the next.
        """
        for stream in streams_of(op):
            for other in self.ends.get((stream, writes_channel(op)), ()):
                if not _exclusive(op, other):
                    yield other
        if isinstance(op, WAITING_READS) and not self.loopback.isdisjoint(streams_of(op)):
            for (stream, _), ops in self.ends.items():
                if stream in self.loopback:
                    yield from (other for other in ops if isinstance(other, PUTS) and not _exclusive(op, other))

    def least_interval(self) -> tuple[int, str, Span]:
        """The least initiation interval, what limits it, and where."""
        least, why, where = 1, "", span_of(self.loop.location)
        for (stream, _), ops in self.ends.items():
            span = self.spread(ops, ops)
            if span + 1 > least:
                name = self.streams[stream]
                least, why, where = span + 1, f"`{name}` is used again here", span_of(ops[-1].location)
        for accesses in self.accesses.values():
            written = [op for op in accesses if stores(op)]
            span = max(self.spread(written, accesses), self.spread(accesses, written))
            if span > least:
                last = max(accesses, key=lambda op: self.stages[op.operation])
                least, why, where = span, "the next iteration needs what is stored here", span_of(last.location)
        return least, why, where

    def spread(self, later: Sequence[ir.OpView], earlier: Sequence[ir.OpView]) -> int:
        """How many stages the last of the ones stands behind the first of the others."""
        if not later or not earlier:
            return 0
        return max(self.stages[op.operation] for op in later) - min(self.stages[op.operation] for op in earlier)

    def early_stages(self) -> Iterator[StageTooEarly]:
        """Stages asked for that come before what they need."""
        for (stream, _), (first, *_) in self.ends.items():
            asked, stage = self.asked(first), self.stages[first.operation]
            if asked is not None and stage > asked:
                span, limit = span_of(self.loop.location), span_of(first.location)
                yield StageTooEarly(stream=self.streams[stream], asked=asked, least=stage, span=span, limit=limit)

    def unknown_stages(self) -> Iterator[UnknownStage]:
        used = tuple(dict.fromkeys(self.streams[stream] for stream, _ in self.ends))
        for name in self.request.stages:
            if name not in used:
                yield UnknownStage(stream=name, used=used, span=span_of(self.loop.location))


def _request(loop: ir.OpView) -> Request:
    if "df.pipeline" not in loop.attributes:
        return Request()
    asked = loop.attributes["df.pipeline"]
    return Request(
        ii=asked["ii"].value if "ii" in asked else None,
        latency=asked["latency"].value if "latency" in asked else None,
        style=asked["style"].value,
        stages={entry.name: entry.attr.value for entry in asked["stages"]},
    )


def _exclusive(op: ir.OpView, other: ir.OpView) -> bool:
    """Whether two operations stand in different branches of one `if`."""
    ours, theirs = _branches(op), _branches(other)
    return any(parent in theirs and theirs[parent] != branch for parent, branch in ours.items())


def _branches(op: ir.OpView) -> dict[ir.Operation, int]:
    """For each `if` around an operation the number of the branch it stands in."""
    found = {}
    block = op.operation.block
    while block is not None and isinstance(owner := block.owner, ir.OpView):
        if isinstance(owner, scf.IfOp):
            found[owner.operation] = next(n for n, region in enumerate(owner.regions) if block in list(region.blocks))
        block = owner.operation.block if owner.operation.parent else None
    return found
