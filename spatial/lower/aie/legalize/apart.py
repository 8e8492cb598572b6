"""Movers of arrays taken apart: each fifo at the host is served by itself, as DMA does."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from spatial.ir.dialect import ActorOp, GetBlockOp, GetOp, PutOp, context
from spatial.ir.function import kernels, region_function
from spatial.ir.graph import Actor, ActorGraph, element_name
from spatial.ir.location import location
from spatial.ir.mlir import ir, memref
from spatial.ir.retyping import bound_to, declare, with_parameters
from spatial.lower.aie.legalize.unused import drop_unused
from spatial.lower.hls.legalize.names import Names
from spatial.source.span import UNKNOWN

__all__ = ["take_apart"]

Groups = Sequence[Collection[str]]
"""The channels of a mover that one fifo, or one link, serves."""


def take_apart(module: ir.Module, graph: ActorGraph, groups: Mapping[str, Groups]) -> None:
    """Makes several movers of each that serves several groups of channels, so that none waits for another's."""
    with context(), location(UNKNOWN):
        splitter = Splitter(module, graph)
        for op in list(region_function(module).entry_block.operations):
            if isinstance(op, ActorOp):
                name = element_name(op.kernel.value, tuple(axis.value for axis in op.pid))
                if len(groups.get(name, ())) > 1:
                    splitter.split(op, graph.actor[name], groups[name])
        drop_unused(module)


class Splitter:
    """Splits actors; functions that come out alike are made once."""

    def __init__(self, module: ir.Module, graph: ActorGraph) -> None:
        self.module = module
        self.names = Names(graph)
        self.functions = {function.name.value: function for function in kernels(module)}
        self.made: dict[tuple[str, tuple[int, ...]], tuple[ir.OpView, list[int]]] = {}

    def split(self, op: ActorOp, actor: Actor, groups: Groups) -> None:
        """Declares a mover for each group in place of one; leaves it as it is where its text does not come apart."""
        first = len(actor.values)
        positions = {name: first + place for place, name in enumerate(actor.channels)}
        kept = [tuple(sorted(positions[name] for name in group)) for group in groups]
        if not all(self.function(actor, each) for each in kept):
            return
        given = bound_to(op)
        for each in kept:
            function, parameters = self.made[actor.function, each]
            with ir.InsertionPoint(op), op.location:
                kernel = self.names.new(actor.kernel)
                declare(function, kernel, list(actor.pid), [given[n] for n in parameters])
        op.operation.erase()

    def function(self, actor: Actor, kept: tuple[int, ...]) -> bool:
        """Makes the function that uses only the channels at some positions; whether there is one."""
        key = actor.function, kept
        if key in self.made:
            return True
        original = self.functions[actor.function]
        with ir.InsertionPoint(original):
            copy = original.operation.clone().opview
        first = len(actor.values)
        others = [n for n in range(first, first + len(actor.channels)) if n not in kept]
        if not all(_forget(copy.arguments[n]) for n in others):
            copy.operation.erase()
            return False
        used = [n for n, argument in enumerate(copy.arguments) if n in kept or any(True for _ in argument.uses)]
        self.made[key] = with_parameters(copy, used, self.names.new(actor.function)), used
        return True


def _forget(stream: ir.Value) -> bool:
    """Takes away what uses a channel, and the stores of what came from it; whether that is all there is."""
    for op in [use.owner for use in stream.uses]:
        match op:
            case PutOp():
                op.operation.erase()
            case GetOp():
                if not _drop_value(op.value):
                    return False
                op.operation.erase()
            case GetBlockOp():
                if not _drop_block(op.block, op):
                    return False
                op.operation.erase()
            case _:
                return False
    return True


def _drop_value(value: ir.Value) -> bool:
    """Takes away the stores of a value into arrays, or by way of a local number of its own."""
    for user in [use.owner for use in value.uses]:
        if not isinstance(user, memref.StoreOp) or user.operands[0] != value:
            return False
        memory = user.memref
        if not isinstance(memory.owner, ir.Block) and not _drop_block(memory, user):
            return False
        user.operation.erase()
    return True


def _drop_block(block: ir.Value, filled: ir.OpView) -> bool:
    """Takes away the stores of a local's elements into arrays, if only one operation fills it."""
    for user in list(_users(block)):
        if user.operation == filled.operation:
            continue
        if not isinstance(user, memref.LoadOp) or not _drop_value(user.result):
            return False
        user.operation.erase()
    return True


def _users(value: ir.Value) -> Iterator[ir.OpView]:
    return (use.owner for use in value.uses)
