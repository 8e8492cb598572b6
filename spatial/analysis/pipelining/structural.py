"""Lays out an iteration whose operators take no time.

A stage boundary comes from a channel end used twice, from a `get` that may wait for an earlier `put` of the
same iteration, or from a pipeline given by hand.
"""

from collections.abc import Mapping, Sequence

from spatial.analysis.pipelining.order import FIXED, Order
from spatial.analysis.pipelining.request import Request, asked_stage
from spatial.analysis.pipelining.timing import Limit
from spatial.ir.channels import CHANNEL_OPERATIONS, READS
from spatial.ir.function import stores
from spatial.ir.location import span_of
from spatial.ir.mlir import ir

__all__ = ["Structural"]


class Structural:
    """Places the operations of one loop into stages, in program order."""

    def __init__(self, order: Order, request: Request) -> None:
        self.order = order
        self.request = request
        self.stages: dict[ir.Operation, int] = {}
        self.limit: Limit | None = None
        self.private: set[ir.Value] = set()

    def place(self) -> int:
        """Gives each operation the first stage it can have; how many stages that takes."""
        self.put({})
        return max(self.stages.values(), default=0) + 1

    def stretch(self, latency: int) -> None:
        """Lays the iteration out in so many stages."""
        self.put(self.wishes(latency))

    def settle(self, latency: int) -> tuple[int, int]:
        """Moves what can wait to where it is needed; the least interval, and the stages."""
        self.sink()
        return self.least_interval(), latency

    def put(self, wishes: Mapping[ir.Operation, int]) -> None:
        """Gives each operation the first stage from its wish on in which all it needs has happened."""
        for op in self.order.operations:
            wish = wishes.get(op.operation, self.asked(op) or 0)
            needed = [self.stages[other] + distance for other, distance in self.order.follows(op.operation)]
            self.stages[op.operation] = max([wish, *needed])

    def sink(self) -> None:
        """Moves loads and operators to where they are first needed, so that no value is carried longer than need be."""
        first: dict[ir.Operation, int] = {}
        for op in reversed(self.order.operations):
            key = op.operation
            if key in first and not isinstance(op, FIXED) and not op.regions:
                self.stages[key] = max(self.stages[key], first[key])
            for other, distance in self.order.follows(key):
                first[other] = min(first.get(other, self.stages[key] - distance), self.stages[key] - distance)

    def wishes(self, latency: int) -> dict[ir.Operation, int]:
        """Where channel operations go in a pipeline of a given length: gets into stage 1, puts as late as they can."""
        latest: dict[ir.Operation, int] = {}
        for op in reversed(self.order.operations):
            asked = self.asked(op)
            own = min(latest.get(op.operation, latency - 1), latency - 1 if asked is None else asked)
            latest[op.operation] = own
            for other, distance in self.order.follows(op.operation):
                latest[other] = min(latest.get(other, latency - 1), own - distance)
        found = {}
        for op in self.order.operations:
            if isinstance(op, CHANNEL_OPERATIONS) and self.asked(op) is None:
                late = max(0, latest[op.operation])
                found[op.operation] = min(1, late) if isinstance(op, READS) else late
        return found

    def asked(self, op: ir.OpView) -> int | None:
        """The stage the user gave a channel operation."""
        return asked_stage(self.request, op, self.order.streams)

    def least_interval(self) -> int:
        """The least initiation interval; `limit` says what it comes from."""
        least = 1
        for (stream, _), ops in self.order.ends.items():
            span = self.spread(ops, ops)
            if span + 1 > least:
                name = self.order.streams[stream]
                least = span + 1
                self.limit = Limit(kind="channel", why=f"`{name}` is used again here", span=span_of(ops[-1].location))
        for accesses in self.order.accesses.values():
            written = [op for op in accesses if stores(op)]
            span = max(self.spread(written, accesses), self.spread(accesses, written))
            if span > least:
                last = max(accesses, key=lambda op: self.stages[op.operation])
                least, why = span, "the next iteration may need what is stored here"
                self.limit = Limit(kind="recurrence", why=why, span=span_of(last.location))
        return least

    def spread(self, later: Sequence[ir.OpView], earlier: Sequence[ir.OpView]) -> int:
        """How many stages the last of the ones stands behind the first of the others."""
        if not later or not earlier:
            return 0
        return max(self.stages[op.operation] for op in later) - min(self.stages[op.operation] for op in earlier)
