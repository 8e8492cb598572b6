"""Objects that cores hold: two at each end, so that one side works while the other one moves, where memory allows."""

from collections.abc import Iterator
from dataclasses import replace

from spatial.device.npu import Npu
from spatial.lower.aie.design import End, Fifo, Kind, Mapped, Node
from spatial.lower.aie.footprint import bytes_of, stack_of, traffic, used_by_core

__all__ = ["fitted_depths"]

Place = tuple[str, int]
"""A fifo by name, and which of its ends."""


def fitted_depths(mapped: Mapped, npu: Npu) -> Mapped:
    """The program with fewer objects at the ends of fifos whose other end is no core, where a core's memory is short.

    Those objects are held once of which least passes in a run: a single fifo's where that is enough, else one after the
    other. Fifos between cores keep as many as their channels hold.
    """
    depths: dict[Place, int] = {}
    for node in mapped.nodes:
        if node.kind is Kind.CORE:
            depths |= _of_core(mapped, npu, node)
    if not depths:
        return mapped
    return replace(mapped, fifos=tuple(_with(fifo, depths) for fifo in mapped.fifos))


def _of_core(mapped: Mapped, npu: Npu, node: Node) -> dict[Place, int]:
    """The ends of a core that hold one object in place of several."""
    held = [(fifo, place, end) for fifo in mapped.fifos for place, end in enumerate(fifo.ends) if end.node == node.name]
    size = used_by_core(mapped, node) + stack_of(node, npu)
    missing = size + sum(end.depth * bytes_of(fifo) for fifo, _, end in held) - npu.core.memory
    spare = [each for each in held if each[2].depth > 1 and not _between_cores(mapped, each[0])]
    found: dict[Place, int] = {}
    for fifo, place, end in sorted(spare, key=lambda each: (_saved(*each) < missing, traffic(each[0]))):
        if missing > 0:
            found[fifo.name, place] = 1
            missing -= _saved(fifo, place, end)
    return found


def _saved(fifo: Fifo, place: int, end: End) -> int:
    """The bytes that one object takes less than all of an end."""
    return (end.depth - 1) * bytes_of(fifo)


def _between_cores(mapped: Mapped, fifo: Fifo) -> bool:
    return all(mapped.node[end.node].kind is Kind.CORE for end in fifo.ends)


def _with(fifo: Fifo, depths: dict[Place, int]) -> Fifo:
    producer, *consumers = _ends(fifo, depths)
    return replace(fifo, producer=producer, consumers=tuple(consumers))


def _ends(fifo: Fifo, depths: dict[Place, int]) -> Iterator[End]:
    for place, end in enumerate(fifo.ends):
        yield replace(end, depth=depths.get((fifo.name, place), end.depth))
