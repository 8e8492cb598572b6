"""Whether a next call of a design finds the array as the first one did."""

from collections.abc import Iterator

from spatial.analysis.loops import inner, is_endless
from spatial.ir.dialect import ByReferenceOp
from spatial.ir.function import kernels, memory_of, operations, stores
from spatial.ir.mlir import func, ir, memref
from spatial.lower.aie.design import Mapped
from spatial.sim.npu.standstill import Course

__all__ = ["kept_behind"]


def kept_behind(mapped: Mapped, course: Course) -> tuple[str, ...]:
    """What a call leaves on the array that the next one must not find, told one by one; nothing where it goes on.

    Stateful memory is not among it, since that lasts. Where only values tell how often channels are used, it is said
    that this is not known.
    """
    unknown = () if course.unknown is None else (f"what a call leaves is not known: {course.unknown.why}",)
    return (*_beginnings(mapped), *_locals(mapped), *course.left, *unknown)


def _beginnings(mapped: Mapped) -> Iterator[str]:
    """The fifos that begin with tokens: behind a call there are others in them."""
    return (f"`{fifo.name}` begins with tokens" for fifo in mapped.fifos if fifo.initial)


def _locals(mapped: Mapped) -> Iterator[str]:
    """The kernels without an end that keep values from one iteration to the next."""
    used = {actor.function for actor in mapped.graph.actors}
    stateful = {memory.name for memory in mapped.graph.memories if memory.stateful}
    for function in kernels(mapped.module):
        if function.name.value not in used:
            continue
        actor = next(each for each in mapped.graph.actors if each.function == function.name.value)
        names = [*[""] * (len(actor.values) + len(actor.channels)), *actor.arrays]
        lasting = {place for place, name in enumerate(names) if name in stateful}
        if any(_keeps(function, loop, lasting) for loop in operations(function.entry_block) if is_endless(loop)):
            yield f"`{actor.kernel}` never ends, and keeps values from one iteration to the next"


def _keeps(function: func.FuncOp, loop: ir.OpView, lasting: set[int]) -> bool:
    """Whether an endless loop writes memory from outside of it, or hands values on."""
    if len(loop.operands):
        return True
    inside = list(inner(loop))
    own = [op.result for op in inside if isinstance(op, memref.AllocaOp)]
    last = [function.arguments[place] for place in lasting]
    written = [memory for op in inside if stores(op) and (memory := _memory(op)) is not None]
    return any(memory not in own and memory not in last for memory in written)


def _memory(op: ir.OpView) -> ir.Value | None:
    """The memory that an operation writes."""
    return op.memory if isinstance(op, ByReferenceOp) else memory_of(op)
