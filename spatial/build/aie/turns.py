"""Channels of PEs that take turns on a core: what the host feeds them one after the other goes by one channel."""

from collections.abc import Iterator, Sequence

from spatial.ir.dialect import ActorOp, ChannelOp
from spatial.ir.function import kernels, region_function
from spatial.ir.graph import ActorGraph, Channel, PortRef, actor_graph, element_name
from spatial.ir.mlir import func, ir
from spatial.ir.retyping import bound_to, replace_actor, with_parameters
from spatial.lower.aie.legalize.apart import take_apart
from spatial.lower.aie.legalize.roles import Role, parts_of
from spatial.schedule.space.chaining import chain

__all__ = ["apart", "hosted_sets", "in_turns"]

Set = tuple[str, ...]
"""Channels at one place of PEs that are alike, in the order of their turns."""


def apart(module: ir.Module, graph: ActorGraph) -> None:
    """Lets each channel of a mover of arrays be served by a mover of its own."""
    hosts = [part.actor for part in parts_of(module, graph).values() if part.role is Role.HOST]
    take_apart(module, graph, {actor.name: [[name] for name in actor.channels] for actor in hosts})


def hosted_sets(module: ir.Module, graph: ActorGraph, group: Sequence[str]) -> list[Set]:
    """The channels of PEs, place by place, of which all lead to movers that have nothing else."""
    parts = parts_of(module, graph)
    actors = [graph.actor[name] for name in group]
    found = []
    for names in zip(*(actor.channels for actor in actors), strict=True):
        channels = [graph.channel[name] for name in names]
        if len(set(names)) == len(names) and all(_is_alone(graph, parts, each, group) for each in channels):
            found.append(names)
    return found


def _is_alone(graph: ActorGraph, parts: object, channel: Channel, group: Sequence[str]) -> bool:
    """Whether a channel without initial tokens leads to a mover of arrays that has no other one."""
    assert isinstance(parts, dict)
    other = _other(channel, group)
    if other is None or channel.initial:
        return False
    part = parts[other.actor]
    return part.role is Role.HOST and len(part.actor.channels) == 1


def _other(channel: Channel, group: Sequence[str]) -> PortRef | None:
    """The end of a channel that no PE of a group has."""
    return next((port for port in (channel.writer, channel.reader) if port and port.actor not in group), None)


def in_turns(module: ir.Module, graph: ActorGraph, kernel: str, sets: Sequence[Set], group: Sequence[str]) -> None:
    """Makes one channel of each set: its movers become one, which serves the PEs of `kernel` in turns.

    `graph` is that of the module before the PEs of the `group` became one.
    """
    movers = [[_mover(graph, name, group) for name in names] for names in sets]
    _share(module, kernel, sets)
    for names in sets:
        for op in _actors(module):
            given = [names[0] if each in names else each for each in bound_to(op)]
            if given != bound_to(op):
                replace_actor(op, _function(module, op), given)
        _drop(module, names[1:])
    for each in movers:
        chain(module, actor_graph(module), each)


def _mover(graph: ActorGraph, name: str, group: Sequence[str]) -> str:
    port = _other(graph.channel[name], group)
    assert port is not None, "it was looked at"
    return port.actor


def _share(module: ir.Module, kernel: str, sets: Sequence[Set]) -> None:
    """The actor of a kernel is given the first channel of each set for all of it."""
    (op,) = (each for each in _actors(module) if each.kernel.value == kernel)
    given, function = bound_to(op), _function(module, op)
    gone: set[int] = set()
    for names in sets:
        first, *others = (given.index(name) for name in names)
        for place in others:
            function.arguments[place].replace_all_uses_with(function.arguments[first])
        gone |= set(others)
    kept = [n for n in range(len(given)) if n not in gone]
    replace_actor(op, with_parameters(function, kept), [given[n] for n in kept])


def _actors(module: ir.Module) -> Iterator[ActorOp]:
    return (op for op in list(region_function(module).entry_block.operations) if isinstance(op, ActorOp))


def _function(module: ir.Module, actor: ActorOp) -> func.FuncOp:
    return next(each for each in kernels(module) if each.name.value == actor.callee.value)


def _drop(module: ir.Module, names: Sequence[str]) -> None:
    """Takes away channels."""
    for op in list(region_function(module).entry_block.operations):
        if (
            isinstance(op, ChannelOp)
            and element_name(op.stream.value, tuple(each.value for each in op.indices)) in names
        ):
            op.operation.erase()
