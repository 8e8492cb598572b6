"""Which operations of one iteration must not happen before which others."""

from collections.abc import Iterator, Mapping

from spatial.analysis.loops import body_of, halves_of
from spatial.ir.channels import (
    CHANNEL_OPERATIONS,
    CLOCK_DEPENDENT,
    LOOKS,
    PUTS,
    TAKES,
    WAITING_READS,
    streams_of,
    writes_channel,
)
from spatial.ir.function import memory_of, operations, stores
from spatial.ir.mlir import ir, memref, scf

__all__ = ["FIXED", "Order"]

FIXED = (*CHANNEL_OPERATIONS, memref.StoreOp)


class Order:
    """The operations of a loop's iteration in the order of the text, the ends and the memory that they use.

    `streams` names the channel ends; through those in `loopback` the actor talks to itself.
    """

    def __init__(self, loop: ir.OpView, streams: Mapping[ir.Value, str], loopback: set[ir.Value]) -> None:
        self.loop = loop
        self.streams = streams
        self.loopback = loopback
        self.operations = [op for block in body_of(loop) for op in operations(block)]
        self.known: set[ir.Operation] = set()
        self.branches: dict[ir.Operation, dict[ir.Operation, int]] = {}
        self.ends: dict[tuple[ir.Value, bool], list[ir.OpView]] = {}
        self.accesses: dict[ir.Value, list[ir.OpView]] = {}
        self.written: dict[ir.Value, list[ir.OpView]] = {}
        self.data: dict[ir.Operation, list[ir.Operation]] = {}
        self.memory: dict[ir.Operation, list[ir.Operation]] = {}
        self.rest: dict[ir.Operation, list[tuple[ir.Operation, int]]] = {}
        for op in self.operations:
            self.known.add(op.operation)
            self.branches[op.operation] = _branches(op)
            self.data[op.operation] = [each for operand in op.operands for each in self.producers(operand)]
            self.memory[op.operation] = list(self.touched(op))
            self.rest[op.operation] = [*self.around(op), *self.on_channels(op)]
            self.note(op)

    def follows(self, op: ir.Operation) -> Iterator[tuple[ir.Operation, int]]:
        """The operations of this iteration that must come sooner, and by how many stages at least."""
        yield from ((other, 0) for other in self.data[op])
        yield from ((other, 0) for other in self.memory[op])
        yield from self.rest[op]

    def note(self, op: ir.OpView) -> None:
        if isinstance(op, CHANNEL_OPERATIONS):
            for stream in streams_of(op):
                self.ends.setdefault((stream, writes_channel(op)), []).append(op)
        if (memory := memory_of(op)) is not None:
            self.accesses.setdefault(memory, []).append(op)
            if stores(op):
                self.written.setdefault(memory, []).append(op)

    def producers(self, value: ir.Value) -> Iterator[ir.Operation]:
        """The operations of this iteration that make a value; of an `if`, what its branches yield."""
        owner = value.owner
        if isinstance(owner, ir.Block) or owner not in self.known:
            return
        yield owner
        if isinstance(owner.opview, scf.IfOp):
            for region in owner.regions:
                for block in region.blocks:
                    yield from (op.operation for op in block.operations if isinstance(op, scf.YieldOp))

    def touched(self, op: ir.OpView) -> Iterator[ir.Operation]:
        """The accesses to the same memory that stand before, one of the two a store."""
        if (memory := memory_of(op)) is not None:
            accesses = self.accesses if stores(op) else self.written
            yield from (other.operation for other in accesses.get(memory, ()))

    def around(self, op: ir.OpView) -> Iterator[tuple[ir.Operation, int]]:
        """Conditions, and the order of tokens and of memory that other actors touch too."""
        parent = op.operation.parent
        if parent in self.known:
            yield parent, 0
        elif isinstance(self.loop, scf.WhileOp):
            yield from ((other, 0) for other in self.condition(op))
        if (memory := memory_of(op)) is not None:
            yield from ((other, 0) for other in self.acquired(memory))
        if isinstance(op, PUTS):
            for memory, accesses in self.accesses.items():
                if isinstance(memory.owner, ir.Block):
                    yield from ((other.operation, 0) for other in accesses)

    def on_channels(self, op: ir.OpView) -> Iterator[tuple[ir.Operation, int]]:
        """Those that move a token happen a stage sooner; one that only looks may share its stage with the next."""
        if isinstance(op, CHANNEL_OPERATIONS):
            yield from ((other, 0) for other in self.in_time(op))
            for other in self.sooner(op):
                yield other.operation, 0 if isinstance(other, LOOKS) else 1

    def in_time(self, op: ir.OpView) -> Iterator[ir.Operation]:
        """An operation that time decides keeps its place among the others."""
        for ops in self.ends.values():
            yield from (o.operation for o in ops if isinstance(op, CLOCK_DEPENDENT) or isinstance(o, CLOCK_DEPENDENT))

    def condition(self, op: ir.OpView) -> Iterator[ir.Operation]:
        """A `while` decides after all of its condition, and does nothing before."""
        if isinstance(op, scf.ConditionOp):
            yield from self.known - {op.operation}
        elif op.operation.block == halves_of(self.loop)[1]:
            yield list(halves_of(self.loop)[0].operations)[-1].operation

    def acquired(self, memory: ir.Value) -> Iterator[ir.Operation]:
        """Memory of other actors is touched after the gets that stand before it, and before the puts behind it."""
        if isinstance(memory.owner, ir.Block):
            for ops in self.ends.values():
                yield from (other.operation for other in ops if isinstance(other, TAKES))

    def sooner(self, op: ir.OpView) -> Iterator[ir.OpView]:
        """Channel operations that stand before this one on the same end, and puts that it may answer."""
        for stream in streams_of(op):
            for other in self.ends.get((stream, writes_channel(op)), ()):
                if not self.exclusive(op, other):
                    yield other
        if isinstance(op, WAITING_READS) and not self.loopback.isdisjoint(streams_of(op)):
            for (stream, _), ops in self.ends.items():
                if stream in self.loopback:
                    yield from (other for other in ops if isinstance(other, PUTS) and not self.exclusive(op, other))

    def exclusive(self, op: ir.OpView, other: ir.OpView) -> bool:
        """Whether two operations stand in different branches of one `if`."""
        ours, theirs = self.branches[op.operation], self.branches[other.operation]
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
