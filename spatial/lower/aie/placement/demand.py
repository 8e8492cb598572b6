"""What the nodes of a mapped program take of the tiles they stand on, by the rules of the vendor's compiler."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import Enum

from spatial.device.npu import Kind, Npu, TileLimits
from spatial.lower.aie.design import End, Fifo, Link, Mapped, Node
from spatial.lower.aie.footprint import bytes_of, stack_of, used_by_core

__all__ = ["RESOURCES", "Carrier", "Take", "carrier_of", "end_take", "limit_of", "link_take", "shared_take", "takes"]


class Carrier(Enum):
    """What moves the objects of a fifo: DMA, memory that both cores reach if they are neighbours, or a core itself."""

    DMA = "DMA"
    NEAR = "shared memory"
    OWN = "one core"


@dataclass(frozen=True, slots=True)
class Take:
    """Parts of a tile: channels of its DMA into and out of its memory, bytes, locks, and descriptors of buffers."""

    inputs: int = 0
    outputs: int = 0
    memory: int = 0
    locks: int = 0
    descriptors: int = 0

    def __add__(self, other: "Take") -> "Take":
        return Take(
            inputs=self.inputs + other.inputs,
            outputs=self.outputs + other.outputs,
            memory=self.memory + other.memory,
            locks=self.locks + other.locks,
            descriptors=self.descriptors + other.descriptors,
        )


RESOURCES = tuple(field.name for field in fields(Take))


def limit_of(limits: TileLimits, resource: str) -> int:
    """How much of a resource a tile has."""
    return int(getattr(limits, resource))


def carrier_of(mapped: Mapped, fifo: Fifo) -> Carrier:
    """What moves the objects: DMA where an end is no core, there are several consumers, or an end walks."""
    kinds = {mapped.node[end.node].kind for end in fifo.ends}
    if kinds != {Kind.CORE} or len(fifo.consumers) > 1 or any(end.walk for end in fifo.ends):
        return Carrier.DMA
    return Carrier.OWN if fifo.producer.node == fifo.consumers[0].node else Carrier.NEAR


def end_take(mapped: Mapped, fifo: Fifo, end: End) -> Take:
    """What one end of a fifo that DMA carries takes of a core tile or a shim."""
    channel = Take(outputs=1) if end is fifo.producer else Take(inputs=1)
    if mapped.node[end.node].kind is Kind.SHIM:
        return channel + Take(locks=2)
    return channel + Take(memory=end.depth * bytes_of(fifo), locks=2, descriptors=end.depth)


def shared_take(fifo: Fifo) -> Take:
    """What a fifo takes of the one tile whose memory holds its objects."""
    return Take(memory=fifo.producer.depth * bytes_of(fifo), locks=2)


def takes(mapped: Mapped, npu: Npu) -> Mapping[str, Take]:
    """What each node takes wherever it stands; fifos between cores that may be neighbours are left out."""
    taken = {node.name: _alone(mapped, node, npu) for node in mapped.nodes}
    for link in mapped.links:
        taken[link.node] += link_take(mapped, link)
    for fifo in mapped.fifos:
        match carrier_of(mapped, fifo):
            case Carrier.OWN:
                taken[fifo.producer.node] += shared_take(fifo)
            case Carrier.DMA:
                for end in fifo.ends:
                    if mapped.node[end.node].kind is not Kind.MEMORY:
                        taken[end.node] += end_take(mapped, fifo, end)
    return taken


def _alone(mapped: Mapped, node: Node, npu: Npu) -> Take:
    if node.kind is not Kind.CORE:
        return Take()
    told = any(each.node == node.name for each in mapped.parameters)  # a lock says that its numbers are there
    return Take(memory=stack_of(node, npu) + used_by_core(mapped, node), locks=int(told))


def link_take(mapped: Mapped, link: Link) -> Take:
    """What a link takes of its memory tile: the buffers of the larger side, and descriptors of each part on both sides.

    The side with one fifo holds the objects. Its channel has a descriptor for each part of each object, as each part
    has locks of its own.
    """
    joins = len(link.sources) > 1
    whole = mapped.fifo[link.targets[0] if joins else link.sources[0]]
    depth = held(whole, link.node)
    parts = max(len(link.sources), len(link.targets))
    most = max(bytes_of(mapped.fifo[name]) for name in (*link.sources, *link.targets))
    return Take(
        inputs=len(link.sources),
        outputs=len(link.targets),
        memory=depth * (bytes_of(whole) if parts > 1 else most),
        locks=2 * parts,
        descriptors=2 * depth * parts,
    )


def held(fifo: Fifo, node: str) -> int:
    """How many objects of a fifo its end at a node holds."""
    return next(end.depth for end in fifo.ends if end.node == node)
