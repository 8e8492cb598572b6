"""What the pipelined loops of a function ask of the layout of memory: room for all accesses of an iteration."""

from collections.abc import Iterator
from dataclasses import dataclass

from spatial.analysis.layout.least import Access, least_layout
from spatial.analysis.loops import innermost, runs_apart
from spatial.analysis.pipeline import schedule_loop
from spatial.analysis.pipelining.memories import PORTS, Memories
from spatial.analysis.pipelining.order import Order
from spatial.ir.function import parameters, stores
from spatial.ir.location import span_of
from spatial.ir.mlir import func, ir, memref
from spatial.source.span import Span
from spatial.types.layout import Layout

__all__ = ["Demand", "demands_in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """The least layout of some memory with which a place in the program gets all that it uses at once, and why."""

    memory: ir.Value
    layout: Layout
    span: Span
    why: str


def demands_in(function: func.FuncOp) -> Iterator[Demand]:
    """What the pipelined loops of a function ask for, in the order of the text."""
    streams = {function.arguments[n]: p.name for n, p in enumerate(parameters(function)) if p.stream}
    for loop in innermost(function):
        if runs_apart(loop):
            continue
        order = Order(loop, streams, set())
        timing, _ = schedule_loop(order, None)
        memories = Memories(order)
        for memory, ops in order.accesses.items():
            if (found := _demanded(order, memories, memory, ops, timing.ii)) is not None:
                yield found


def _demanded(order: Order, memories: Memories, memory: ir.Value, ops: list[ir.OpView], interval: int) -> Demand | None:
    """What one loop asks of one memory; nothing where one bank is enough, or where no layout helps."""
    kind = memories.kinds[memory]
    single = kind.ports == 1
    room = interval * (1 if single else PORTS)
    if kind.kept or (kind.registers and kind.layout is None) or len(ops) <= room:
        return None
    if not all(isinstance(op, memref.LoadOp | memref.StoreOp) for op in ops):
        return None
    accesses = [Access(op=op, places=memories.places[op.operation], stores=stores(op)) for op in ops]
    layout = least_layout(accesses, tuple(memory.type.shape), room, order.exclusive)
    if layout is None:
        return None
    times = "every cycle" if interval == 1 else f"every {interval} cycles"
    return Demand(memory=memory, layout=layout, span=span_of(ops[0].location), why=f"{len(ops)} accesses {times}")
