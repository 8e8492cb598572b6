"""Lays out an iteration whose operators take time.

As soon as possible: an operation begins in the first stage in which its operands are there and it still fits
behind them, stage 0 controls the loop, and what touches channels or memory comes behind it. Then all
that can wait is moved to where it is needed, which shortens recurrences.
"""

from collections.abc import Collection, Iterator

from spatial.analysis.pipelining.distances import meets
from spatial.analysis.pipelining.interval import Intervals
from spatial.analysis.pipelining.memories import Memories
from spatial.analysis.pipelining.order import FIXED, Order
from spatial.analysis.pipelining.ports import Slots, crowded, least_of_ports
from spatial.analysis.pipelining.request import Request, asked_stage
from spatial.analysis.pipelining.speeds import operator_of
from spatial.analysis.pipelining.timing import Limit
from spatial.device.operators import Operators, Speed
from spatial.ir.channels import CHANNEL_OPERATIONS, PUTS
from spatial.ir.function import memory_of, stores
from spatial.ir.mlir import ir, memref, scf

__all__ = ["Timed"]

WIRE = Speed(latency=0, delay=0.0)
Moment = tuple[int, float]
"""A stage, and the nanoseconds that have passed in it."""


class Timed:
    """Places the operations of one loop into stages.

    `begun` is when an operation begins, `ready` when its result is there; `stages` that which the engines do it in.
    """

    def __init__(self, order: Order, request: Request, operators: Operators) -> None:
        self.order = order
        self.request = request
        self.operators = operators
        self.memories = Memories(order)
        self.private = self.memories.private
        self.control = 0 if request.latency == 1 else 1
        self.begun: dict[ir.Operation, Moment] = {}
        self.ready: dict[ir.Operation, Moment] = {}
        self.stages: dict[ir.Operation, int] = {}
        self.speeds = {op.operation: self.speed(op) for op in order.operations}
        self.data = {op.operation: list(self.operands(op)) for op in order.operations}
        self.rest = {op.operation: list(self.others(op)) for op in order.operations}
        self.limit: Limit | None = None

    def place(self) -> int:
        """Gives each operation the first stage it can have, then the last; how many stages that takes."""
        self.forward({}, None)
        self.backward()
        return self.length()

    def stretch(self, latency: int) -> None:
        """Lays the iteration out in so many stages: puts come as much later as there are more."""
        slack = latency - self.length()
        wishes = {
            op.operation: self.stages[op.operation] + slack
            for op in self.order.operations
            if isinstance(op, PUTS) and asked_stage(self.request, op, self.order.streams) is None
        }
        self.forward(wishes, None)
        self.backward()

    def settle(self, latency: int) -> tuple[int, int]:
        """Finds the least interval for which recurrences and ports leave room; it and the stages."""
        intervals = Intervals(self.order, self.memories, self.stages, self.begun, self.ready, self.data)
        wishes = {op: stage for op, (stage, _) in self.begun.items()}
        ports, port = least_of_ports(self.order, self.memories)
        least = max(ports, self.request.ii or 1)
        found: tuple[int, Limit | None] = (1, None)
        while True:
            if (op := self.with_ports(wishes, least)) is not None:
                least += 1
                ports, port = least, crowded(self.memories, op)
            elif (found := intervals.least())[0] > least:
                least = found[0]
            else:
                break
        self.limit = found[1] if found[0] == least else port if ports == least else None
        return least, max(latency, self.length())

    def with_ports(self, wishes: dict[ir.Operation, int], interval: int) -> ir.OpView | None:
        """Places operations so that ports suffice: loads of an array that has too few begin when they can.

        The first operation that finds no port even so comes back.
        """
        early: set[ir.Value] = set()
        while True:
            kept = {op: stage for op, stage in wishes.items() if not _loads(op.opview, early)}
            late = self.forward(kept, interval)
            memory = memory_of(late) if late is not None else None
            if memory is None or memory in early:
                return late
            early.add(memory)

    def length(self) -> int:
        """The stages of an iteration."""
        late = [
            self.ready[op.operation][0] + int(self.kept(op) and self.memories.flattened and stores(op))
            for op in self.order.operations
        ]
        return max(late, default=0) + 1

    # What an operation takes

    def speed(self, op: ir.OpView) -> Speed:
        kind = self.memories.kind(op)
        if isinstance(op, memref.LoadOp | memref.StoreOp) and kind is not None:
            if kind.kept:
                select = self.memories.flattened and isinstance(op, memref.LoadOp)
                return self.operators.speed("select") if select else WIRE
            if kind.registers:
                return WIRE
            return self.operators.speed("load" if isinstance(op, memref.LoadOp) else "store")
        if isinstance(op, scf.YieldOp) and op.operation.parent in self.order.known and len(op.operands):
            return self.operators.speed("select")
        operator = operator_of(op)
        return self.operators.speed(operator[0], *operator[1]) if operator else WIRE

    def kept(self, op: ir.OpView) -> bool:
        """Whether an access is to an element that stays in a register."""
        kind = self.memories.kind(op)
        return kind is not None and kind.kept

    def first(self, op: ir.OpView) -> int:
        """The first stage that an operation can have, behind the control of the loop."""
        if isinstance(op, CHANNEL_OPERATIONS):
            return self.control
        kind = self.memories.kind(op)
        if kind is None or kind.registers:
            return 0
        if kind.kept:
            return self.control + self.operators.speed("load").latency if self.memories.flattened else 0
        return self.control

    # What an operation waits for

    def operands(self, op: ir.OpView) -> Iterator[ir.Operation]:
        """The operations whose results it uses, in the stage of which it may begin if there is time left."""
        yield from self.order.data[op.operation]
        parent = op.operation.parent
        if parent in self.order.known and isinstance(op, (*FIXED, scf.YieldOp)):
            yield parent
        kind = self.memories.kind(op)
        if kind is not None and (kind.registers or kind.kept) and not isinstance(op, memref.StoreOp):
            yield from (other for other in self.order.memory[op.operation] if stores(other.opview))

    def others(self, op: ir.OpView) -> Iterator[tuple[ir.Operation, int]]:
        """The operations that must not come later for another reason, and by how many stages they come sooner."""
        yield from self.order.rest[op.operation]
        kind = self.memories.kind(op)
        for other in self.order.memory[op.operation]:
            apart = kind is not None and not kind.registers and not kind.kept
            if not self.may_meet(op, other.opview):
                continue
            yield other, int(apart and stores(other.opview) and not self.order.exclusive(op, other.opview))

    def may_meet(self, op: ir.OpView, other: ir.OpView) -> bool:
        places = self.memories.places
        return meets(places.get(other.operation), places.get(op.operation))

    # Placing

    def forward(self, wishes: dict[ir.Operation, int], interval: int | None) -> ir.OpView | None:
        """Places operations from their wishes on, in program order; with an interval, no more accesses than ports.

        The first one that finds no port comes back.
        """
        slots = Slots(self.order, self.memories, interval) if interval else None
        for op in self.order.operations:
            key = op.operation
            asked = asked_stage(self.request, op, self.order.streams) or 0
            stage = max(
                wishes.get(key, 0),
                self.first(op),
                asked,
                *(self.stages[other] + distance for other, distance in self.rest[key]),
            )
            moment = max([(stage, 0.0), *(self.ready[other] for other in self.data[key])])
            begun = self.fitted(moment, self.speeds[key].delay)
            late = slots.take(op, begun[0]) if slots else begun[0]
            if late is None:
                return op
            self.set(op, begun if late == begun[0] else (late, 0.0))
        return None

    def fitted(self, moment: Moment, delay: float) -> Moment:
        """From when on so many nanoseconds are left in a stage."""
        stage, gone = moment
        return (stage, gone) if gone + delay <= self.operators.budget + 1e-9 else (stage + 1, 0.0)

    def set(self, op: ir.OpView, begun: Moment) -> None:
        """Notes when an operation begins, and what follows from that."""
        stage, gone = begun
        speed = self.speeds[op.operation]
        ready = (stage + speed.latency, speed.delay if speed.latency else gone + speed.delay)
        self.begun[op.operation] = begun
        self.ready[op.operation] = ready
        happens = isinstance(op, (*FIXED, memref.LoadOp))
        self.stages[op.operation] = stage if happens else ready[0]

    def backward(self) -> None:
        """Moves loads and operators to the last moment at which what needs them can still begin when it does."""
        due: dict[ir.Operation, Moment] = {}
        for op in reversed(self.order.operations):
            key = op.operation
            if key in due and self.may_wait(op):
                self.set(op, max(self.begun[key], self.latest(op, due[key])))
            for other in self.data[key]:
                due[other] = min(due.get(other, self.begun[key]), self.begun[key])
            for other, distance in self.rest[key]:
                stage = self.stages[key] - distance
                due[other] = min(due.get(other, (stage, self.operators.budget)), (stage, self.operators.budget))

    def may_wait(self, op: ir.OpView) -> bool:
        """Whether an operation can be put off: one that reads what its iteration stored reads it at once."""
        stored = (other.opview for other in self.order.memory[op.operation] if stores(other.opview))
        behind = any(self.may_meet(op, other) for other in stored)
        return not (isinstance(op, FIXED) or op.regions or behind)

    def latest(self, op: ir.OpView, due: Moment) -> Moment:
        """When an operation begins whose result is there in time."""
        stage, gone = due
        speed = self.speeds[op.operation]
        if speed.latency:
            return (stage - speed.latency - int(speed.delay > gone + 1e-9), 0.0)
        if gone + 1e-9 >= speed.delay:
            return (stage, max(0.0, gone - speed.delay))
        return (stage - 1, max(0.0, self.operators.budget - speed.delay))


def _loads(op: ir.OpView, memories: Collection[ir.Value]) -> bool:
    """Whether an operation loads of this memory, or computes indices."""
    if not memories:
        return False
    of_index = len(op.results) == 1 and isinstance(op.results[0].type, ir.IndexType)
    return of_index or (isinstance(op, memref.LoadOp) and op.memref in memories)
