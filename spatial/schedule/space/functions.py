"""Finds functions, actors and free names of a program, and declares what it has not yet."""

import itertools
from collections.abc import Iterable, Sequence

from spatial.ir.dialect import ActorOp, ChannelOp, MemoryOp, declare_channel
from spatial.ir.function import kernels, parameters, region_function
from spatial.ir.mlir import func, ir
from spatial.schedule.loops.requests import refused
from spatial.types.dtype import DType

__all__ = [
    "actors_of",
    "copied",
    "declare_fifo",
    "functions_of",
    "only_actor",
    "symbol",
    "unused",
]


def symbol(module: ir.Module, wanted: str) -> str:
    """The name, numbered where a function, an actor or a stream of the module has it."""
    taken = {op.name.value for op in module.body.operations if isinstance(op, func.FuncOp)}
    declared = list(region_function(module).entry_block.operations)
    taken |= {op.kernel.value for op in declared if isinstance(op, ActorOp)}
    taken |= {op.stream.value for op in declared if isinstance(op, ChannelOp)}
    number, name = 0, wanted
    while name in taken:
        number, name = number + 1, f"{wanted}_{number + 1}"
    return name


def unused(module: ir.Module, wanted: str) -> str:
    """The name, numbered where a channel or memory of the module has it."""
    region = region_function(module)
    taken = {parameter.name for parameter in parameters(region)}
    for op in region.entry_block.operations:
        match op:
            case ChannelOp():
                taken.add(op.stream.value)
            case MemoryOp():
                taken.add(op.memory.value)
    return next(name for n in itertools.count() if (name := f"{wanted}_{n}" if n else wanted) not in taken)


def actors_of(module: ir.Module, kernel: str) -> list[ActorOp]:
    """The actors of a kernel, in the order of the program."""
    operations = region_function(module).entry_block.operations
    return [op for op in operations if isinstance(op, ActorOp) and op.kernel.value == kernel]


def only_actor(module: ir.Module, function: func.FuncOp) -> ActorOp:
    """The one PE that runs a function; refused where its kernel is a grid."""
    kernel = str(function.attributes["df.kernel"].value)
    actors = actors_of(module, kernel)
    if len(actors) != 1:
        raise refused(f"`{kernel}` is a grid of {len(actors)} PEs already", (actors[0], "unfolded, or mapped, here"))
    return actors[0]


def functions_of(module: ir.Module, actors: Iterable[ActorOp]) -> dict[str, func.FuncOp]:
    """The functions that actors run, by name."""
    wanted = {actor.callee.value for actor in actors}
    return {each.name.value: each for each in kernels(module) if each.name.value in wanted}


def copied(function: func.FuncOp, name: str) -> func.FuncOp:
    """A copy of a function beside it."""
    with ir.InsertionPoint(function):
        made: func.FuncOp = function.operation.clone().opview
    made.attributes["sym_name"] = ir.StringAttr.get(name)
    return made


def declare_fifo(stream: str, indices: Sequence[int], depth: int | None, element: DType) -> None:
    """Declares a channel at the insertion point; one without a depth is left open, for a tool to choose."""
    made = declare_channel(stream, indices, depth or 2, str(element))
    if depth is None:
        made.attributes["df.open"] = ir.UnitAttr.get()
