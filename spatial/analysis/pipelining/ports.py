"""The ports of memory: how many accesses a cycle has room for, and from which interval on there is room for all."""

from spatial.analysis.loops import body_of
from spatial.analysis.pipelining.interval import memory_name
from spatial.analysis.pipelining.memories import Memories
from spatial.analysis.pipelining.order import Order
from spatial.analysis.pipelining.timing import Limit
from spatial.ir.function import loads, memory_of, stores
from spatial.ir.location import span_of
from spatial.ir.mlir import ir, scf

__all__ = ["Slots", "crowded", "least_of_ports"]


class Slots:
    """Which accesses begin in each of the cycles of an interval, those of overlapping iterations included."""

    def __init__(self, order: Order, memories: Memories, interval: int) -> None:
        self.order = order
        self.memories = memories
        self.interval = interval
        self.busy: dict[tuple[ir.Value, int], list[tuple[ir.OpView, int]]] = {}

    def take(self, op: ir.OpView, stage: int) -> int | None:
        """The first stage from one on in which the bank that an access needs has a port left; None where none has."""
        kind, memory = self.memories.kind(op), memory_of(op)
        if kind is None or kind.ports is None or memory is None:
            return stage
        for late in range(stage, stage + self.interval):
            used = self.busy.setdefault((memory, late % self.interval), [])
            if sum(self.clash(op, late, *other) for other in used) < kind.ports:
                used.append((op, late))
                return late
        return None

    def clash(self, op: ir.OpView, stage: int, other: ir.OpView, taken: int) -> bool:
        """Whether two accesses in one cycle may both happen, to the same bank."""
        if self.order.exclusive(op, other):
            return False
        return self.memories.share_bank(op, other, (stage - taken) // self.interval)


def least_of_ports(order: Order, memories: Memories) -> tuple[int, Limit | None]:
    """The least interval in which each memory's ports can do an iteration's accesses, as far as counting tells.

    Of a memory in banks only accesses count that need the same bank in every iteration.
    """
    found: tuple[int, Limit | None] = (1, None)
    for memory, kind in memories.kinds.items():
        if kind.ports is None:
            continue
        banks = {_bank(memories, op) for op in order.accesses[memory]} - {None} if kind.layout else {None}
        for bank in sorted(banks, key=str):
            needing = [op for op in order.accesses[memory] if not bank or _bank(memories, op) == bank]
            used = sum(_most(block, {op.operation for op in needing}) for block in body_of(order.loop))
            if -(-used // kind.ports) > found[0]:
                why = _why(memory, kind.ports, bank, used)
                found = -(-used // kind.ports), Limit(kind="port", why=why, span=span_of(needing[-1].location))
    return found


def crowded(memories: Memories, op: ir.OpView) -> Limit:
    """Why an access finds no port, although counting has room for it."""
    memory, kind = memory_of(op), memories.kind(op)
    assert memory is not None
    assert kind is not None
    name, others = memory_name(memory), memories.order.accesses[memory]
    used = sum(memories.share_bank(op, other, 0) for other in others)
    each = " per bank" if kind.layout else ""
    why = f"`{name}` has {kind.ports} ports{each}, {used} accesses of an iteration may need the same one"
    return Limit(kind="port", why=why, span=span_of(op.location))


def _bank(memories: Memories, op: ir.OpView) -> tuple[int, ...] | None:
    bank = memories.banks.get(op.operation)
    return bank.fixed if bank else None


def _why(memory: ir.Value, ports: int, bank: tuple[int, ...] | None, used: int) -> str:
    name = memory_name(memory)
    if bank is None:
        return f"`{name}` has {ports} ports, an iteration uses it {used} times"
    return f"`{name}` has {ports} ports per bank, an iteration uses bank {list(bank)} {used} times"


def _most(block: ir.Block, uses: set[ir.Operation]) -> int:
    """How often a run through a block does one of these accesses at most."""
    total = 0
    for op in block.operations:
        branches = [_most(inner, uses) for region in op.regions for inner in region.blocks]
        total += max(branches, default=0) if isinstance(op, scf.IfOp) else sum(branches)
        total += int(op.operation in uses and (loads(op) or stores(op)))
    return total
