"""What each tile holds of a placement, and which limits that breaks: an account of its own, without the solver."""

from collections.abc import Mapping
from dataclasses import dataclass

from spatial.device.npu import Kind, Npu, Tile
from spatial.lower.aie.design import Fifo, Mapped
from spatial.lower.aie.placement.demand import (
    RESOURCES,
    Carrier,
    Take,
    carrier_of,
    end_take,
    limit_of,
    shared_take,
    takes,
)
from spatial.lower.aie.placement.model import near

__all__ = ["Overload", "holder_of", "loads_of", "overloads"]


@dataclass(frozen=True, slots=True)
class Overload:
    """A tile that is asked for more of a resource than it has."""

    tile: Tile
    resource: str
    demand: int
    limit: int


def holder_of(fifo: Fifo, tiles: Mapping[str, Tile]) -> Tile:
    """The tile that holds the objects of a fifo between neighbours: the producer's where the consumer reaches it.

    A core reaches west, north and south, so that is the consumer's only where the producer stands east of it.
    """
    producer, consumer = tiles[fifo.producer.node], tiles[fifo.consumers[0].node]
    return consumer if producer[0] > consumer[0] else producer


def loads_of(mapped: Mapped, npu: Npu, tiles: Mapping[str, Tile]) -> Mapping[Tile, Take]:
    """What all tiles hold that hold anything."""
    found: dict[Tile, Take] = {}
    for name, take in takes(mapped, npu).items():
        found[tiles[name]] = found.get(tiles[name], Take()) + take
    for fifo in mapped.fifos:
        if carrier_of(mapped, fifo) is not Carrier.NEAR:
            continue
        if tiles[fifo.consumers[0].node] in near(tiles[fifo.producer.node], npu):
            found[holder_of(fifo, tiles)] += shared_take(fifo)
        else:
            for end in fifo.ends:
                found[tiles[end.node]] += end_take(mapped, fifo, end)
    return found


def overloads(mapped: Mapped, npu: Npu, tiles: Mapping[str, Tile]) -> list[Overload]:
    """The limits that a placement breaks; of two cores on one tile, both are told as one that is asked for twice."""
    broken = [
        Overload(tile, "tiles", len(names), 1) for tile, names in _cores_at(mapped, tiles).items() if len(names) > 1
    ]
    for tile, take in sorted(loads_of(mapped, npu, tiles).items()):
        for resource in RESOURCES:
            limit = limit_of(npu.limits(npu.kind_of(tile)), resource)
            demand = getattr(take, resource)
            if demand > limit:
                broken.append(Overload(tile, resource, demand, limit))
    return broken


def _cores_at(mapped: Mapped, tiles: Mapping[str, Tile]) -> Mapping[Tile, list[str]]:
    found: dict[Tile, list[str]] = {}
    for node in mapped.nodes:
        if node.kind is Kind.CORE:
            found.setdefault(tiles[node.name], []).append(node.name)
    return found
