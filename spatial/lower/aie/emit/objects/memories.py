"""Writes the memory of the module's own that a core uses: constants, and what lasts from run to run."""

import math

from spatial.ir.function import stores
from spatial.ir.graph import Actor
from spatial.ir.graph import Memory as Own
from spatial.ir.mlir import ir
from spatial.lower.aie.design import Mapped
from spatial.lower.aie.emit.body import Body, Memory
from spatial.lower.aie.emit.errors import NotOnNpu
from spatial.lower.aie.emit.fabric import dense
from spatial.lower.aie.emit.objects.copying import copy
from spatial.lower.aie.emit.storage import WORD, Storage
from spatial.source.errors import ProgramError
from spatial.types.tensor import element_of, shape_of

__all__ = ["padded", "take_memories"]

ALIGNED = 32
"""Bytes that an array of one dimension is a multiple of: a vector of 256 bits."""


def take_memories(mapped: Mapped, body: Body, actor: Actor) -> None:
    """Gives the function its memory, with first values in it; what does not last has them in every run."""
    known = {memory.name: memory for memory in mapped.graph.memories}
    first = len(actor.values) + len(actor.channels)
    for argument, name in zip(list(body.function.arguments)[first:], actor.arrays, strict=False):
        if name in known:
            _check_alone(mapped, known[name])
            body.memories[argument] = _made(body, known[name], argument)


def padded(kind: ir.Type) -> ir.Type:
    """An array of a few more rows, so that what lies behind it begins where DMA can: at a whole word at least."""
    rows, *inner = kind.shape
    size = math.prod(inner) * max(kind.element_type.width, 8) // 8
    unit = WORD if inner else ALIGNED
    while rows * size % unit:
        rows += 1
    return ir.MemRefType.get([rows, *inner], kind.element_type)


def _made(body: Body, own: Own, argument: ir.Value) -> Memory:
    storage = Storage(dtype=element_of(own.type))
    shape = shape_of(own.type) or (1,)
    kind = padded(storage.memref(shape))
    more = math.prod(kind.shape) - math.prod(shape)
    zero = (0.0,) if isinstance(own.values[0], float) else (0,)
    initial = dense((*own.values, *(zero * more)), kind.shape, storage)
    name = own.name.replace(".", "_")
    made = Memory(value=body.owner.buffer(name, kind, initial), storage=storage)
    if own.stateful or not any(stores(use.owner) for use in argument.uses):
        return made
    working = Memory(value=body.owner.buffer(f"{name}_now", kind, None), storage=storage)
    copy(made, working)
    return working


def _check_alone(mapped: Mapped, own: Own) -> None:
    """Raises `ProgramError` where several actors use the memory."""
    users = [actor.name for actor in mapped.graph.actors if own.name in actor.arrays]
    if len(users) > 1:
        why = f"{' and '.join(users)} use it, and cores of an NPU have no memory in common"
        raise ProgramError([NotOnNpu(what=f"`{own.name}`", why=why, span=own.span, hint="hand it on as tokens")])
