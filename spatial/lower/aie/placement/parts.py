"""What each line of a program takes of a resource of the tile that it stands on."""

from spatial.device.npu import Kind, Npu
from spatial.lower.aie.design import Fifo, Link, Mapped, Node
from spatial.lower.aie.footprint import element_bytes, locals_of, padded, stack_of
from spatial.lower.aie.placement.demand import Carrier, carrier_of, end_take, link_take, shared_take
from spatial.lower.aie.placement.errors import Part

__all__ = ["WORDS", "parts_of", "total_of"]

WORDS = {
    (Kind.CORE, "tiles"): "core tiles",
    (Kind.CORE, "inputs"): "incoming DMA channels",
    (Kind.CORE, "outputs"): "outgoing DMA channels",
    (Kind.CORE, "memory"): "bytes of data memory",
    (Kind.CORE, "locks"): "locks",
    (Kind.CORE, "descriptors"): "buffer descriptors",
    (Kind.MEMORY, "inputs"): "incoming memory-tile channels",
    (Kind.MEMORY, "outputs"): "outgoing memory-tile channels",
    (Kind.MEMORY, "memory"): "bytes of memory tile",
    (Kind.MEMORY, "locks"): "memory-tile locks",
    (Kind.MEMORY, "descriptors"): "memory-tile buffer descriptors",
    (Kind.MEMORY, "south"): "streams from cores south to a memory tile",
    (Kind.SHIM, "inputs"): "incoming shim channels",
    (Kind.SHIM, "outputs"): "outgoing shim channels",
    (Kind.SHIM, "locks"): "shim locks",
}
"""What a resource of a kind of tile is called."""


def parts_of(mapped: Mapped, npu: Npu, node: Node, resource: str) -> tuple[Part, ...]:
    """What a node takes of a resource wherever it stands, line by line; together that is `takes` of it."""
    if resource == "tiles":
        return (Part(node.name, 1, node.span),)
    if node.kind is Kind.MEMORY:
        found = [part for link in mapped.links if link.node == node.name for part in _linked(mapped, link, resource)]
    else:
        found = [*_own(mapped, npu, node, resource), *_ends(mapped, node, resource)]
    return tuple(part for part in found if part.amount)


def total_of(parts: tuple[Part, ...]) -> int:
    """What parts take together."""
    return sum(part.amount for part in parts)


def _own(mapped: Mapped, npu: Npu, node: Node, resource: str) -> list[Part]:
    scalars = [each for each in mapped.parameters if each.node == node.name]
    if resource == "locks" and scalars:
        return [Part(scalars[0].scalar, 1, node.span)]
    if node.kind is not Kind.CORE or resource != "memory":
        return []
    return [
        Part("stack", stack_of(node, npu), node.span),
        *(Part(each.scalar, padded(element_bytes(each.type)), node.span) for each in scalars),
        *(Part(name, size, span) for name, span, size in locals_of(mapped, node)),
    ]


def _ends(mapped: Mapped, node: Node, resource: str) -> list[Part]:
    found = []
    for fifo in mapped.fifos:
        carrier = carrier_of(mapped, fifo)
        if carrier is Carrier.OWN and fifo.producer.node == node.name:
            found.append(Part(fifo.name, getattr(shared_take(fifo), resource), fifo.span))
        if carrier is Carrier.DMA:
            ends = [end for end in fifo.ends if end.node == node.name]
            found += [Part(fifo.name, getattr(end_take(mapped, fifo, end), resource), fifo.span) for end in ends]
    return found


def _linked(mapped: Mapped, link: Link, resource: str) -> list[Part]:
    match resource:
        case "inputs":
            return [_part(mapped.fifo[name], 1) for name in link.sources]
        case "south":
            fifos = [mapped.fifo[name] for name in link.sources]
            return [_part(fifo, 1) for fifo in fifos if mapped.node[fifo.producer.node].kind is Kind.CORE]
        case "outputs":
            return [_part(mapped.fifo[name], 1) for name in link.targets]
    whole = mapped.fifo[link.targets[0] if len(link.sources) > 1 else link.sources[0]]
    return [_part(whole, getattr(link_take(mapped, link), resource))]


def _part(fifo: Fifo, amount: int) -> Part:
    return Part(fifo.name, amount, fifo.span)
