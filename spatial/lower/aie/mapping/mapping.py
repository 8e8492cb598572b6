"""From a legal program to what is placed."""

from collections.abc import Iterator, Mapping, Sequence

from spatial.analysis.counts import token_counts
from spatial.device.npu import Npu
from spatial.ir.graph import ActorGraph, Channel
from spatial.ir.mlir import ir
from spatial.lower.aie.design import End, Kind, Mapped, Parameter
from spatial.lower.aie.legalize.legalize import legalize
from spatial.lower.aie.legalize.roles import Part, Role
from spatial.lower.aie.mapping.builder import Builder, Supply
from spatial.lower.aie.mapping.groups import grouped
from spatial.lower.aie.mapping.hosts import HostEnd, host_ends
from spatial.lower.aie.mapping.lines import DOUBLE, lay
from spatial.source.errors import ProgramError

__all__ = ["map_program"]


def map_program(module: ir.Module, graph: ActorGraph, npu: Npu) -> Mapped:
    """What a program becomes on an NPU; raises `ProgramError` with all that does not fit."""
    legal = legalize(module, graph, npu)
    module, graph, parts = legal.module, legal.graph, legal.parts
    builder = Builder(graph=graph, npu=npu, parts=parts)
    for part in parts.values():
        if part.role is Role.CORE:
            builder.node(Kind.CORE, part.actor.name, part.actor.span, part.actor.name)
    supplies = supplies_of(list(host_ends(graph, parts)))
    for feeds in (True, False):
        for group in grouped(builder, [each for each in supplies if each.first.feeds == feeds]):
            lay(builder, group)
    counts = token_counts(module, graph)
    for channel in graph.channels:
        if _between_cores(builder, channel):
            _inner(builder, channel, counts[channel.name].puts or 0)
    if builder.problems:
        raise ProgramError(builder.problems)
    return Mapped(
        name=graph.name,
        module=module,
        graph=graph,
        nodes=tuple(builder.nodes),
        fifos=tuple(builder.fifos),
        links=tuple(builder.links),
        transfers=tuple(builder.transfers),
        parameters=tuple(_parameters(graph, parts)),
    )


def _parameters(graph: ActorGraph, parts: Mapping[str, Part]) -> Iterator[Parameter]:
    """The scalars that cores read."""
    scalars = {scalar.name: scalar.type for scalar in graph.scalars}
    for part in parts.values():
        if part.role is Role.CORE:
            for name in dict.fromkeys(part.actor.arrays):
                if name in scalars:
                    yield Parameter(node=part.actor.name, scalar=name, type=scalars[name])


def supplies_of(ends: Sequence[HostEnd]) -> list[Supply]:
    """What the host feeds to cores and takes from them: the same tokens for several cores are fed to all at once."""
    found: dict[object, list[HostEnd]] = {}
    for end in ends:
        reader = end.channel.reader
        alone = end.channel.name
        core = reader.actor if reader is not None else ""
        key = next(
            (
                (end.key, turn)
                for turn in range(len(ends))
                if core not in _readers(found.get((end.key, turn), []))
            ),
            alone,
        ) if end.feeds else alone  # fmt: skip
        found.setdefault(key, []).append(end)
    return [Supply(ends=tuple(each)) for each in found.values()]


def _readers(ends: Sequence[HostEnd]) -> set[str]:
    return {end.channel.reader.actor for end in ends if end.channel.reader is not None}


def _between_cores(builder: Builder, channel: Channel) -> bool:
    """Whether both ends of a channel are cores."""
    ends = [port for port in (channel.writer, channel.reader) if port is not None]
    return len(ends) == 2 and all(builder.parts[port.actor].role is Role.CORE for port in ends)


def _inner(builder: Builder, channel: Channel, objects: int) -> None:
    """A fifo from core to core."""
    assert channel.writer is not None, "channels have two ends"
    assert channel.reader is not None, "channels have two ends"
    depth = max(channel.depth, DOUBLE)
    builder.fifo(
        builder.symbols.new(channel.name),
        channel,
        End(node=channel.writer.actor, depth=depth),
        [End(node=channel.reader.actor, depth=depth)],
        objects,
        channels=[channel.name],
        initial=channel.initial,
    )
