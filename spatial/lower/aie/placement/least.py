"""What a core takes of its tile at least, wherever it and its neighbours stand."""

from collections.abc import Mapping, Sequence
from itertools import product

from spatial.device.npu import Npu, Tile
from spatial.lower.aie.design import Fifo, Mapped, Node
from spatial.lower.aie.placement.demand import Carrier, carrier_of, end_take, limit_of, shared_take
from spatial.lower.aie.placement.errors import Part
from spatial.lower.aie.placement.model import near, tiles_of
from spatial.lower.aie.placement.parts import total_of

__all__ = ["Streams", "least_take", "possible_parts", "streams_of"]

WEST, EAST = (-1, 0), (1, 0)

Streams = Mapping[str, Mapping[str, Sequence[Fifo]]]
"""For each core and each other one, the fifos between them that may be in shared memory."""


def streams_of(mapped: Mapped) -> Streams:
    """The fifos that each core shares with others where they are neighbours."""
    found: dict[str, dict[str, list[Fifo]]] = {node.name: {} for node in mapped.nodes}
    for fifo in mapped.fifos:
        if carrier_of(mapped, fifo) is Carrier.NEAR:
            here, there = (end.node for end in fifo.ends)
            found[here].setdefault(there, []).append(fifo)
            found[there].setdefault(here, []).append(fifo)
    return found


def least_take(npu: Npu, node: Node, parts: Sequence[Part], streams: Streams, mapped: Mapped, resource: str) -> int:
    """What the core takes of a resource on the best tile, beside the best of the cores that it could share memory with.

    It takes its `parts` anywhere. Of each stream between two cores it takes what its end takes by DMA, unless the other
    core is a neighbour; then it takes the objects, where its own tile holds them.
    """
    certain, own = total_of(tuple(parts)), streams[node.name]
    alone = {other: sum(_by_dma(mapped, node, fifo, resource) for fifo in fifos) for other, fifos in own.items()}
    demand = certain + sum(alone.values())
    if demand <= limit_of(npu.core, resource):
        return demand
    around = {_around(tile, npu) for tile in tiles_of(node, npu)}
    return demand - max((_saved(node, own, alone, sides, resource) for sides in around), default=0)


def possible_parts(
    node: Node, parts: Sequence[Part], streams: Streams, mapped: Mapped, resource: str
) -> tuple[Part, ...]:
    """What the core takes line by line: its `parts`, and of streams to other cores as much as it may."""
    own = [fifo for fifos in streams[node.name].values() for fifo in fifos]
    most = [(each, max(_by_dma(mapped, node, each, resource), getattr(shared_take(each), resource))) for each in own]
    return (*parts, *(Part(fifo.name, amount, fifo.span) for fifo, amount in most if amount))


def _by_dma(mapped: Mapped, node: Node, fifo: Fifo, resource: str) -> int:
    end = next(each for each in fifo.ends if each.node == node.name)
    return int(getattr(end_take(mapped, fifo, end), resource))


def _around(tile: Tile, npu: Npu) -> tuple[Tile, ...]:
    return tuple((column - tile[0], row - tile[1]) for column, row in near(tile, npu))


def _saved(
    node: Node, streams: Mapping[str, Sequence[Fifo]], alone: Mapping[str, int], sides: Sequence[Tile], resource: str
) -> int:
    """The most that neighbours save: one west, one east, and those that save most north and south, as there are."""
    gains = {
        side: {other: alone[other] - _held(node, fifos, side, resource) for other, fifos in streams.items()}
        for side in {*sides, (0, 1)}
    }
    beside = [[None, *streams] if side in sides else [None] for side in (WEST, EAST)]
    vertical = sum(side not in (WEST, EAST) for side in sides)
    best = 0
    for west, east in product(*beside):
        if west is not None and west == east:
            continue
        rest = sorted((gain for other, gain in gains[0, 1].items() if other not in (west, east)), reverse=True)
        saved = sum(max(0, gain) for gain in rest[:vertical])
        saved += 0 if west is None else gains[WEST][west]
        saved += 0 if east is None else gains[EAST][east]
        best = max(best, saved)
    return best


def _held(node: Node, fifos: Sequence[Fifo], side: Tile, resource: str) -> int:
    """What streams with a neighbour at that side take: the producer's tile holds them, but the western of two."""
    holds = [side != WEST and (side == EAST or fifo.producer.node == node.name) for fifo in fifos]
    return sum(getattr(shared_take(fifo), resource) for fifo, mine in zip(fifos, holds, strict=True) if mine)
