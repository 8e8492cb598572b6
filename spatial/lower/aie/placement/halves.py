"""Which channel of a memory tile each fifo gets from the vendor's compiler, and the descriptors that leaves it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from spatial.device.npu import Kind, Npu, Tile
from spatial.lower.aie.design import Fifo, Mapped
from spatial.lower.aie.placement.demand import held

__all__ = ["Half", "crowded_halves"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """The even or odd channels of a memory tile, and the descriptors that they need, also for each of their fifos."""

    tile: Tile
    name: str
    demand: int
    limit: int
    fifos: tuple[tuple[Fifo, int], ...]


def crowded_halves(mapped: Mapped, npu: Npu, tiles: Mapping[str, Tile]) -> Iterator[Half]:
    """The halves that need more than they have.

    Channels are numbered in the order of fifos, for each direction on its own; an even one uses the first half of the
    tile's descriptors, an odd one the second.
    """
    limit = npu.memory.descriptors // 2
    for tile in sorted({tiles[node.name] for node in mapped.nodes if node.kind is Kind.MEMORY}):
        used: dict[str, list[tuple[Fifo, int]]] = {"even": [], "odd": []}
        inputs = outputs = 0
        for fifo in mapped.fifos:
            if tiles[fifo.producer.node] == tile:
                used["odd" if outputs % 2 else "even"].append((fifo, _descriptors(mapped, fifo, fifo.producer.node)))
                outputs += 1
            for end in fifo.consumers:
                if tiles[end.node] == tile:
                    used["odd" if inputs % 2 else "even"].append((fifo, _descriptors(mapped, fifo, end.node)))
                    inputs += 1
        for name, fifos in used.items():
            demand = sum(count for _, count in fifos)
            if demand > limit:
                yield Half(tile=tile, name=name, demand=demand, limit=limit, fifos=tuple(fifos))


def _descriptors(mapped: Mapped, fifo: Fifo, node: str) -> int:
    """One for each object, and in the whole of a join or distribute for each part of it."""
    for link in mapped.links:
        if link.node == node and fifo.name in (*link.sources, *link.targets):
            joins = len(link.sources) > 1
            whole = mapped.fifo[link.targets[0] if joins else link.sources[0]]
            parts = max(len(link.sources), len(link.targets)) if fifo is whole else 1
            return held(whole, node) * parts
    return held(fifo, node)
