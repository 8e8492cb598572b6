"""What the memory of a loop is made of, and which of it is kept in registers while the loop runs."""

from collections.abc import Iterator
from dataclasses import dataclass

from spatial.analysis.loops import nest_of
from spatial.analysis.pipelining.banks import Bank, bank_of, shares_bank
from spatial.analysis.pipelining.order import Order
from spatial.analysis.pipelining.places import Nest, Place, nest_space, place_of
from spatial.ir.channels import CHANNEL_OPERATIONS
from spatial.ir.function import memory_of, operations, storage_in, stores
from spatial.ir.layouts import layout_of
from spatial.ir.mlir import ir, memref, scf
from spatial.types.layout import Layout

__all__ = ["Kind", "Memories", "kind_of"]

REGISTERS = 4  # elements up to which a local array is made of registers: Vitis HLS partitions such arrays by itself
WORD = 4096  # bits up to which a block token moves as one word
PORTS = 2  # accesses to one bank in a cycle
SINGLE = "(1P)"  # storage with one port, as `sp.Memory` spells it


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What memory is made of: registers, or RAM with so many `ports` (None: banked as its accesses need).

    With a `layout` each of its banks has so many ports.
    What is `kept` lies in RAM, but the one element that a loop uses stays in a register while the loop runs.
    """

    registers: bool
    ports: int | None = None
    kept: bool = False
    layout: Layout | None = None


def kind_of(memory: ir.Value) -> Kind:
    """What memory is made of, whatever a loop does with it."""
    elements = 1
    for extent in memory.type.shape:
        elements *= extent
    owner = memory.owner
    layout = layout_of(memory)
    if not memory.type.shape or (layout and layout.complete):
        return Kind(registers=True)
    if layout and isinstance(owner, ir.Block):
        return Kind(registers=False, ports=PORTS, layout=layout)
    if isinstance(owner, ir.Block) or not isinstance(owner.opview, memref.AllocaOp):
        return Kind(registers=False)
    if elements <= REGISTERS:
        return Kind(registers=True)
    block = any(isinstance(use.owner, CHANNEL_OPERATIONS) for use in memory.uses)
    if block and elements * _bits(memory.type.element_type) <= WORD:
        return Kind(registers=True)
    if (storage := storage_in(memory)) == "registers":
        return Kind(registers=True)
    return Kind(registers=False, ports=1 if storage.endswith(SINGLE) else PORTS, layout=layout)


def _bits(kind: ir.Type) -> int:
    return 64 if isinstance(kind, ir.IndexType) else int(kind.width)


class Memories:
    """The memory that one loop uses; `places` are the indices of its accesses where they are known.

    What is `private` lives within an iteration, so that each can have its own.
    """

    def __init__(self, order: Order) -> None:
        self.order = order
        loops = nest_of(order.loop)
        self.nest: Nest | None = nest_space(loops)
        self.flattened = len(loops) > 1
        self.places: dict[ir.Operation, tuple[Place, ...] | None] = {}
        self.kinds: dict[ir.Value, Kind] = {}
        self.banks: dict[ir.Operation, Bank | None] = {}
        self.private: set[ir.Value] = set()
        for memory, accesses in order.accesses.items():
            for op in accesses:
                self.places[op.operation] = place_of(op, order.known, self.nest) if self.nest else None
            kind = kind_of(memory)
            if self.is_private(memory):
                self.private.add(memory)
            self.kinds[memory] = Kind(registers=False, kept=True) if self.is_kept(memory, kind) else kind
            for op in accesses if kind.layout else ():
                self.banks[op.operation] = bank_of(self.places[op.operation], kind.layout)

    def kind(self, op: ir.OpView) -> Kind | None:
        """What an access goes to."""
        memory = memory_of(op)
        return None if memory is None else self.kinds[memory]

    def share_bank(self, op: ir.OpView, later: ir.OpView, distance: int) -> bool:
        """Whether an access to the same memory, so many iterations later, may need the same bank."""
        return shares_bank(self.banks.get(op.operation), self.banks.get(later.operation), distance, self.nest)

    def is_kept(self, memory: ir.Value, kind: Kind) -> bool:
        """Whether a loop writes one element only, the same in all iterations of the innermost loop."""
        accesses = self.order.accesses[memory]
        if kind.registers or self.nest is None or not any(map(stores, accesses)):
            return False
        first = self.places[accesses[0].operation]
        if first is None or any(self.places[op.operation] != first for op in accesses):
            return False
        return all(not place.terms.get(self.nest.variables[-1]) for place in first)

    def carried(self, memory: ir.Value) -> bool:
        """Whether what an iteration leaves there is there in the next one."""
        owner = memory.owner
        return (isinstance(owner, ir.Block) or owner not in self.order.known) and memory not in self.private

    def is_private(self, memory: ir.Value) -> bool:
        """Whether a local scalar lives within an iteration: each one stores to it first, and nobody reads it later."""
        owner = memory.owner
        if memory.type.shape or isinstance(owner, ir.Block) or isinstance(self.order.loop, scf.WhileOp):
            return False
        users = [use.owner for use in memory.uses]
        if not all(isinstance(op, memref.LoadOp | memref.StoreOp) for op in users):
            return False
        homes = [_home(op) for op in users if isinstance(op, memref.LoadOp)]
        found = {home.operation: home for home in homes if home is not None}
        around = set(_around(self.order.loop))
        if len([home for home in homes if home is not None]) < len(homes) or not around.isdisjoint(found):
            return False
        return all(_begins_with_store(home, memory) for home in (self.order.loop, *found.values()))


def _around(op: ir.OpView) -> Iterator[ir.Operation]:
    """The operations around one, inner before outer."""
    parent = op.operation.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def _home(op: ir.OpView) -> ir.OpView | None:
    """The counting loop around an operation, the innermost one, whatever branches lie between."""
    parent = op.operation.parent
    while parent is not None and isinstance(parent.opview, scf.IfOp):
        parent = parent.opview.operation.parent
    return parent.opview if parent is not None and isinstance(parent.opview, scf.ForOp) else None


def _begins_with_store(loop: ir.OpView, memory: ir.Value) -> bool:
    """Whether each iteration stores to memory before all else that it does with it."""
    for op in loop.body.operations:
        if isinstance(op, memref.StoreOp) and op.memref == memory:
            return True
        if any(memory in each.operands for each in (op, *_inside(op))):
            return False
    return False


def _inside(op: ir.OpView) -> Iterator[ir.OpView]:
    for region in op.regions:
        for block in region.blocks:
            yield from operations(block)
