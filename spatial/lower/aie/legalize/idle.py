"""Actors that need no core: what does nothing, and drains, with the tokens that they get."""

from collections.abc import Collection, Mapping, Sequence

from spatial.ir.dialect import ActorOp, ChannelOp, PutOp
from spatial.ir.function import kernels, region_function
from spatial.ir.graph import ActorGraph, element_name
from spatial.ir.mlir import func, ir
from spatial.ir.retyping import bound_to, replace_actor, with_parameters
from spatial.lower.aie.legalize.roles import Part, Role
from spatial.lower.aie.legalize.unused import drop_unused

__all__ = ["drop_idle"]


def drop_idle(module: ir.Module, graph: ActorGraph, parts: Mapping[str, Part]) -> bool:
    """Takes away actors that do nothing, drains, what is put into them, and the functions that nobody runs then.

    Says whether there are any.
    """
    if not any(part.role in (Role.IDLE, Role.DRAIN) for part in parts.values()):
        return False
    drained = [name for name, part in parts.items() if part.role is Role.DRAIN]
    channels = {channel for name in drained for channel in graph.actor[name].channels}
    _stop_putting(module, graph, channels)
    gone = {*drained, *(name for name, part in parts.items() if part.role is Role.IDLE)}
    for op in list(region_function(module).entry_block.operations):
        match op:
            case ActorOp() if _name(op) in gone:
                op.operation.erase()
            case ChannelOp() if element_name(op.stream.value, tuple(each.value for each in op.indices)) in channels:
                op.operation.erase()
    drop_unused(module)
    return True


def _name(op: ActorOp) -> str:
    return element_name(op.kernel.value, tuple(axis.value for axis in op.pid))


def _stop_putting(module: ir.Module, graph: ActorGraph, channels: Collection[str]) -> None:
    """Actors no longer have channels that they put into; those of a function that lose others get one of their own."""
    lost: dict[str, tuple[int, ...]] = {}
    for channel in graph.channels:
        if channel.name in channels and channel.writer is not None:
            lost[channel.writer.actor] = (*lost.get(channel.writer.actor, ()), channel.writer.position)
    functions = {function.name.value: function for function in kernels(module)}
    made: dict[tuple[str, tuple[int, ...]], func.FuncOp] = {}
    for op in list(region_function(module).entry_block.operations):
        if isinstance(op, ActorOp) and (positions := tuple(sorted(lost.get(_name(op), ())))):
            key = op.callee.value, positions
            if key not in made:
                made[key] = _without(functions[key[0]], positions, f"{key[0]}_{len(made)}_drained")
            given = [each for n, each in enumerate(bound_to(op)) if n not in positions]
            replace_actor(op, made[key], given)


def _without(function: func.FuncOp, positions: Sequence[int], name: str) -> func.FuncOp:
    """A copy of a function that does not put into the channels at some positions, and is not given them."""
    with ir.InsertionPoint(function):
        copy = function.operation.clone().opview
    for position in positions:
        for op in [use.owner for use in copy.arguments[position].uses if isinstance(use.owner, PutOp)]:
            op.operation.erase()
    return with_parameters(copy, [n for n in range(len(copy.arguments)) if n not in positions], name)
