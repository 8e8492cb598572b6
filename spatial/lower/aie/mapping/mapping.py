"""From a legal program to what is placed."""

from collections.abc import Collection, Iterator, Sequence

from spatial.analysis.counts import token_counts
from spatial.device.npu import Npu
from spatial.ir.graph import ActorGraph
from spatial.ir.mlir import ir
from spatial.ir.pins import Pins, pins_of
from spatial.lower.aie.design import Kind, Mapped, Parameter
from spatial.lower.aie.legalize.legalize import Legal, legalize
from spatial.lower.aie.legalize.roles import Role
from spatial.lower.aie.mapping.builder import UNPINNED, Builder, Supply
from spatial.lower.aie.mapping.groups import grouped
from spatial.lower.aie.mapping.hosts import HostEnd, host_ends
from spatial.lower.aie.mapping.inner import between_cores
from spatial.lower.aie.mapping.lines import lay, lay_through
from spatial.lower.aie.mapping.memory import fitted_depths
from spatial.lower.aie.mapping.passing import passing_of
from spatial.lower.aie.mapping.pinned import lost_pins
from spatial.lower.aie.mapping.streams import stream_ends
from spatial.source.errors import ProgramError
from spatial.source.report import Problem

__all__ = ["map_legal", "map_program"]


def map_program(module: ir.Module, graph: ActorGraph, npu: Npu) -> Mapped:
    """What a program becomes on an NPU; raises `ProgramError` with all that does not fit."""
    return map_legal(legalize(module, graph, npu), pins_of(module), npu)


def map_legal(legal: Legal, pins: Pins, npu: Npu) -> Mapped:
    """What a legal program becomes whose actors, channels and arrays the user wants at some tiles."""
    module, graph, parts = legal.module, legal.graph, legal.parts
    problems: list[Problem] = []
    hosted = [*host_ends(graph, parts), *stream_ends(module, graph, problems)]
    passing = passing_of(module, graph, parts, hosted, npu)
    cores = {name for name, part in parts.items() if part.role is Role.CORE} | passing.cores
    builder = Builder(graph=graph, npu=npu, cores=cores, pins=pins, problems=problems)
    for actor in graph.actors:
        if actor.name in cores:
            builder.node(Kind.CORE, actor.name, actor.span, actor.name, pins.actors.get(actor.name, UNPINNED))
    ends = list(passing.ends.values())
    for fed in ends:
        taken = passing.ends.get((fed.channel.name, False))
        if fed.feeds and taken is not None:
            lay_through(builder, fed, taken)
            ends = [each for each in ends if each.channel != fed.channel]
    supplies = supplies_of(ends)
    for feeds in (True, False):
        for group in grouped(builder, [each for each in supplies if each.first.feeds == feeds]):
            lay(builder, group)
    between_cores(builder, passing, token_counts(module, graph))
    builder.problems += lost_pins(builder)
    if builder.problems:
        raise ProgramError(builder.problems)
    found = Mapped(
        name=graph.name,
        module=module,
        graph=graph,
        nodes=tuple(builder.nodes),
        fifos=tuple(builder.fifos),
        links=tuple(builder.links),
        transfers=tuple(builder.transfers),
        parameters=tuple(_parameters(graph, cores)),
    )
    return fitted_depths(found, npu)


def _parameters(graph: ActorGraph, cores: Collection[str]) -> Iterator[Parameter]:
    """The scalars that cores read."""
    scalars = {scalar.name: scalar.type for scalar in graph.scalars}
    for actor in graph.actors:
        for name in dict.fromkeys(actor.arrays):
            if actor.name in cores and name in scalars:
                yield Parameter(node=actor.name, scalar=name, type=scalars[name])


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
