"""Predicts what a placed design takes, by running its buffers, locks and channels."""

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from spatial.analysis.extraction import NotDecided
from spatial.analysis.figures import Figures
from spatial.device.npu import Npu, Tile, npu
from spatial.lower.aie.design import Fifo, Kind, Mapped, Placement
from spatial.lower.aie.emit.sequence import Step, steps_of
from spatial.lower.aie.emit.storage import stores_of
from spatial.sim.npu.network import CONTROLLER, design_network, moving
from spatial.sim.npu.prediction import CoreUse, Prediction, StreamUse, TileUse
from spatial.sim.timing.engine import TimingEngine
from spatial.sim.timing.figures import figures_of
from spatial.source.span import Span

__all__ = ["NotPredicted", "predict"]


class NotPredicted(Exception):
    """Why a design has no time: only its values tell it, or it stands still, where the `others` also wait."""

    def __init__(self, why: str, span: Span, others: tuple[str, ...] = ()) -> None:
        super().__init__(why)
        self.why = why
        self.span = span
        self.others = others


def predict(
    mapped: Mapped,
    placement: Placement,
    *,
    device: Npu | None = None,
    sequence: Sequence[Step] | None = None,
    scalars: Mapping[str, int] = MappingProxyType({}),
) -> Prediction:
    """The time of a call of a placed design, and what each tile, channel and the host do in it.

    `device` is that of the placement unless another is given, `sequence` the runtime sequence, in rounds unless given;
    `scalars` are values of run-time parameters that decide how often something is done. Runs every lock,
    object and transfer; what repeats itself is leaped over. Raises `NotPredicted` where only values tell how often a
    core uses its channels, and where the design stands still.
    """
    device = device or npu(placement.device)
    steps = steps_of(mapped, placement, device, stores_of(mapped)) if sequence is None else sequence
    try:
        network = design_network(mapped, placement, device, steps, scalars)
    except NotDecided as reason:
        raise NotPredicted(reason.why, reason.span) from None
    figures = figures_of(network, TimingEngine(network).run())
    if figures.deadlock:
        raise _standstill(mapped, figures)
    cores = _cores(mapped, placement, figures)
    streams = tuple(_streams(mapped, placement, figures))
    return Prediction(
        design=mapped.name,
        device=device,
        cycles=figures.cycles,
        cores=cores,
        streams=streams,
        tiles=_tiles(mapped, placement, device, cores, streams, figures.cycles),
        shared=_shared(mapped, placement),
        sequence=figures.processes[CONTROLLER].busy,
    )


def _cores(mapped: Mapped, placement: Placement, figures: Figures) -> tuple[CoreUse, ...]:
    return tuple(
        CoreUse(
            node=node.name,
            tile=placement.tiles[node.name],
            busy=figures.processes[node.name].busy,
            stalled_input=figures.processes[node.name].stalled_input,
            stalled_output=figures.processes[node.name].stalled_output,
        )
        for node in mapped.nodes
        if node.kind is Kind.CORE
    )


def _shared(mapped: Mapped, placement: Placement) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name in placement.memory_of:
        for end in mapped.fifo[name].ends:
            found[end.node] = (*found.get(end.node, ()), name)
    return MappingProxyType(found)


def _streams(mapped: Mapped, placement: Placement, figures: Figures) -> list[StreamUse]:
    return [
        StreamUse(
            fifo=fifo.name,
            source=placement.tiles[fifo.producer.node],
            targets=tuple(placement.tiles[end.node] for end in fifo.consumers),
            objects=fifo.objects,
            bytes=_bytes(fifo),
            busy=figures.processes[moving(fifo.name)].busy,
        )
        for fifo in mapped.fifos
        if fifo.name not in placement.memory_of
    ]


def _tiles(
    mapped: Mapped,
    placement: Placement,
    device: Npu,
    cores: Sequence[CoreUse],
    streams: Sequence[StreamUse],
    cycles: int,
) -> Mapping[Tile, TileUse]:
    """All tiles of the device, those without nodes too."""
    nodes: dict[Tile, list[str]] = {}
    for name, tile in placement.tiles.items():
        nodes.setdefault(tile, []).append(name)
    memory = _memory(mapped, placement, device)
    busy: dict[Tile, int] = {core.tile: core.busy for core in cores}
    for stream in streams:
        for tile in (stream.source, *stream.targets):
            if device.kind_of(tile) is not Kind.CORE:
                busy[tile] = max(busy.get(tile, 0), stream.busy)
    return MappingProxyType(
        {
            tile: TileUse(
                tile=tile,
                kind=device.kind_of(tile),
                nodes=tuple(nodes.get(tile, ())),
                memory=memory.get(tile, 0),
                room=device.limits(device.kind_of(tile)).memory,
                busy=busy.get(tile, 0) / max(1, cycles),
            )
            for tile in device.tiles
        }
    )


def _memory(mapped: Mapped, placement: Placement, device: Npu) -> dict[Tile, int]:
    """The bytes that buffers take where they lie, and stacks; those of links once."""
    found: dict[Tile, int] = {}
    passed = {(link.node, name) for link in mapped.links for name in _smaller(link.sources, link.targets)}
    for fifo in mapped.fifos:
        if fifo.name in placement.memory_of:
            tile = placement.memory_of[fifo.name]
            found[tile] = found.get(tile, 0) + fifo.producer.depth * _bytes(fifo)
            continue
        for end in fifo.ends:
            tile = placement.tiles[end.node]
            if device.kind_of(tile) is not Kind.SHIM and (end.node, fifo.name) not in passed:
                found[tile] = found.get(tile, 0) + end.depth * _bytes(fifo)
    for node in mapped.nodes:
        if node.kind is Kind.CORE:
            tile = placement.tiles[node.name]
            found[tile] = found.get(tile, 0) + (device.core.stack if node.stack is None else node.stack)
    return found


def _smaller(sources: Sequence[str], targets: Sequence[str]) -> Sequence[str]:
    """The fifos of a link whose objects are parts of others there."""
    return sources if len(sources) > 1 else targets


def _bytes(fifo: Fifo) -> int:
    return math.ceil(math.prod(fifo.shape) * fifo.element.bits / 8)


def _standstill(mapped: Mapped, figures: Figures) -> NotPredicted:
    waiting = {name: each.waits[0].link for name, each in figures.processes.items() if each.waits}
    cores = {node.name: node.span for node in mapped.nodes if node.kind is Kind.CORE and node.name in waiting}
    name, span = next(iter(cores.items()), (next(iter(waiting)), mapped.nodes[0].span))
    others = tuple(f"{who} waits for `{what}`" for who, what in waiting.items() if who != name)
    return NotPredicted(f"`{name}` waits for `{waiting[name]}` for ever", span, others)
