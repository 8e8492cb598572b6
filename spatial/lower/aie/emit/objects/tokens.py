"""Which block tokens are read and built in the memory of their objectFIFO, and when their objects are given on."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

from spatial.ir.channels import CHANNEL_OPERATIONS, PEEKS
from spatial.ir.dialect import ByReferenceOp, ExternalOp, GetBlockOp, GetOp, PutOp
from spatial.ir.function import operations
from spatial.ir.mlir import arith, func, ir, memref, scf
from spatial.lower.aie.emit.objects.positions import Positions, users_of

__all__ = ["Plan", "Room", "begun_anew", "plan_tokens"]

Room = Callable[[ir.Value], tuple[int, int]]
"""For a channel end, how many objects it has there, and how many more tokens its fifo holds than its channel."""


@dataclass(slots=True)
class Plan:
    """What happens to tokens, by the operation that gets or puts them.

    A get takes the object behind the `held` ones that the core has then; it is read there if it is in `read`. An object
    is given on behind the operation in `after`. A put in `built` has acquired its object before the operation in
    `before`, and its block is that object.
    """

    held: dict[ir.Operation, int] = field(default_factory=dict)
    read: set[ir.Operation] = field(default_factory=set)
    built: set[ir.Operation] = field(default_factory=set)
    before: dict[ir.Operation, list[ir.Operation]] = field(default_factory=dict)
    after: dict[ir.Operation, list[ir.Operation]] = field(default_factory=dict)


@dataclass(slots=True)
class _Planner:
    """A plan under way."""

    places: Positions
    channels: Sequence[ir.OpView]
    room: Room
    used: dict[ir.Value, int] = field(default_factory=dict)
    plan: Plan = field(default_factory=Plan)

    def take(self, gets: Sequence[ir.Operation]) -> None:
        """Plans the gets of one channel in one block, in order.

        Where a get would need more objects than its end has, one that is read in place until then is copied instead.
        """
        copied: set[ir.Operation] = set()
        used = dict(self.used)
        while (crowded := self.taken(gets, copied)) is not None:
            copied.add(crowded)
            self.used = dict(used)

    def taken(self, gets: Sequence[ir.Operation], copied: Collection[ir.Operation]) -> ir.Operation | None:
        """Plans gets, some of them as copies; the one that has to be one too, for want of objects."""
        ends: list[int] = []
        plan: list[tuple[ir.Operation, int, int | None]] = []
        block = self.places.block(gets[0])
        depth, _ = self.room(gets[0].opview.stream)
        for op in gets:
            at = self.places.index(op)
            held = sum(end >= at for end in ends)
            if held + 1 > depth:
                return next(each for each, _, end in plan if end is not None and end >= at)
            end = None if op in copied else self.last_use(op, held)
            ends.append(max([at if end is None else end, *ends]))
            plan.append((op, held, end))
        for (op, held, end), last in zip(plan, ends, strict=True):
            if end is not None:
                self.plan.read.add(op)
            self.plan.held[op] = held
            self.plan.after.setdefault(_at(block, last), []).append(op)
        return None

    def last_use(self, op: ir.Operation, held: int) -> int | None:
        """Where in its block a token is used last that is read in place; None where it is copied."""
        if not isinstance(op.opview, GetBlockOp):
            return None
        stream, block = op.opview.stream, self.places.block(op)
        here = self.places.index(op)
        end = self.reach(op)
        depth, spare = self.room(stream)
        if end is None or held + 1 > depth or self.meets(stream, block, here, end, others=False):
            return None
        if self.used.get(stream, 0) >= spare and self.meets(stream, block, here, end, others=True):
            return None
        self.used[stream] = self.used.get(stream, 0) + 1
        return end

    def reach(self, op: ir.Operation) -> int | None:
        """Where a block is used last that only gets fill, each for the uses behind it; None where it is otherwise."""
        memory, home, here = op.opview.block, self.places.block(op), self.places.index(op)
        if isinstance(memory.owner, ir.Block) or not isinstance(memory.owner.opview, memref.AllocaOp):
            return None
        users = users_of(memory)
        fills = [each for each in users if isinstance(each.opview, GetBlockOp)]
        reads = [each for each in users if each not in fills]
        found = [self.places.within(each, home) for each in fills]
        if any(self.places.block(each) != home for each in fills) or not all(map(_only_reads, reads)):
            return None
        seen = [self.places.within(each, home) for each in reads]
        following = min((at for at in found if at is not None and at > here), default=None)
        if any(at is None or at < min(n for n in found if n is not None) for at in seen):
            return None
        mine = [at for at in seen if at is not None and at > here and (following is None or at < following)]
        return max(mine, default=here)

    def meets(self, stream: ir.Value, block: ir.Block, first: int, last: int, *, others: bool) -> bool:
        """Whether between two places there is an operation on other channels, or one inside another on this one."""
        for op in self.channels:
            at = self.places.within(op.operation, block)
            if at is None or not first < at <= last:
                continue
            same = op.stream == stream
            if same != others and (others or self.places.block(op.operation) != block):
                return True
        return False

    def give(self, op: ir.Operation) -> None:
        """Plans a put: its block is built in its object if it is built anew for it and not used afterwards."""
        memory = op.opview.value
        begin = self.begin(op, memory)
        if begin is None:
            return
        stream, block, here = op.opview.stream, self.places.block(op), self.places.index(op)
        if self.meets(stream, block, begin - 1, here - 1, others=False) or self._puts_between(op, begin):
            return
        _, spare = self.room(stream)
        if self.used.get(stream, 0) >= spare and self.meets(stream, block, begin - 1, here - 1, others=True):
            return
        self.used[stream] = self.used.get(stream, 0) + 1
        self.plan.built.add(op)
        self.plan.before.setdefault(_at(block, begin), []).append(op)

    def _puts_between(self, op: ir.Operation, begin: int) -> bool:
        """Whether another token of the channel is put while this one is built."""
        block, here = self.places.block(op), self.places.index(op)
        same = [each.operation for each in self.channels if each.stream == op.opview.stream]
        at = [self.places.within(each, block) for each in same if each != op]
        return any(each is not None and begin <= each < here for each in at)

    def begin(self, op: ir.Operation, memory: ir.Value) -> int | None:
        """Where in the block of a put its memory is begun anew; None where it is not, or is used behind the put."""
        if not isinstance(memory.type, ir.MemRefType) or isinstance(memory.owner, ir.Block):
            return None
        if not isinstance(memory.owner.opview, memref.AllocaOp):
            return None
        block, here = self.places.block(op), self.places.index(op)
        users = users_of(memory)
        if any(isinstance(each.opview, GetBlockOp) for each in users):
            return None
        seen = [self.places.within(each, block) for each in users]
        if any(at is None or at > here for at in seen) or sum(isinstance(each.opview, PutOp) for each in users) != 1:
            return None
        first = min(at for at in seen if at is not None)
        return first if first < here and overwrites(_at(block, first).opview, memory) else None


def plan_tokens(function: func.FuncOp, room: Room) -> Plan:
    """Plans the tokens of a function."""
    places = Positions(function)
    channels = [op for op in operations(function.entry_block) if isinstance(op, CHANNEL_OPERATIONS)]
    planner = _Planner(places, [op for op in channels if hasattr(op, "stream")], room)
    groups: dict[tuple[ir.Value, ir.Block], list[ir.Operation]] = {}
    peeked = {op.stream for op in channels if isinstance(op, PEEKS)}
    for op in channels:
        if isinstance(op, GetBlockOp | GetOp) and op.stream not in peeked:
            key = next((k for k in groups if k[0] == op.stream and k[1] == places.block(op.operation)), None)
            groups.setdefault(key or (op.stream, places.block(op.operation)), []).append(op.operation)
    for gets in groups.values():
        planner.take(gets)
    for op in channels:
        if isinstance(op, PutOp):
            planner.give(op.operation)
    return planner.plan


def begun_anew(memory: ir.Value) -> bool:
    """Whether a local array is given all its values before any is read."""
    home = memory.owner.block if hasattr(memory.owner, "block") else memory.owner.parent.regions[0].blocks[0]
    for op in home.operations:
        if any(memory in each.operands for each in _with_inner(op) if each.operation != memory.owner):
            return isinstance(op, GetBlockOp) or overwrites(op, memory)
    return True


def _with_inner(op: ir.OpView) -> Iterator[ir.OpView]:
    """An operation and those inside it."""
    yield op
    for region in op.regions:
        for block in region.blocks:
            yield from operations(block)


def overwrites(op: ir.OpView, memory: ir.Value) -> bool:
    """Whether an operation gives every element of an array a value, before it reads any."""
    if isinstance(op, ByReferenceOp):
        return bool(op.direction.value == "out") and _is_zero(op.first)
    counters: list[tuple[ir.Value, int]] = []
    while isinstance(op, scf.ForOp):
        low, high, step = list(op.operands)[:3]
        if not (_is_zero(low) and _constant(step) == 1 and (extent := _constant(high)) is not None):
            return False
        inside = list(op.body.operations)
        counters.append((op.induction_variable, extent))
        using = [each for each in inside if any(use.owner.operation == each.operation for use in memory.uses)]
        nested = [each for each in inside if isinstance(each, scf.ForOp)]
        op = nested[0] if nested and not using else using[0] if len(using) == 1 else inside[-1]
    if not isinstance(op, memref.StoreOp) or op.memref != memory:
        return False
    extents = list(zip(op.indices, memory.type.shape, strict=True))
    return len(counters) == len(extents) and all(pair in counters for pair in extents)


def _only_reads(op: ir.Operation) -> bool:
    view = op.opview
    if isinstance(view, ByReferenceOp):
        return bool(view.direction.value == "in")
    return isinstance(view, memref.LoadOp | PutOp | ExternalOp)


def _constant(value: ir.Value) -> int | None:
    owner = value.owner
    if isinstance(owner, ir.Block) or not isinstance(owner.opview, arith.ConstantOp):
        return None
    return int(owner.opview.attributes["value"].value)


def _is_zero(value: ir.Value) -> bool:
    return _constant(value) == 0


def _at(block: ir.Block, number: int) -> ir.Operation:
    return list(block.operations)[number].operation
