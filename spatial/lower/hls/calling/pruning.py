"""Leaves in a module only what some of its actors need."""

from collections.abc import Set

from spatial.ir.dialect import ActorOp, ChannelOp, MemoryOp
from spatial.ir.function import kernels, region_function
from spatial.ir.graph import ActorGraph, element_name
from spatial.ir.mlir import ir

__all__ = ["prune"]


def prune(module: ir.Module, graph: ActorGraph, actors: Set[str], dropped: Set[str]) -> None:
    """Takes away all other actors, their functions, channels and memory; and what is to be `dropped` of these."""
    kept = [graph.actor[name] for name in actors]
    names = {name for actor in kept for name in (*actor.channels, *actor.arrays)} - dropped
    functions = {actor.function for actor in kept}
    for op in list(region_function(module).entry_block.operations):
        match op:
            case ActorOp() if named(op.kernel, op.pid) not in actors:
                op.operation.erase()
            case ChannelOp() if named(op.stream, op.indices) not in names:
                op.operation.erase()
            case MemoryOp() if op.memory.value not in names:
                op.operation.erase()
    for function in kernels(module):
        if function.name.value not in functions:
            function.operation.erase()


def named(name: ir.StringAttr, indices: ir.ArrayAttr) -> str:
    """What an actor or a channel is called."""
    return element_name(name.value, tuple(each.value for each in indices))
