"""Rules about the order in which a DMA walks through memory."""

import math
from collections.abc import Iterator

from spatial.device.npu import TileLimits
from spatial.lower.aie.design import Dimension, End, Fifo, Transfer
from spatial.lower.aie.footprint import WORD, element_bytes
from spatial.lower.aie.rules.errors import Breach
from spatial.lower.aie.rules.subject import Subject

__all__ = [
    "transfer_bounds",
    "transfer_objects",
    "transfer_steps",
    "transfer_words",
    "walk_dimensions",
    "walk_inside",
    "walk_sizes",
    "walk_steps",
    "walk_words",
]

COMPILED = 512
"""The longest dimension of a walk that the vendor's compiler takes; descriptors of memory tiles hold 1023."""


def walk_dimensions(subject: Subject) -> Iterator[Breach]:
    """A walk has as many dimensions as a descriptor."""
    for fifo, end, limits in _walking(subject):
        if len(end.walk) > limits.dimensions:
            yield _breach(subject, fifo, end, f"has {len(end.walk)} dimensions", f"has {limits.dimensions}")


def walk_sizes(subject: Subject) -> Iterator[Breach]:
    """A dimension fits the counter of a descriptor; in a core's a size of 256 would become 0."""
    for fifo, end, limits in _walking(subject):
        most = min(limits.most_size, COMPILED)
        for size, words in zip(*_words(fifo, end), strict=True):
            if words > most or size > COMPILED:
                yield _breach(subject, fifo, end, f"takes {words} steps in one dimension", f"counts to {most}")


def _words(fifo: Fifo, end: End) -> tuple[list[int], list[int]]:
    """The sizes of a walk in elements, and as descriptors count them: the innermost in words."""
    sizes = [size for size, _ in end.walk]
    return sizes, [*sizes[:-1], -(-sizes[-1] * element_bytes(fifo.element) // WORD)]


def walk_steps(subject: Subject) -> Iterator[Breach]:
    """A stride fits a descriptor, and leads on."""
    for fifo, end, limits in _walking(subject):
        for size, stride in end.walk:
            words, most = stride * element_bytes(fifo.element) // WORD, 1 << limits.stride_bits
            if size > 1 and stride < 1:
                yield _breach(subject, fifo, end, f"has a stride of {stride} elements", "steps by 1 at least")
            if words > most:
                yield _breach(subject, fifo, end, f"has a stride of {words} words", f"steps by {most} at most")


def walk_words(subject: Subject) -> Iterator[Breach]:
    """Elements of less than 32 bits are walked in whole words."""
    for fifo, end, _ in _walking(subject):
        yield from _split(fifo, f"the walk of `{fifo.name}` at `{end.node}`", end.walk, 0)


def _split(fifo: Fifo, name: str, walk: tuple[Dimension, ...], offset: int) -> Iterator[Breach]:
    size = element_bytes(fifo.element)
    if size >= WORD:
        return
    *outer, (count, stride) = walk
    if count > 1 and stride != 1:
        yield Breach(
            title=f"{name} steps by {stride} elements of {size} bytes, DMA moves words of {WORD}", span=fifo.span
        )
    odd = [
        count * size % WORD and count,
        *(step for extent, step in outer if extent > 1 and step * size % WORD),
        offset,
    ]
    for number in odd:
        if number * size % WORD:
            yield Breach(
                title=f"{name} moves pieces of {number * size} bytes, DMA moves words of {WORD}",
                span=fifo.span,
                hint=f"move multiples of {WORD // size} elements",
            )


def walk_inside(subject: Subject) -> Iterator[Breach]:
    """A walk stays in its object, and visits as many elements as that has."""
    for fifo, end, _ in _walking(subject):
        size, visited = math.prod(fifo.shape), math.prod(extent for extent, _ in end.walk)
        last = sum((extent - 1) * stride for extent, stride in end.walk)
        if last >= size:
            yield _breach(subject, fifo, end, f"reaches element {last}", f"has {size}", of="an object")
        if visited != size:
            yield _breach(subject, fifo, end, f"visits {visited} elements", f"has {size}", of="an object")


def _walking(subject: Subject) -> Iterator[tuple[Fifo, End, TileLimits]]:
    return (each for each in subject.ends() if each[1].walk)


def _breach(subject: Subject, fifo: Fifo, end: End, does: str, has: str, of: str = "") -> Breach:
    tile = of or f"a descriptor of a {subject.mapped.node[end.node].kind.value}"
    tile = tile.replace("of a core", "of a core tile")
    return Breach(title=f"the walk of `{fifo.name}` at `{end.node}` {does}, {tile} {has}", span=fifo.span)


def transfer_objects(subject: Subject) -> Iterator[Breach]:
    """The transfers of a fifo move whole objects, each some or a part of one, and as many as pass."""
    moved: dict[str, list[Transfer]] = {}
    for transfer in subject.mapped.transfers:
        moved.setdefault(transfer.fifo, []).append(transfer)
    for name, transfers in moved.items():
        fifo = subject.mapped.fifo[name]
        size, elements = math.prod(fifo.shape), sum(each.size for each in transfers)
        if elements % size:
            arrays = ", ".join(f"`{each}`" for each in dict.fromkeys(transfer.array for transfer in transfers))
            yield Breach(
                title=f"transfers of {arrays} move {elements} elements, an object of `{name}` has {size}",
                span=fifo.span,
                label="the last object would never be whole",
            )
        elif elements != fifo.objects * size:
            yield Breach(
                title=f"the host moves {elements} elements through `{name}`, {fifo.objects} objects of {size} pass",
                span=fifo.span,
            )


def transfer_bounds(subject: Subject) -> Iterator[Breach]:
    """A transfer stays in its array."""
    sizes = {array.name: array.type.size for array in subject.mapped.graph.arrays}
    for transfer in subject.mapped.transfers:
        last = transfer.offset + sum((size - 1) * max(stride, 0) for size, stride in transfer.walk)
        first = transfer.offset + sum((size - 1) * min(stride, 0) for size, stride in transfer.walk)
        size = sizes.get(transfer.array)
        if first < 0 or (size is not None and last >= size):
            fifo = subject.mapped.fifo[transfer.fifo]
            yield Breach(
                title=f"a transfer of `{fifo.name}` reaches element {first if first < 0 else last} of "
                f"`{transfer.array}`, which has {size}",
                span=fifo.span,
            )


def transfer_steps(subject: Subject) -> Iterator[Breach]:
    """The strides of a transfer fit the descriptors of a shim."""
    most = 1 << subject.npu.shim.stride_bits
    for transfer in subject.mapped.transfers:
        fifo = subject.mapped.fifo[transfer.fifo]
        for size, stride in transfer.walk[:3]:
            words = stride * element_bytes(fifo.element) // WORD
            if size > 1 and words > most:
                yield Breach(
                    title=f"a transfer of `{transfer.array}` has a stride of {words} words, a shim steps by {most}",
                    span=fifo.span,
                )


def transfer_words(subject: Subject) -> Iterator[Breach]:
    """Elements of less than 32 bits are moved in whole words."""
    for transfer in subject.mapped.transfers:
        fifo = subject.mapped.fifo[transfer.fifo]
        yield from _split(fifo, f"a transfer of `{transfer.array}`", transfer.walk, transfer.offset)
